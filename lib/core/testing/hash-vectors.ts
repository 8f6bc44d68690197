/**
 * Published answers of BLAKE2b and SHA3-512. Those of BLAKE2b are keyed or shorter than 64 bytes, which our own function does
 * not offer: they are asked of the two implementations under it, in plain JavaScript and in WebAssembly. Tests only.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { createBLAKE2b } from 'hash-wasm';
import { formatHex } from '@/lib/core/encoding';
import { blake2b512, sha3_512 } from '@/lib/core/hash';
import { portableBlake2b512, portableSha3_512 } from '@/lib/core/hash-portable';
import {
  agreedAnswer,
  bytesOfHex,
  hasFile,
  readJson,
  readText,
  type VectorCase,
  type VectorFiles,
} from './vector-case';

const KEYED = 'ed25519/blake2b/blake2b-512-keyed-kat.json';
const LENGTHS = 'ed25519/blake2b/blakejs_generated_test_vectors.txt';
const SHA3 = 'ed25519/sha3/sha3-512-kat.json';

export function listBlake2bVectors(files: VectorFiles): VectorCase[] {
  const keyed = hasFile(files, KEYED)
    ? readJson<{ vectors: Record<'in' | 'key' | 'out', string>[] }>(files, KEYED).vectors
    : [];
  const lines = hasFile(files, LENGTHS) ? readText(files, LENGTHS).trimEnd().split('\n') : [];
  return [
    ...keyed.map(({ in: input, key, out }, n) => blake2bCase(`keyed answer ${n}`, input, key, out)),
    ...lines.flatMap((line, n) => {
      const [input = '', key = '', length, output = ''] = line.split('\t');
      return length === '0' ? [] : [blake2bCase(`blakejs line ${n + 1}`, input, key, output)];
    }),
  ];
}

function blake2bCase(name: string, input: string, keyHex: string, output: string): VectorCase {
  const bytes = bytesOfHex(input);
  const key = bytesOfHex(keyHex);
  const dkLen = output.length / 2;
  const run = async (): Promise<string> => {
    const wasm = await createBLAKE2b(dkLen * 8, key.length > 0 ? key : undefined);
    const plain = dkLen === 64 && key.length === 0;
    return agreedAnswer({
      portable: formatHex(blake2b(bytes, { dkLen, ...(key.length > 0 && { key }) })),
      wasm: formatHex(wasm.init().update(bytes).digest('binary')),
      ...(plain && {
        ours: formatHex(blake2b512(bytes)),
        oursPortable: formatHex(portableBlake2b512(bytes)),
      }),
    });
  };
  return { name, expect: output, run };
}

export function listSha3Vectors(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, SHA3)) return [];
  const { vectors } = readJson<{ vectors: { msg: string; md: string }[] }>(files, SHA3);
  return vectors.map(({ msg, md }, n) => ({
    name: `SHA3-512 answer ${n}`,
    expect: md,
    run: () =>
      agreedAnswer({
        host: formatHex(sha3_512(bytesOfHex(msg))),
        portable: formatHex(portableSha3_512(bytesOfHex(msg))),
      }),
  }));
}
