import Link from 'next/link';
import { Id } from '@/components/ui/id';
import { routes } from '@/lib/client/routes';

/** What a look, a request or an erasure is about: a subject's token, a decision, a hold. */
export function TargetLink({ target }: { target: string }) {
  const href = target.startsWith('tok_')
    ? routes.decisions(`subject:${target}`)
    : target.startsWith('hold_')
      ? routes.vault('holds')
      : routes.decision(target);
  return (
    <Link className="link" href={href} prefetch={false}>
      <Id value={target} />
    </Link>
  );
}
