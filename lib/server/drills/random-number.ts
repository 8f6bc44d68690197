import { newRandomBytes } from '../random';

/** A number in [0, 1) that nobody can foresee: which drill comes next must not be guessable. */
export function randomNumber(): number {
  const bytes = newRandomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
