import Link from 'next/link';
import { Amount } from '@/components/ui/amount';
import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { TierMark } from '@/components/ui/tier-mark';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import type { ValuePart } from '@/lib/evidence/evidence-value';
import { WINDOW_WORDS } from '@/lib/policy/policy-window';
import { TraceId } from './trace-id';

/** A reconstructed value, part by part; what came from outside keeps its hidden characters visible. */
export function ValueParts({ parts }: { parts: readonly ValuePart[] }) {
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity than their place
    <span key={at}>
      {at > 0 && ' '}
      <Part part={part} />
    </span>
  ));
}

/** Ids up to this length stand whole: only what is longer than a line would bear is elided. */
const WHOLE_ID = 28;
const LOOKS_LIKE_AN_ID = /^[A-Za-z0-9]+[_:-][A-Za-z0-9._:/@+-]{16,}$/;

function Part({ part }: { part: ValuePart }) {
  switch (part.kind) {
    case 'text':
      return part.tone === 'strong' ? (
        <b className="med">
          <MarkedText text={part.text} />
        </b>
      ) : (
        <span className={part.tone === 'dim' ? 'dim' : undefined}>
          <MarkedText text={part.text} />
        </span>
      );
    case 'id':
      return <Id value={part.value} whole={part.value.length <= WHOLE_ID} />;
    case 'trace':
      return <TraceId value={part.value} />;
    case 'node':
      return (
        <Link className="link" href={nodeHref(part.node)} prefetch={false}>
          {LOOKS_LIKE_AN_ID.test(part.label) ? <Id value={part.label} /> : <MarkedText text={part.label} />}
        </Link>
      );
    case 'amount':
      return <Amount value={part.amount} currency={part.currency} />;
    case 'tier':
      return <TierMark tier={part.tier} />;
    case 'outcome':
      return <Word tone={part.verdict}>{part.verdict}</Word>;
    case 'guardrail':
      return <Word tone={part.verdict === 'pass' ? 'pass' : 'fail'}>{part.verdict}</Word>;
    case 'verdict':
      return <Word tone={part.verdict === 'approve' ? 'allow' : 'refuse'}>{part.verdict}</Word>;
    case 'time':
      return <Time at={part.at} />;
    case 'duration':
      return <span className="num">{formatDuration(part.ms)}</span>;
    case 'window':
      return (
        <MarkedText
          text={new Map<string, string>(Object.entries(WINDOW_WORDS)).get(part.window) ?? part.window}
        />
      );
  }
}

/** A decision opens as a decision; everything else where it stands in the lineage. */
export function nodeHref(node: string): string {
  return node.startsWith('dec_') ? routes.decision(node) : routes.lineage(node);
}
