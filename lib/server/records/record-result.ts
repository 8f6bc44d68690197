import type { ErrorCode } from '../errors';

/** What became of one submitted envelope. Only `accepted` and `duplicate` are durable. */
export type RecordResult =
  | {
      status: 'accepted';
      stream: string;
      position: number;
      link: Uint8Array;
      id: string;
      note?: 'sequence_gap';
    }
  | { status: 'duplicate'; stream: string; position: number; link: Uint8Array; id: string }
  | { status: 'refused'; code: ErrorCode; detail?: string; stream?: string; id?: string };

export function refused(
  code: ErrorCode,
  detail?: string,
  where: { stream?: string; id?: string } = {},
): RecordResult {
  return { status: 'refused', code, ...(detail === undefined ? {} : { detail }), ...where };
}
