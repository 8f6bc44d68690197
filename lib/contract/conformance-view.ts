import type { ConformanceCode, ConformanceLevel } from './conformance';

/** One kind of finding over the records that were looked at. */
export interface FindingSum {
  code: ConformanceCode;
  level: ConformanceLevel;
  records: number;
  /** The first few places in the payload. */
  paths: string[];
  /** The newest record that has it. */
  example: { stream: string; position: number; id: string };
}

/** A record under a later schema: kept whole, and shown as it was signed. */
export interface LaterRecord {
  stream: string;
  position: number;
  id: string;
  kind: string;
  schemaVersion: string;
  /** The payload's JSON text, attacker-controlled. */
  text: string;
}

/** How far a producer's newest records give what an investigation asks for. */
export interface ProducerConformance {
  producer: string;
  name: string;
  /** How many of the newest records were looked at. */
  records: number;
  /** Of those, how many lack nothing that an investigation asks for; advice may still stand against them. */
  complete: number;
  findings: FindingSum[];
  later: { records: number; examples: LaterRecord[] };
}
