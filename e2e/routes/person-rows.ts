import { randomBytes } from 'node:crypto';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64, formatBase64url } from '@/lib/core/encoding';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { DEFAULT_SCHEDULE } from '@/lib/retention/schedule';
import type { ErrorCode } from '@/lib/server/errors';
import { newId, newSubjectToken } from '@/lib/server/random';
import { DEFAULT_ACCESS_POLICY } from '@/lib/vault/access-policy';
import { type Organisation, ROLE_NAMES } from './world';

export type RoleName = (typeof ROLE_NAMES)[number];
/** The HTTP status of a success, or the code of a refusal. */
export type Expected = number | ErrorCode;

/** What a request may name, of one organisation or of none at all. */
export interface Named {
  tenant: string;
  pending: string;
  decision: string;
  person: string;
  producer: string;
  keyid: string;
  condition: string;
  change: string;
  delegation: string;
  breakGlass: string;
  /** A subject token behind which the vault holds an identifier. */
  token: string;
  /** Waits for a second person. */
  request: string;
  reconciliation: string;
}

export interface PersonRow {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The route file's path. */
  route: string;
  /** The address, with the ids of `named`. */
  path: (named: Named) => string;
  body?: (named: Named) => unknown;
  /** What each role that may ask is answered about its own organisation's things; the others `role_required`. */
  own: Partial<Record<RoleName, Expected>>;
  /** What is answered about another organisation's thing, and about one that does not exist. Absent: it names nothing. */
  foreign?: Expected;
}

const all = (status: Expected): Record<RoleName, Expected> =>
  Object.fromEntries(ROLE_NAMES.map((role) => [role, status])) as Record<RoleName, Expected>;
const queueReaders = { reviewer: 200, senior_reviewer: 200, compliance: 200, auditor: 200 } as const;
const readers = { ...queueReaders, data_protection: 200 } as const;
const vaultReaders = { compliance: 200, data_protection: 200, auditor: 200 } as const;
const deciders = { reviewer: 200, senior_reviewer: 200 } as const;
const encode = encodeURIComponent;
const review = (step: string) => (named: Named) => `/api/v1/escalations/${named.pending}/${step}`;
const newWitnessKey = () =>
  formatNoteKey(
    noteKeyOf('witness.example', NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(new Uint8Array(randomBytes(32)))),
  );
const newKey = () => formatBase64url(publicKeyOf(new Uint8Array(randomBytes(32))));

const AUTHORITY = { roles: ['reviewer'], authority: null };
const BECAUSE = { purpose: 'complaint', caseRef: 'CASE-1' } as const;
const DIGEST = `sha-256:${'0'.repeat(64)}`;
const VERDICT = {
  verdict: 'deny',
  reasonCode: 'looks-manipulated',
  reasonText: 'The payee was never used before.',
  actionDigest: 'A'.repeat(43),
  displayDigest: DIGEST,
  instance: 'none',
  version: 1,
};
const REGISTRATION = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'e30', attestationObject: 'oA', transports: [] },
};
const RECONCILIATION = {
  system: 'core-banking',
  type: 'transfer',
  tools: ['transfer_money'],
  mapping: { id: 'id', amount: null, currency: null, fixedCurrency: null, at: 'at', decimals: 'point' },
  toleranceMinutes: 60,
  content: 'id,at\ntr-1,2026-11-01\n',
};
const BEAT = { visible: true, focused: true, idle: false, sections: ['action'] };

