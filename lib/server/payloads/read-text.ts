import { decodeUtf8 } from '@/lib/core/bytes';
import type { Tx } from '../database/transaction';
import { readPayload } from './read-payload';

/** The words of a reason; empty once they were erased, while their signed digest stays. */
export async function readText(tx: Tx, at: { tenant: string; ref: string }): Promise<string> {
  const payload = await readPayload(tx, at);
  const text = payload ? decodeUtf8(payload.bytes) : null;
  return text?.ok ? text.value : '';
}
