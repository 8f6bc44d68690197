import { describe, expect, it } from 'vitest';
import { admitBody, MAX_HELD_BYTES } from './admit-body';

const MIB = 1_048_576;

function request(length?: string): Request {
  return new Request('http://console.test/', {
    headers: length === undefined ? {} : { 'content-length': length },
  });
}

/** Holds a body until told to let go. */
function hold(length: string | undefined, maxBytes: number): { done: Promise<string>; release: () => void } {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { done: admitBody(request(length), maxBytes, () => gate.then(() => 'held')), release };
}

describe('admitBody', () => {
  it.each([
    ['declared', String(16 * MIB)],
    ['undeclared', undefined],
    ['declared as something else', '1e3'],
    ['declared larger than it may be', String(10 ** 12)],
  ])('holds only so many bodies of a size that is %s, and lets the next in afterwards', async (_, length) => {
    const fits = MAX_HELD_BYTES / (16 * MIB);
    const bodies = Array.from({ length: fits }, () => hold(length, 16 * MIB));
    await expect(admitBody(request(length), 16 * MIB, async () => 'in')).rejects.toMatchObject({
      code: 'rate_limited',
      headers: { 'retry-after': '1' },
    });
    for (const body of bodies) body.release();
    expect(await Promise.all(bodies.map(({ done }) => done))).toEqual(bodies.map(() => 'held'));
    expect(await admitBody(request(length), 16 * MIB, async () => 'in')).toBe('in');
  });

  it('lets go of what failed', async () => {
    for (let i = 0; i < 20; i++) {
      const failed = admitBody(request(), 16 * MIB, () => Promise.reject(new Error('cut off')));
      await expect(failed).rejects.toThrow('cut off');
    }
    expect(await admitBody(request(), 16 * MIB, async () => 'in')).toBe('in');
  });
});
