import type { Tx } from '../database/transaction';

/** How long a person has to touch their device, in milliseconds. */
export const CEREMONY_MS = 120_000;

export type CeremonyPurpose = 'register' | 'confirm' | 'sign';

export interface Ceremony {
  tenant: string;
  person: string;
  purpose: CeremonyPurpose;
  /** What is signed, its escalation, and the salt of its reason's digest; only of `sign`. */
  signs: { escalation: string; statement: Uint8Array; reasonSalt: Uint8Array } | null;
}

/**
 * Keeps a challenge until it is taken. One of a kind is open at a time: a new one ends the person's earlier one of the
 * same purpose (and, for signatures, of the same escalation).
 */
export async function openCeremony(
  tx: Tx,
  ceremony: Ceremony & { challenge: Uint8Array },
  { nowMs }: { nowMs: number },
): Promise<void> {
  const { tenant, person, purpose, signs } = ceremony;
  await tx.query('DELETE FROM passkey_ceremonies WHERE expires_at <= $1', [new Date(nowMs)]);
  await tx.query(
    `DELETE FROM passkey_ceremonies WHERE tenant = $1 AND person = $2 AND purpose = $3
        AND escalation IS NOT DISTINCT FROM $4`,
    [tenant, person, purpose, signs?.escalation ?? null],
  );
  await tx.query(
    `INSERT INTO passkey_ceremonies (challenge, tenant, person, purpose, escalation, statement, reason_salt, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ceremony.challenge,
      tenant,
      person,
      purpose,
      signs?.escalation ?? null,
      signs?.statement ?? null,
      signs?.reasonSalt ?? null,
      new Date(nowMs + CEREMONY_MS),
    ],
  );
}

interface Row {
  tenant: string;
  person: string;
  purpose: CeremonyPurpose;
  escalation: string | null;
  statement: Uint8Array | null;
  reason_salt: Uint8Array | null;
}

/** Takes a challenge away, so that it serves nobody again; null when it is unknown, taken or past its time. */
export async function takeCeremony(
  tx: Tx,
  challenge: Uint8Array,
  { nowMs }: { nowMs: number },
): Promise<Ceremony | null> {
  const taken = await tx.query<Row>(
    `DELETE FROM passkey_ceremonies WHERE challenge = $1 AND expires_at > $2
     RETURNING tenant, person, purpose, escalation, statement, reason_salt`,
    [challenge, new Date(nowMs)],
  );
  const row = taken.rows[0];
  if (!row) return null;
  const { tenant, person, purpose, escalation, statement, reason_salt: reasonSalt } = row;
  return {
    tenant,
    person,
    purpose,
    signs:
      escalation && statement && reasonSalt
        ? { escalation, statement: new Uint8Array(statement), reasonSalt: new Uint8Array(reasonSalt) }
        : null,
  };
}
