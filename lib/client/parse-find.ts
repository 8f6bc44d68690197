import { formatSearchQuery, parseSearchQuery } from '@/lib/decisions/search-query';
import { routes } from './routes';

/** A place that a pasted text leads to. `note` says what is not known about it yet. */
export type Find = { kind: FindKind; label: string; href: string; note?: string };

export type FindKind =
  | 'decision'
  | 'escalation'
  | 'approval'
  | 'record'
  | 'subject'
  | 'trace'
  | 'digest'
  | 'search';

export type FindAnswer = { finds: Find[]; problem?: 'unreadable_token' | 'too_long' };

const MAX_CHARACTERS = 16_384;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const OWN_ID = new RegExp(`^(dec|esc|apr|rec)_${UUID}$`);
const SUBJECT = /^tok_[0-9a-f]{32}$/;
const TRACE = /^[0-9a-f]{32}$/;
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const DIGEST = /^(?:sha-256:[0-9a-f]{64}|(?:sha3-512|blake2b-512):[0-9a-f]{128})$/;
const JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Where a text that somebody typed or pasted (attacker-controlled) can lead: our ids, subject tokens, trace ids and
 * W3C `traceparent`, digests, compact JWS, search terms. The text itself never becomes part of an address unless it is
 * one of these; a token never does, only the ids in its claims, and those are *claimed* until its signature is checked.
 */
export function parseFind(text: string): FindAnswer {
  const trimmed = text.trim();
  if (trimmed === '') return { finds: [] };
  if (trimmed.length > MAX_CHARACTERS) return { finds: [], problem: 'too_long' };
  const id = trimmed.toLowerCase();

  if (OWN_ID.test(id)) return { finds: [findId(id)] };
  if (SUBJECT.test(id)) {
    return {
      finds: [{ kind: 'subject', label: `Decisions about ${id}`, href: routes.decisions(`subject:${id}`) }],
    };
  }
  const trace = TRACEPARENT.exec(id)?.[1] ?? (TRACE.test(id) ? id : undefined);
  if (trace !== undefined) {
    return {
      finds: [
        { kind: 'trace', label: `Decisions of trace ${trace}`, href: routes.decisions(`trace:${trace}`) },
      ],
    };
  }
  if (DIGEST.test(id))
    return { finds: [{ kind: 'digest', label: 'What this digest touches', href: routes.lineage(id) }] };
  if (JWS.test(trimmed)) return parseToken(trimmed);
  const query = parseSearchQuery(trimmed);
  if (query.ok && query.value.length > 0) {
    const words = formatSearchQuery(query.value);
    return { finds: [{ kind: 'search', label: `Search ${words}`, href: routes.decisions(words) }] };
  }
  return { finds: [] };
}

function findId(id: string): Find {
  if (id.startsWith('dec_'))
    return { kind: 'decision', label: 'Open the decision', href: routes.decision(id) };
  if (id.startsWith('esc_'))
    return { kind: 'escalation', label: 'Open the escalation', href: routes.escalation(id) };
  if (id.startsWith('apr_'))
    return { kind: 'approval', label: 'Open the approval in its lineage', href: routes.lineage(id) };
  return { kind: 'record', label: 'Open the record in its lineage', href: routes.lineage(id) };
}

/** The ids that a compact JWS claims. Its signature is not looked at here. */
function parseToken(jws: string): FindAnswer {
  const claims = decodeClaims(jws.split('.')[1] ?? '');
  const claimed = [claims?.task_id, claims?.jti].filter(
    (id): id is string => typeof id === 'string' && /^(?:esc|apr)_/.test(id) && OWN_ID.test(id),
  );
  if (claimed.length === 0) return { finds: [], problem: 'unreadable_token' };
  const note = 'named by the pasted token, signature not checked yet';
  return { finds: claimed.map((id) => ({ ...findId(id), note })) };
}

function decodeClaims(part: string): Record<string, unknown> | null {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
