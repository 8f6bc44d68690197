import { ServiceError } from '../errors';
import { sharedSingleton } from '../shared-singleton';

/** Bodies of unauthenticated senders that this process holds at once, in bytes. */
export const MAX_HELD_BYTES = 128 * 1_048_576;

const held = (): { bytes: number } => sharedSingleton('record-bodies', () => ({ bytes: 0 }));

/**
 * Runs `work` while it counts as holding a body: the size that the sender declared, or the largest there may be.
 * @throws ServiceError `rate_limited` when this process already holds as much as it may
 */
export async function admitBody<T>(request: Request, maxBytes: number, work: () => Promise<T>): Promise<T> {
  const declared = request.headers.get('content-length');
  const bytes =
    declared !== null && /^\d{1,15}$/.test(declared) ? Math.min(Number(declared), maxBytes) : maxBytes;
  const counter = held();
  if (counter.bytes + bytes > MAX_HELD_BYTES) {
    throw new ServiceError(
      'rate_limited',
      'Many records are arriving at once; send these again in a second.',
      {
        headers: { 'retry-after': '1' },
      },
    );
  }
  counter.bytes += bytes;
  try {
    return await work();
  } finally {
    counter.bytes -= bytes;
  }
}
