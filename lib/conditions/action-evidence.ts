/** What is known of one action when its token is issued or redeemed: its own records with their neighbours, no more. */
import type { SequenceGap } from '@/lib/producers/decide-sequence';

/** One stored record between its neighbours. All bytes are as the database has them: attacker-controlled. */
export interface StoredRecord {
  stream: string;
  /** From 1. */
  position: number;
  /** The stored row; null when a place is named at which nothing is stored. */
  row: { id: string; envelope: Uint8Array; link: Uint8Array; acceptedAtMs: number } | null;
  /** Link of the record before; null when that is not stored (and the position is not 1). */
  linkBefore: Uint8Array | null;
  /** The record after, when there is one. */
  after: { envelope: Uint8Array; link: Uint8Array } | null;
  /** The leaf that the log holds for this place; null while no checkpoint covers it. */
  leaf: Uint8Array | null;
}

/** A key that may have signed in a stream, with its validity as registered. */
export interface KnownKey {
  keyid: string;
  publicKey: Uint8Array;
  producer: string;
  validFromMs: number | null;
  retiredAtMs: number | null;
}

export interface ActionEvidence {
  nowMs: number;
  escalation: {
    id: string;
    gateway: string;
    /** RFC 7638 thumbprint of the key with which the gateway asked. */
    gatewayKey: string;
    decision: string | null;
    evaluation: string;
    actionDigest: string;
    agent: string;
    principal: string | null;
    tool: string;
    policyDigest: string;
  };
  gatewayKey: {
    producer: string;
    validFromMs: number;
    retiredAtMs: number | null;
    disabledAtMs: number | null;
  } | null;
  /** Places that the search names under the decision's id. */
  decisionPlaces: readonly { stream: string; position: number }[];
  decision: StoredRecord | null;
  submitted: StoredRecord | null;
  reviews: readonly {
    id: string;
    person: string;
    statement: Uint8Array;
    statementDigest: string;
    record: StoredRecord;
  }[];
  /** At the redemption: the record that the approval was issued. */
  issued: StoredRecord | null;
  evaluation: { actionDigest: string; gateway: string; verdict: string; policyDigest: string } | null;
  /** `sha-256:…` recomputed over the stored policy text; null when the version is gone. */
  policyDigest: string | null;
  /** Decisions that name this escalation, or that it names. */
  claimants: readonly string[];
  /** An escalation of the same decision about another action. */
  rival: string | null;
  /** Whether a record says the action was forwarded although nothing was redeemed. */
  executedBefore: string | null;
  gaps: readonly (SequenceGap & { stream: string })[];
  /** Parents that the decision names: held here, held from a peer (and verified), or not at all. */
  parents: readonly { id: string; held: boolean; fault: string | null }[];
  producers: ReadonlyMap<string, string>;
  keys: readonly KnownKey[];
}
