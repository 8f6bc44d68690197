import Link from 'next/link';
import { Id } from '@/components/ui/id';
import { routes } from '@/lib/client/routes';
import { IDENTIFIER_TYPE_NAMES } from '@/lib/vault/identifier-type';
import type { LookAnswer } from '@/lib/vault/look-request';

/** What a look was answered. The identifier stands here and nowhere else: closing the dialog forgets it. */
export function LookResult({ answer }: { answer: LookAnswer }) {
  switch (answer.status) {
    case 'waiting':
      return (
        <p role="status">
          Somebody else has to grant this: it waits under{' '}
          <Link className="link" href={routes.vault('requests')}>
            Requests
          </Link>{' '}
          for a day. Nothing was looked up yet.
        </p>
      );
    case 'unknown':
      return (
        <p role="status">
          The vault has no token for this identifier. That you looked is recorded as{' '}
          <Id value={answer.look} />.
        </p>
      );
    case 'found':
      return (
        <p role="status">
          Its token is <Id value={answer.token} copy />. That you looked is recorded as{' '}
          <Id value={answer.look} />.{' '}
          <Link className="link" href={routes.decisions(`subject:${answer.token}`)}>
            Every decision about it
          </Link>
        </p>
      );
    case 'revealed':
      return (
        <div role="status" className="vreveal">
          <span className="lab">{IDENTIFIER_TYPE_NAMES[answer.type]}</span>
          <b className="mono">{answer.identifier}</b>
          <p>
            That you were shown it is recorded as <Id value={answer.look} />. It is not kept on this page.
          </p>
        </div>
      );
  }
}