/** Every route that a person calls: who may, and what is answered. */
export const PERSON_ROWS: readonly PersonRow[] = [
  { method: 'GET', route: 'api/v1/frame', path: () => '/api/v1/frame', own: all(200) },
  { method: 'GET', route: 'api/v1/events', path: () => '/api/v1/events', own: all(200) },

  { method: 'GET', route: 'api/v1/escalations', path: () => '/api/v1/escalations', own: queueReaders },
  {
    method: 'GET',
    route: 'api/v1/escalations/[escalationId]',
    path: ({ pending }) => `/api/v1/escalations/${pending}`,
    own: queueReaders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/open',
    path: review('open'),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/claim',
    path: review('claim'),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/release',
    path: review('release'),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/heartbeat',
    path: review('heartbeat'),
    body: () => BEAT,
    own: { reviewer: 'not_opened', senior_reviewer: 'not_opened' },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/decide',
    path: review('decide'),
    body: () => VERDICT,
    own: { reviewer: 'not_opened', senior_reviewer: 'not_opened' },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/prepare',
    path: review('prepare'),
    body: () => VERDICT,
    own: { reviewer: 'not_opened', senior_reviewer: 'not_opened' },
    foreign: 'escalation_unknown',
  },

  // The console of these tests is reached over http, where no browser offers passkeys.
  {
    method: 'POST',
    route: 'api/v1/passkeys/options',
    path: () => '/api/v1/passkeys/options',
    body: () => ({ link: null }),
    own: all('passkeys_unavailable'),
  },
  {
    method: 'POST',
    route: 'api/v1/passkeys',
    path: () => '/api/v1/passkeys',
    body: () => ({ name: 'Phone', registration: REGISTRATION }),
    own: all('passkeys_unavailable'),
  },
  {
    method: 'POST',
    route: 'api/v1/passkeys/retire',
    path: () => '/api/v1/passkeys/retire',
    body: () => ({ passkey: 'pky_none', reason: 'lost' }),
    own: all('passkey_unknown'),
  },
  {
    method: 'POST',
    route: 'api/v1/people/[personId]/passkeys/retire',
    path: ({ person }) => `/api/v1/people/${person}/passkeys/retire`,
    body: () => ({ passkey: 'pky_none', reason: 'lost' }),
    own: { admin: 'passkey_unknown' },
    foreign: 'passkey_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/people/[personId]/passkeys/link',
    path: ({ person }) => `/api/v1/people/${person}/passkeys/link`,
    own: { admin: 201 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/narrow',
    path: review('narrow'),
    body: () => ({ action: {}, actionDigest: 'A'.repeat(43), version: 1 }),
    own: { reviewer: 'not_opened', senior_reviewer: 'not_opened' },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/impression',
    path: review('impression'),
    body: () => ({ impression: 'unsure' }),
    own: { reviewer: 'not_found', senior_reviewer: 'not_found' },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/information',
    path: review('information'),
    body: () => ({ question: 'Which invoice is this for?' }),
    own: { reviewer: 201, senior_reviewer: 201 },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/information/answer',
    path: review('information/answer'),
    body: () => ({ information_id: 'inf_none', answer: 'The invoice is attached.' }),
    own: {
      reviewer: 'role_required',
      senior_reviewer: 'role_required',
      compliance: 'role_required',
      auditor: 'role_required',
    },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/comments',
    path: review('comments'),
    body: () => ({ text: 'The supplier was called today.', carriesVerdict: false }),
    own: { reviewer: 201, senior_reviewer: 201, compliance: 201, auditor: 201 },
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/defer',
    path: review('defer'),
    body: () => ({ until: null, onInformation: true }),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/[escalationId]/raise',
    path: review('raise'),
    body: () => ({ reasonCode: 'unusual_case' }),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/bulk/open',
    path: () => '/api/v1/escalations/bulk/open',
    body: ({ pending }) => ({ ids: [pending] }),
    own: deciders,
    foreign: 'escalation_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/escalations/bulk/decide',
    path: () => '/api/v1/escalations/bulk/decide',
    body: ({ pending }) => {
      const { verdict, reasonCode, reasonText, ...seen } = VERDICT;
      return { verdict, reasonCode, reasonText, items: [{ id: pending, ...seen }] };
    },
    own: deciders,
  },

  { method: 'GET', route: 'api/v1/decisions', path: () => '/api/v1/decisions', own: readers },
  { method: 'GET', route: 'api/v1/decisions/summary', path: () => '/api/v1/decisions/summary', own: readers },
  {
    method: 'GET',
    route: 'api/v1/decisions/export',
    path: () => '/api/v1/decisions/export?format=csv',
    own: readers,
  },
  {
    method: 'GET',
    route: 'api/v1/decisions/searches',
    path: () => '/api/v1/decisions/searches',
    own: readers,
  },
  {
    method: 'POST',
    route: 'api/v1/decisions/searches',
    path: () => '/api/v1/decisions/searches',
    body: () => ({ name: 'Refusals', query: 'outcome:refuse', shared: true }),
    own: { reviewer: 201, senior_reviewer: 201, compliance: 201, data_protection: 201, auditor: 201 },
  },
  {
    method: 'DELETE',
    route: 'api/v1/decisions/searches/[searchId]',
    path: ({ decision }) => `/api/v1/decisions/searches/${decision}`,
    own: {
      reviewer: 'not_found',
      senior_reviewer: 'not_found',
      compliance: 'not_found',
      data_protection: 'not_found',
      auditor: 'not_found',
    },
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/decisions/[decisionId]',
    path: ({ decision }) => `/api/v1/decisions/${decision}`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/decisions/[decisionId]/verification',
    path: ({ decision }) => `/api/v1/decisions/${decision}/verification`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/lineage',
    path: ({ decision }) => `/api/v1/lineage?node=${decision}`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/lineage/closure',
    path: ({ decision }) => `/api/v1/lineage/closure?node=${decision}`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/lineage/path',
    path: ({ decision }) => `/api/v1/lineage/path?from=${decision}&to=${decision}`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/lineage/export',
    path: ({ decision }) => `/api/v1/lineage/export?node=${decision}&format=prov`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/versions',
    path: () => '/api/v1/versions?kind=prompt&name=transfer',
    own: readers,
  },
  {
    method: 'GET',
    route: 'api/v1/versions/content',
    path: () => `/api/v1/versions/content?digest=${DIGEST}`,
    own: {
      reviewer: 'not_found',
      senior_reviewer: 'not_found',
      compliance: 'not_found',
      data_protection: 'not_found',
      auditor: 'not_found',
    },
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/insights',
    path: () => '/api/v1/insights?days=30',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200, admin: 200 },
  },

  {
    method: 'GET',
    route: 'api/v1/attention',
    path: () => '/api/v1/attention?days=30',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200, admin: 200 },
  },
  { method: 'GET', route: 'api/v1/attention/own', path: () => '/api/v1/attention/own', own: deciders },
  {
    method: 'GET',
    route: 'api/v1/attention/own/load',
    path: () => '/api/v1/attention/own/load',
    own: deciders,
  },
  {
    method: 'POST',
    route: 'api/v1/drills',
    path: () => '/api/v1/drills',
    body: () => ({ known: 'bad', withinMinutes: 60 }),
    // Nothing of the past is settled in this world, so there is nothing to make a drill of.
    own: { compliance: 'drill_impossible' },
  },
  {
    method: 'GET',
    route: 'api/v1/insights/split',
    path: () => '/api/v1/insights/split?dimension=tenant&days=7',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200, admin: 200 },
  },
  {
    method: 'GET',
    route: 'api/v1/insights/escalations',
    path: () => '/api/v1/insights/escalations?days=7',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200, admin: 200 },
  },
  {
    method: 'GET',
    route: 'api/v1/alerts',
    path: () => '/api/v1/alerts',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200, admin: 200 },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/alerts',
    path: () => '/api/v1/settings/alerts',
    body: () => ({
      id: `rule-${randomBytes(6).toString('hex')}`,
      settings: { kind: 'silence' },
      enabled: false,
    }),
    own: { admin: 201 },
  },
  {
    method: 'PUT',
    route: 'api/v1/settings/alerts',
    path: () => '/api/v1/settings/alerts',
    body: () => ({ id: 'none', settings: { kind: 'silence' }, enabled: false }),
    own: { admin: 'alert_rule_unknown' },
  },

  { method: 'GET', route: 'api/v1/changes', path: () => '/api/v1/changes', own: all(200) },
  {
    method: 'GET',
    route: 'api/v1/changes/compare',
    path: ({ change }) => `/api/v1/changes/compare?days=7&change=${change}`,
    own: all(200),
    foreign: 'not_found',
  },
  { method: 'GET', route: 'api/v1/integrity', path: () => '/api/v1/integrity', own: all(200) },
  {
    method: 'GET',
    route: 'api/v1/integrity/completeness',
    path: () => '/api/v1/integrity/completeness',
    own: all(200),
  },
  {
    method: 'GET',
    route: 'api/v1/reconciliations',
    path: () => '/api/v1/reconciliations',
    own: { senior_reviewer: 200, compliance: 200, auditor: 200 },
  },
  {
    method: 'POST',
    route: 'api/v1/reconciliations',
    path: () => '/api/v1/reconciliations',
    body: () => RECONCILIATION,
    own: { compliance: 201, auditor: 201 },
  },
  {
    method: 'GET',
    route: 'api/v1/reconciliations/[reconciliationId]',
    path: ({ reconciliation }) => `/api/v1/reconciliations/${reconciliation}`,
    own: { senior_reviewer: 200, compliance: 200, auditor: 200 },
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/reconciliations/[reconciliationId]/export',
    path: ({ reconciliation }) => `/api/v1/reconciliations/${reconciliation}/export`,
    own: { senior_reviewer: 200, compliance: 200, auditor: 200 },
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/integrity/conditions',
    path: () => '/api/v1/integrity/conditions',
    own: all(200),
  },
  {
    method: 'POST',
    route: 'api/v1/integrity/conditions/[conditionId]/check',
    path: ({ condition }) => `/api/v1/integrity/conditions/${condition}/check`,
    own: { compliance: 200, auditor: 200, admin: 200 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/integrity/conditions/[conditionId]/resolve',
    path: ({ condition }) => `/api/v1/integrity/conditions/${condition}/resolve`,
    body: () => ({
      resolution: 'accepted',
      reasonCode: 'loss-explained',
      reasonText: 'Their disk was lost; the branch has the paper.',
    }),
    own: { compliance: 200 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/integrity/log/recover',
    path: () => '/api/v1/integrity/log/recover',
    own: { admin: 'log_running' },
  },
  { method: 'GET', route: 'api/v1/streams', path: () => '/api/v1/streams', own: all(200) },
  {
    method: 'GET',
    route: 'api/v1/streams/records',
    path: ({ producer }) => `/api/v1/streams/records?stream=${encode(producer)}`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/streams/inclusion',
    path: ({ producer }) => `/api/v1/streams/inclusion?stream=${encode(producer)}&position=1`,
    own: readers,
    foreign: 'not_found',
  },
  {
    method: 'GET',
    route: 'api/v1/streams/witnesses',
    path: ({ producer }) => `/api/v1/streams/witnesses?stream=${encode(producer)}&position=1`,
    own: readers,
    foreign: 'not_found',
  },
  { method: 'GET', route: 'api/v1/trust', path: () => '/api/v1/trust', own: all(200) },
  {
    method: 'POST',
    route: 'api/v1/trust/pin',
    path: () => '/api/v1/trust/pin',
    body: () => ({ file: 'witness.vkey', content: formatBase64(utf8(`${newWitnessKey()}\n`)) }),
    own: { admin: 201 },
  },
  {
    method: 'POST',
    route: 'api/v1/trust/unpin',
    path: () => '/api/v1/trust/unpin',
    body: () => ({ kind: 'witness', fingerprint: DIGEST }),
    own: { admin: 'trust_root_unknown' },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/witnesses',
    path: () => '/api/v1/settings/witnesses',
    body: () => ({
      name: `witness-${randomBytes(6).toString('hex')}`,
      type: 'c2sp',
      everySeconds: 0,
      settings: { address: 'https://witness.example', vkey: newWitnessKey() },
      allowPrivate: false,
    }),
    own: { admin: 201 },
  },
  {
    method: 'PUT',
    route: 'api/v1/settings/witnesses',
    path: () => '/api/v1/settings/witnesses',
    body: () => ({ name: 'none', enabled: false }),
    own: { admin: 'witness_unknown' },
  },

  {
    method: 'POST',
    route: 'api/v1/settings/notifications',
    path: () => '/api/v1/settings/notifications',
    body: () => ({
      name: `hook-${randomBytes(6).toString('hex')}`,
      type: 'webhook',
      settings: { url: 'https://hooks.example/countersign' },
      kinds: [],
    }),
    own: { admin: 201 },
  },
  {
    method: 'PUT',
    route: 'api/v1/settings/notifications',
    path: () => '/api/v1/settings/notifications',
    body: () => ({ name: 'none', enabled: false }),
    own: { admin: 'channel_unknown' },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/notifications/test',
    path: () => '/api/v1/settings/notifications/test',
    body: () => ({ name: 'none' }),
    own: { admin: 'channel_unknown' },
  },
  {
    method: 'PUT',
    route: 'api/v1/notifications/preferences',
    path: () => '/api/v1/notifications/preferences',
    body: () => ({ kinds: ['alert'], quiet: { from: 1320, to: 420 }, timeZone: 'Europe/London' }),
    own: all(200),
  },
  {
    method: 'POST',
    route: 'api/v1/evidence',
    path: () => '/api/v1/evidence',
    body: ({ decision }) => ({ scope: { kind: 'decision', decision }, purpose: 'internal-audit' }),
    own: { compliance: 200, auditor: 200 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/evidence/preview',
    path: () => '/api/v1/evidence/preview',
    body: ({ decision }) => ({ scope: { kind: 'decision', decision } }),
    own: { compliance: 200, auditor: 200 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/evidence/cer',
    path: () => '/api/v1/evidence/cer',
    body: ({ decision }) => ({ decision, purpose: 'internal-audit' }),
    // Nothing of this decision but its record was ever handed over.
    own: { compliance: 'cer_unavailable' },
    foreign: 'not_found',
  },

  {
    method: 'GET',
    route: 'api/v1/decisions/[decisionId]/contents',
    path: ({ decision }) => `/api/v1/decisions/${decision}/contents`,
    own: readers,
    foreign: 'not_found',
  },
  {
    // Compliance reads what nobody else may without a grant; this decision's own contents were never handed over.
    method: 'POST',
    route: 'api/v1/decisions/[decisionId]/payloads',
    path: ({ decision }) => `/api/v1/decisions/${decision}/payloads`,
    body: () => ({ ref: 'payload/none', ...BECAUSE }),
    own: {
      compliance: 'not_found',
      data_protection: 'role_required',
      auditor: 'role_required',
      reviewer: 'role_required',
      senior_reviewer: 'role_required',
    },
    foreign: 'not_found',
  },
  { method: 'GET', route: 'api/v1/vault', path: () => '/api/v1/vault', own: vaultReaders },
  { method: 'GET', route: 'api/v1/vault/looks', path: () => '/api/v1/vault/looks', own: vaultReaders },
  {
    method: 'POST',
    route: 'api/v1/vault/find',
    path: () => '/api/v1/vault/find',
    body: () => ({ type: 'mrn', identifier: 'MRN-1', ...BECAUSE }),
    own: { compliance: 200, data_protection: 200 },
  },
  {
    method: 'POST',
    route: 'api/v1/vault/reveal',
    path: () => '/api/v1/vault/reveal',
    body: ({ token }) => ({ token, ...BECAUSE }),
    own: { compliance: 200, data_protection: 200 },
    foreign: 'subject_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/vault/requests',
    path: () => '/api/v1/vault/requests',
    body: ({ decision }) => ({ kind: 'payload', target: decision, ...BECAUSE }),
    own: { compliance: 201, data_protection: 201, auditor: 201 },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/vault/requests/[requestId]/decide',
    path: ({ request }) => `/api/v1/vault/requests/${request}/decide`,
    body: () => ({ decision: 'refuse' }),
    own: { compliance: 200, data_protection: 200 },
    foreign: 'request_unknown',
  },
  {
    // Only whoever asked takes the answer.
    method: 'POST',
    route: 'api/v1/vault/requests/[requestId]/take',
    path: ({ request }) => `/api/v1/vault/requests/${request}/take`,
    own: { compliance: 'request_unknown', data_protection: 'request_unknown' },
    foreign: 'request_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/vault/holds',
    path: () => '/api/v1/vault/holds',
    body: () => ({
      scope: { subjects: [], agents: ['nobody'], from: null, until: null, caseRef: null },
      caseRef: 'CASE-1',
      reasonCode: 'litigation',
      reasonText: 'A claim is expected.',
    }),
    own: { compliance: 201, data_protection: 201 },
  },
  {
    method: 'PUT',
    route: 'api/v1/vault/retention',
    path: () => '/api/v1/vault/retention',
    body: () => ({ schedule: DEFAULT_SCHEDULE, baseVersion: 0 }),
    own: { compliance: 200 },
  },
  {
    method: 'PUT',
    route: 'api/v1/vault/policy',
    path: () => '/api/v1/vault/policy',
    body: () => ({ policy: DEFAULT_ACCESS_POLICY, baseVersion: 0 }),
    own: { data_protection: 200 },
  },

  {
    method: 'GET',
    route: 'api/v1/people',
    path: () => '/api/v1/people',
    own: { compliance: 200, data_protection: 200, auditor: 200, admin: 200 },
  },
  {
    method: 'POST',
    route: 'api/v1/people',
    path: () => '/api/v1/people',
    body: () => ({ email: `new.${randomBytes(6).toString('hex')}@example.org`, name: 'New', ...AUTHORITY }),
    own: { admin: 201 },
  },
  {
    method: 'PUT',
    route: 'api/v1/people/[personId]/authority',
    path: ({ person }) => `/api/v1/people/${person}/authority`,
    body: () => AUTHORITY,
    own: { admin: 200 },
    foreign: 'not_found',
  },
  {
    method: 'DELETE',
    route: 'api/v1/people/[personId]/authority',
    path: ({ person }) => `/api/v1/people/${person}/authority`,
    own: { admin: 200 },
    foreign: 'not_found',
  },

  {
    method: 'POST',
    route: 'api/v1/people/[personId]/links',
    path: ({ person }) => `/api/v1/people/${person}/links`,
    body: () => ({ kind: 'subject', value: `tok_${randomBytes(16).toString('hex')}` }),
    own: { compliance: 201, admin: 201 },
    foreign: 'not_found',
  },

  {
    method: 'POST',
    route: 'api/v1/people/[personId]/links/end',
    path: ({ person }) => `/api/v1/people/${person}/links/end`,
    // A link that nobody made: whoever may end one is told so.
    body: () => ({
      link: { kind: 'subject', value: `tok_${randomBytes(16).toString('hex')}` },
      reasonCode: 'mistaken',
      reasonText: 'It was another customer of that name.',
    }),
    own: { compliance: 'not_found' },
    foreign: 'not_found',
  },

  { method: 'GET', route: 'api/v1/delegations', path: () => '/api/v1/delegations', own: all(200) },
  {
    method: 'POST',
    route: 'api/v1/delegations',
    path: () => '/api/v1/delegations',
    // To somebody who is nobody here: whoever may lend is told so.
    body: () => ({
      to: newId('per'),
      authority: null,
      from: new Date().toISOString(),
      until: new Date(Date.now() + 3_600_000).toISOString(),
      reasonCode: 'leave',
      reasonText: 'Away for the afternoon.',
    }),
    own: { reviewer: 'delegation_unfit', senior_reviewer: 'delegation_unfit' },
  },
  {
    method: 'POST',
    route: 'api/v1/delegations/[delegationId]/revoke',
    path: ({ delegation }) => `/api/v1/delegations/${delegation}/revoke`,
    own: {
      reviewer: 200,
      senior_reviewer: 200,
      compliance: 200,
      admin: 200,
    },
    foreign: 'not_found',
  },
  { method: 'GET', route: 'api/v1/break-glass', path: () => '/api/v1/break-glass', own: all(200) },
  {
    method: 'POST',
    route: 'api/v1/break-glass',
    path: () => '/api/v1/break-glass',
    body: () => ({ reasonCode: 'outage', reasonText: 'The payment network is down.' }),
    own: { reviewer: 'break_glass_off', senior_reviewer: 'break_glass_off', compliance: 'break_glass_off' },
  },
  {
    method: 'POST',
    route: 'api/v1/break-glass/[breakGlassId]/confirm',
    path: ({ breakGlass }) => `/api/v1/break-glass/${breakGlass}/confirm`,
    own: { reviewer: 'break_glass_off', senior_reviewer: 'break_glass_off', compliance: 'break_glass_off' },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/break-glass/[breakGlassId]/close',
    path: ({ breakGlass }) => `/api/v1/break-glass/${breakGlass}/close`,
    own: {
      reviewer: 'break_glass_state',
      senior_reviewer: 'break_glass_state',
      compliance: 'break_glass_state',
    },
    foreign: 'not_found',
  },
  {
    method: 'POST',
    route: 'api/v1/break-glass/[breakGlassId]/review',
    path: ({ breakGlass }) => `/api/v1/break-glass/${breakGlass}/review`,
    body: () => ({ finding: 'justified', findingText: 'The outage was real and short.' }),
    own: { compliance: 'break_glass_state' },
    foreign: 'not_found',
  },

  { method: 'GET', route: 'api/v1/policies', path: () => '/api/v1/policies', own: all(200) },
  {
    method: 'POST',
    route: 'api/v1/policies',
    path: () => '/api/v1/policies',
    body: () => ({ text: '{}', baseVersion: 1 }),
    own: { admin: 'policy_invalid' },
  },
  {
    method: 'POST',
    route: 'api/v1/policies/simulate',
    path: () => '/api/v1/policies/simulate',
    body: () => ({ text: JSON.stringify(paymentPolicyInput()), days: 7 }),
    own: all(200),
  },
  {
    method: 'POST',
    route: 'api/v1/settings/producers',
    path: () => '/api/v1/settings/producers',
    body: () => ({
      id: `spiffe://example.org/new/${randomBytes(6).toString('hex')}`,
      name: 'New',
      kind: 'agent',
      publicKey: newKey(),
    }),
    own: { admin: 201 },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/producers/keys',
    path: () => '/api/v1/settings/producers/keys',
    body: ({ producer }) => ({ producer, publicKey: newKey() }),
    own: { admin: 201 },
    foreign: 'producer_unknown',
  },
  {
    method: 'PUT',
    route: 'api/v1/settings/producers/rhythm',
    path: () => '/api/v1/settings/producers/rhythm',
    body: ({ producer }) => ({ producer, expectedSeconds: 300 }),
    own: { admin: 200 },
    foreign: 'producer_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/settings/producers/retire-key',
    path: () => '/api/v1/settings/producers/retire-key',
    body: ({ producer, keyid }) => ({ producer, keyid }),
    own: { admin: 200 },
    foreign: 'producer_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/settings/producers/disable',
    path: () => '/api/v1/settings/producers/disable',
    body: ({ producer }) => ({ producer }),
    own: { admin: 200 },
    foreign: 'producer_unknown',
  },
  {
    method: 'POST',
    route: 'api/v1/settings/peers',
    path: () => '/api/v1/settings/peers',
    body: () => {
      const name = `peer-${randomBytes(6).toString('hex')}.example`;
      const key = publicKeyOf(new Uint8Array(randomBytes(32)));
      const logVkey = formatNoteKey(noteKeyOf(`${name}/log`, NOTE_KEY_TYPE.ed25519, key));
      return { name, url: `https://${name}`, logVkey, publicKey: newKey() };
    },
    own: { admin: 201 },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/peers/shares',
    path: () => '/api/v1/settings/peers/shares',
    body: () => ({ peer: 'nobody', gives: true, takes: true }),
    own: { admin: 'peer_unknown' },
  },
  {
    method: 'POST',
    route: 'api/v1/settings/keys',
    path: () => '/api/v1/settings/keys',
    body: () => ({ purpose: 'journal', compromised: false }),
    own: { admin: 201 },
  },
  {
    method: 'POST',
    route: 'api/v1/tenants/current',
    path: () => '/api/v1/tenants/current',
    body: ({ tenant }) => ({ tenant }),
    own: all(200),
    foreign: 'not_found',
  },
];

/** What exists in an organisation. */
export function namesOf(organisation: Organisation): Named {
  const { tenant, pending, decision, condition, change, delegation, breakGlass, members, gateway } =
    organisation;
  const { token, request } = organisation;
  const { reconciliation } = organisation;
  return {
    token,
    request,
    tenant,
    pending,
    decision,
    condition,
    change,
    delegation,
    breakGlass,
    reconciliation,
    person: members.auditor.id,
    producer: gateway.id,
    keyid: gateway.keyid,
  };
}

/** Well-formed names of nothing. */
export function namesOfNothing(): Named {
  return {
    token: newSubjectToken(),
    request: newId('vrq'),
    tenant: `none-${randomBytes(4).toString('hex')}`,
    pending: newId('esc'),
    decision: newId('dec'),
    condition: newId('cnd'),
    change: newId('rec'),
    delegation: newId('dlg'),
    breakGlass: newId('bgl'),
    reconciliation: newId('rcn'),
    person: newId('per'),
    producer: `spiffe://example.org/none/${randomBytes(6).toString('hex')}`,
    keyid: randomBytes(16).toString('hex'),
  };
}
