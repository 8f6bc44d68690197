import { randomBytes } from 'node:crypto';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { signRequest } from '@/lib/core/http-signature';
import { verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { parseTlogProof } from '@/lib/integrity/tlog-proof';
import {
  type ForeignDecision,
  type ForeignEvidence,
  formatForeignEvidence,
  MAX_FOREIGN_BYTES,
  parseForeignDecision,
} from '@/lib/mesh/foreign-decision';
import { verifyForeignDecision } from '@/lib/mesh/verify-foreign-decision';
import { callService } from '../adapters/call-service';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';
import { newId } from '../random';
import { journal } from '../records/journal';
import { WitnessError } from '../witnesses/witness-adapter';
import { fetchConsistency } from './fetch-consistency';
import { listGivingPeers, type Peer } from './peer-row';
import { findCosigned } from './witness-checkpoint';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Why a peer gave nothing that could be kept; words for the operator, without anything the peer wrote. */
type Failure =
  | { code: 'not_shared' | 'peer_unreachable' | 'peer_refused' }
  | { code: 'foreign_invalid'; check: string };

/**
 * Asks the organisation's peers for a parent decision that is not here, verifies what comes under the pinned key of the
 * peer's log, and keeps it. Not had, it is asked for again with growing pauses; an answer that does not verify is an
 * incident.
 * @returns true when the parent is held afterwards
 */
export async function fetchParent(
  tenant: string,
  id: string,
  { nowMs = clockNowMs(), signal = AbortSignal.timeout(20_000) } = {},
): Promise<boolean> {
  const pool = getPool();
  const known = await pool.query<{ held: boolean; attempts: number; wait: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM foreign_records WHERE tenant = $1 AND id = $2) AS held,
        coalesce((SELECT attempts FROM foreign_attempts WHERE tenant = $1 AND id = $2), 0) AS attempts,
        EXISTS (SELECT 1 FROM foreign_attempts WHERE tenant = $1 AND id = $2 AND next_at > $3) AS wait`,
    [tenant, id, new Date(nowMs)],
  );
  const state = known.rows[0];
  if (!state || state.held || state.wait) return state?.held === true;
  let failure: Failure = { code: 'not_shared' };
  for (const peer of await listGivingPeers(pool, tenant)) {
    const asked = await askPeer(peer, id, signal);
    if ('evidence' in asked) {
      await keep(tenant, id, peer, asked.evidence, nowMs);
      return true;
    }
    failure = asked;
    if (failure.code === 'foreign_invalid') await recordInvalid(tenant, id, peer, failure.check, nowMs);
  }
  await postpone(tenant, id, state.attempts, failure, nowMs);
  return false;
}

async function askPeer(
  peer: Peer,
  id: string,
  signal: AbortSignal,
): Promise<{ evidence: ForeignEvidence } | Failure> {
  const url = `${peer.url}/mesh/v1/decisions/${encodeURIComponent(id)}`;
  const { keyid, seed } = getSigningKey('mesh');
  try {
    const headers = signRequest({
      method: 'GET',
      targetUri: url,
      keyid,
      seed,
      createdS: Math.floor(clockNowMs() / 1000),
      nonce: randomBytes(16).toString('hex'),
    });
    const answer = await callService({
      url,
      method: 'GET',
      headers: { ...headers, accept: 'application/json' },
      signal,
      maxAnswerBytes: MAX_FOREIGN_BYTES,
    });
    if (answer.status === 404) return { code: 'not_shared' };
    if (answer.status !== 200) return { code: 'peer_refused' };
    const decision = parseForeignDecision(answer.body);
    if (!decision.ok) return { code: 'foreign_invalid', check: decision.code };
    const cosigned = await joinCosigned(peer, decision.value, signal);
    if (!cosigned.ok) return { code: 'foreign_invalid', check: cosigned.code };
    const evidence = { decision: decision.value, cosigned: cosigned.value };
    const { checks } = await verifyForeignDecision(evidence, { id, peer: peer.name, vkey: peer.logVkey });
    const wrong = checks.find(({ verdict }) => verdict === 'invalid');
    return wrong ? { code: 'foreign_invalid', check: `${wrong.id}:${wrong.code}` } : { evidence };
  } catch (error) {
    if (error instanceof WitnessError) return { code: 'peer_unreachable' };
    throw error;
  }
}

/** Ties the proof's checkpoint to the one that we cosigned, when there is one. */
async function joinCosigned(
  peer: Peer,
  decision: ForeignDecision,
  signal: AbortSignal,
): Promise<{ ok: true; value: ForeignEvidence['cosigned'] } | { ok: false; code: string }> {
  const key = parseNoteKey(peer.logVkey);
  const bytes = parseBase64(decision.proof);
  const proof = bytes.ok ? parseTlogProof(bytes.value) : bytes;
  if (!key.ok || !proof.ok) return { ok: false, code: key.ok ? 'tlog_proof_syntax' : 'vkey_syntax' };
  const checkpoint = verifyCheckpoint(proof.value.checkpoint, { origin: key.value.name, logKey: key.value });
  if (!checkpoint.ok) return { ok: false, code: checkpoint.code };
  const kept = await findCosigned(getPool(), key.value.name);
  if (!kept) return { ok: true, value: null };
  const sizes = [kept.size, checkpoint.value.size].sort((a, b) => a - b) as [number, number];
  const hashes = await fetchConsistency(peer.url, ...sizes, signal);
  if (!hashes.ok) return { ok: false, code: hashes.code };
  return { ok: true, value: { note: formatBase64(kept.note), proof: hashes.value.map(formatBase64) } };
}

async function keep(
  tenant: string,
  id: string,
  peer: Peer,
  evidence: ForeignEvidence,
  nowMs: number,
): Promise<void> {
  const { stream, position } = evidence.decision;
  await getPool().query(
    `INSERT INTO foreign_records (tenant, id, peer, stream, position, evidence, fetched_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, id) DO NOTHING`,
    [tenant, id, peer.name, stream, position, Buffer.from(formatForeignEvidence(evidence)), new Date(nowMs)],
  );
}

async function postpone(
  tenant: string,
  id: string,
  attempts: number,
  failure: Failure,
  nowMs: number,
): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20));
  await getPool().query(
    `INSERT INTO foreign_attempts (tenant, id, attempts, next_at, last_error) VALUES ($1, $2, 1, $3, $4)
     ON CONFLICT (tenant, id) DO UPDATE SET attempts = foreign_attempts.attempts + 1, next_at = EXCLUDED.next_at,
       last_error = EXCLUDED.last_error`,
    [tenant, id, new Date(nowMs + pauseMs), failure.code],
  );
}

/** A peer that shows something its own log does not bear out: tampering there, on the way, or a fork. */
async function recordInvalid(
  tenant: string,
  id: string,
  peer: Peer,
  check: string,
  nowMs: number,
): Promise<void> {
  await inTransaction((tx) =>
    journal(tx, {
      tenant,
      kind: 'incident',
      id: `incident:foreign_record_invalid:${newId('rec', nowMs)}`,
      body: {
        code: 'foreign_record_invalid',
        peer: peer.name,
        decision_id: id,
        detail: `What ${peer.name} shows of ${id} does not verify: ${check}.`,
      },
      occurredAtMs: nowMs,
    }),
  );
}
