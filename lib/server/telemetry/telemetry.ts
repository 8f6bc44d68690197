/**
 * What the console tells an operator's collector of itself: names of routes and verbs, codes of closed lists, durations
 * and counts. Never a path, a query, an id or a text that somebody chose. Off unless `startTelemetry` ran; nothing of
 * OpenTelemetry is loaded then.
 */
import type { ErrorCode } from '../errors';

/** Counters with the values that their one attribute may take. */
export interface TelemetryCounts {
  'countersign.records': { status: 'accepted' | 'duplicate' | 'refused'; code?: ErrorCode };
  'countersign.verdicts': { verdict: 'approve' | 'deny' };
  'countersign.redemptions': { result: 'redeemed' | ErrorCode };
  'countersign.evaluations': { outcome: 'allow' | 'refuse' | 'escalate' | 'defer' };
}

export interface RequestAbout {
  method: string;
  /** The template of the route, `/api/v1/decisions/{decisionId}`. */
  route: string;
  /** The header as it came: attacker-controlled. */
  traceparent: string | null;
}

export interface Telemetry {
  request(about: RequestAbout, work: () => Promise<Response>): Promise<Response>;
  /** A child of the request's span, named by a word of ours. */
  child<T>(name: 'transaction', work: () => Promise<T>): Promise<T>;
  count<K extends keyof TelemetryCounts>(name: K, attributes: TelemetryCounts[K], n?: number): void;
  /** Sends what is left, within two seconds. */
  stop(): Promise<void>;
}

const KEY = Symbol.for('countersign.telemetry');
const store = globalThis as unknown as Record<symbol, Telemetry | undefined>;

/** Undefined where no collector is configured. */
export function getTelemetry(): Telemetry | undefined {
  return store[KEY];
}

export function setTelemetry(telemetry: Telemetry | undefined): void {
  store[KEY] = telemetry;
}

/** Counts something that has happened; nothing where no collector is configured. */
export function countTelemetry<K extends keyof TelemetryCounts>(
  name: K,
  attributes: TelemetryCounts[K],
  n = 1,
): void {
  getTelemetry()?.count(name, attributes, n);
}
