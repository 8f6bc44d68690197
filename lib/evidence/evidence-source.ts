import type { Tile } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';

/** A proof that one entry is in the log, with the signed checkpoint that it ends in. All of it attacker-controlled. */
export interface InclusionEvidence {
  index: number;
  size: number;
  hashes: readonly Uint8Array[];
  /** The signed note. */
  checkpoint: Uint8Array;
}

/** Where the evidence comes from: a console over HTTP, a package on disk, or a test. Each call may fail by throwing. */
export interface EvidenceSource {
  /** Records of a stream, both positions included, in order. */
  records(stream: string, from: number, to: number): AsyncIterable<ChainRecord>;
  /** Null while no checkpoint covers the record. */
  inclusion(stream: string, position: number): Promise<InclusionEvidence | null>;
  /**
   * Only of a source that holds some records of a stream and not the stream, such as a package: the runs of the chain that
   * hold these positions, in order. Where it is given, `records` is not asked.
   */
  runs?(stream: string, positions: readonly number[]): Promise<readonly StreamRun[]>;
  /** Bytes of a tile of the log. */
  tile(tile: Tile): Promise<Uint8Array>;
  /** What outside witnesses say of checkpoints that cover the record, oldest checkpoint first; empty for none. */
  witnesses(stream: string, position: number): Promise<readonly WitnessEvidence[]>;
  /** The content that a record names by this salted digest, where the source holds it; its digest is not checked yet. */
  payload?(digest: string): Promise<Uint8Array | null>;
}

/** The log as static files. Each call may fail by throwing. */
export interface LogSource extends Pick<EvidenceSource, 'tile'> {
  /** The newest signed checkpoint. */
  checkpoint(): Promise<Uint8Array>;
  /** The entry bundle under a level-0 tile, as long as `width` entries. */
  entries(n: number, width: number): Promise<Uint8Array>;
  /** Full bundles from `first` on, one after the other; for sources to which each call costs more than its bundle. */
  bundles?(first: number, count: number): Promise<Uint8Array>;
}

/** A piece of a stream's chain after a link that is given, not recomputed. All of it attacker-controlled. */
export interface StreamRun {
  after: { position: number; link: Uint8Array };
  /** Of the positions after it, in order: the record's digest, and the record with its stored link where it is held. */
  steps: readonly { digest: Uint8Array; held: { bytes: Uint8Array; link: Uint8Array } | null }[];
}

/** One receipt over one checkpoint, and the record's inclusion under that very checkpoint. All of it attacker-controlled. */
export interface WitnessEvidence {
  /** What the console calls the witness. */
  witness: string;
  type: WitnessType;
  receipt: Uint8Array;
  /** Its `checkpoint` is the signed checkpoint as first published: what was stamped. */
  inclusion: InclusionEvidence;
}

/** What a verifier remembers of earlier runs; only ever written after everything before it was VALID. */
export interface VerifiedPoint {
  position: number;
  link: Uint8Array;
  sequence: { last: number; holes: readonly { from: number; to: number }[] };
  /** Set when the log's entries of all records up to here were compared as well, under a root that was rebuilt. */
  logged?: true;
}

/** A prefix of the log that was rebuilt under a signed root, from which a later walk over it goes on. */
export interface LogPoint {
  /** Leaves; whole bundles of 256. */
  size: number;
  /** The roots of the complete subtrees over those bundles, largest first. */
  hashes: readonly Uint8Array[];
  /** The last position that the prefix holds of each stream that was followed; 0 for none. */
  positions: readonly (readonly [stream: string, position: number])[];
}

export interface RememberedCheckpoint {
  /** The log's name then, where it must not change: a console's own log. */
  origin?: string;
  size: number;
  root: Uint8Array;
  vkey: string;
  /** When it was verified here. */
  atMs: number;
}

/** Why evidence could not be had: a reason for NOT CHECKED, never for INVALID. */
export function unavailable(error: unknown): string {
  return `the evidence could not be fetched: ${error instanceof Error ? error.message : 'no answer'}`;
}
