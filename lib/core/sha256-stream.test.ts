import { expect, test } from 'vitest';
import { sha256 } from './hash';
import { Sha256Stream } from './sha256-stream';

test.each([0, 1, 55, 56, 63, 64, 65, 1_000])('pieces of %i bytes give the digest of the whole', (size) => {
  const bytes = Uint8Array.from({ length: size * 3 }, (_, index) => (index * 31) & 0xff);
  const stream = new Sha256Stream();
  for (let part = 0; part < 3; part++) stream.update(bytes.subarray(part * size, (part + 1) * size));
  expect(stream.digest()).toEqual(sha256(bytes));
});
