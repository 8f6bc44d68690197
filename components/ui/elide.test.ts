import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elide } from './elide';

describe('elide', () => {
  it.each([
    ['esc_01a1f818-9e64-7177-b7cb-0686749afeb3', 'esc_01a1', 'feb3'],
    ['tok_8a2f90c6d1e84b7f9a3352b17e06c41d', 'tok_8a2f', 'c41d'],
    ['sha-256:cd5d24e605231be6bad2ea037e612d98', 'sha-256:cd5d', '2d98'],
    ['blake2b-512:21ebbd19b37fbe5921edd71a1626f4bb', 'blake2b-512:21eb', 'f4bb'],
    ['7817a3c05e8f4d52b1f05f0b9cd1a64f', '7817', 'a64f'],
  ])('keeps prefix and four characters on each side of %s', (text, head, tail) => {
    expect(elide(text)).toMatchObject({ head, tail });
    expect(elide(text).hidden.length).toBeGreaterThan(0);
  });

  it('shows a short text whole', () => {
    expect(elide('order-4711')).toEqual({ head: 'order-4711', hidden: '', tail: '' });
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (text, keep) => {
        const { head, hidden, tail } = elide(text, keep);
        expect(head + hidden + tail).toBe(text);
      }),
    );
  });
});
