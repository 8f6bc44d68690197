import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue, parseJsonValue } from '@/lib/core/json';
import type { AddWitnessRequest, ChangeWitnessRequest } from '@/lib/evidence/witness-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { adapterOf } from './adapters';
import { journalEverywhere } from './journal-everywhere';
import { findWitness, type WitnessRow } from './witness-row';
import { openSecrets, sealSecrets } from './witness-secrets';

type Written = Pick<
  WitnessRow,
  'name' | 'type' | 'settings' | 'every_seconds' | 'enabled' | 'demo' | 'allow_private'
> & {
  secrets: Uint8Array | null;
};

/**
 * Registers a witness and records it in every organisation's journal (the log is one for all of them).
 * @throws ServiceError `witness_exists`, `witness_invalid`
 */
export async function addWitness(
  input: AddWitnessRequest & { demo?: boolean /** Person id, `cli` or `setup`. */; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { settings, secrets } = splitSettings(input.type, input.settings, {});
  const written: Written = {
    name: input.name,
    type: input.type,
    settings,
    secrets: seal(input.name, secrets),
    every_seconds: input.everySeconds,
    enabled: true,
    demo: input.demo ?? false,
    allow_private: input.allowPrivate,
  };
  await inTransaction(async (tx) => {
    const inserted = await tx.query(
      `INSERT INTO witnesses (name, type, settings, secrets, every_seconds, enabled, demo, allow_private, added_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING`,
      [
        written.name,
        written.type,
        JSON.stringify(written.settings),
        written.secrets,
        written.every_seconds,
        written.enabled,
        written.demo,
        written.allow_private,
        new Date(nowMs),
      ],
    );
    if (!inserted.rowCount) throw new ServiceError('witness_exists');
    await record(tx, 'added', written, input.by, nowMs);
  });
}

/**
 * Changes a witness; what is waiting is tried again at once. Its type and name are for ever: receipts rest on them.
 * @throws ServiceError `witness_unknown`, `witness_invalid`
 */
export async function changeWitness(
  input: ChangeWitnessRequest & { by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    const row = await findWitness(input.name, tx, { lock: true });
    if (!row) throw new ServiceError('witness_unknown');
    const kept =
      row.secrets && !input.forgetSecrets ? openSecrets(row.name, new Uint8Array(row.secrets)) : {};
    const { settings, secrets } = splitSettings(row.type, input.settings ?? row.settings, kept ?? {});
    const written: Written = {
      ...row,
      settings,
      // Secrets that do not open under this console's key are left alone until somebody enters them again.
      secrets: kept === null && input.settings === undefined ? row.secrets : seal(row.name, secrets),
      every_seconds: input.everySeconds ?? row.every_seconds,
      enabled: input.enabled ?? row.enabled,
      allow_private: input.allowPrivate ?? row.allow_private,
    };
    await tx.query(
      `UPDATE witnesses SET settings = $2, secrets = $3, every_seconds = $4, enabled = $5, allow_private = $6
        WHERE name = $1`,
      [
        written.name,
        JSON.stringify(written.settings),
        written.secrets,
        written.every_seconds,
        written.enabled,
        written.allow_private,
      ],
    );
    await tx.query('UPDATE witness_jobs SET next_at = $2, attempts = 0 WHERE witness = $1', [
      written.name,
      new Date(nowMs),
    ]);
    const what = written.enabled === row.enabled ? 'changed' : written.enabled ? 'enabled' : 'disabled';
    await record(tx, what, written, input.by, nowMs);
  });
}

/** Parses what was given together with the secrets that are kept, and takes the secrets out again. */
function splitSettings(
  type: WitnessRow['type'],
  given: Record<string, unknown>,
  kept: Record<string, string>,
): { settings: Record<string, unknown>; secrets: Record<string, string> } {
  const adapter = adapterOf(type, given);
  if (!adapter) throw new ServiceError('witness_invalid', `There is no such kind of ${type}.`);
  const whole = { ...kept, ...given };
  const parsed = adapter.settings.safeParse(whole);
  if (!parsed.success || !parseJsonValue(given, { maxDepth: 4 }).ok) {
    const issue = parsed.error?.issues[0];
    throw new ServiceError(
      'witness_invalid',
      `Setting "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'invalid'}.`,
    );
  }
  const entries = Object.entries(whole);
  return {
    settings: Object.fromEntries(entries.filter(([field]) => !adapter.secretFields.includes(field))),
    secrets: Object.fromEntries(
      entries.flatMap(([field, value]) =>
        adapter.secretFields.includes(field) && typeof value === 'string' ? [[field, value]] : [],
      ),
    ),
  };
}

function seal(name: string, secrets: Record<string, string>): Uint8Array | null {
  return Object.keys(secrets).length === 0 ? null : sealSecrets(name, secrets);
}

/** The record tells that and how often, not where: addresses may be confidential, their digest tells a change. */
async function record(tx: Tx, change: string, written: Written, by: string, nowMs: number): Promise<void> {
  const { name, type, settings, every_seconds, enabled, demo, allow_private } = written;
  const digest = formatDigest('sha-256', sha256(utf8(formatCanonicalJson(settings as JsonValue))));
  await journalEverywhere(tx, {
    kind: 'witness.changed',
    body: {
      witness: name,
      type,
      change,
      every_seconds,
      enabled,
      demo,
      allow_private,
      settings_digest: digest,
      by,
    },
    nowMs,
  });
}
