import { generateKeyPairSync, sign, verify } from 'node:crypto';

const MESSAGE_BYTES = 1_200;

/** Raw Ed25519 verifies per second of node:crypto on one thread, over messages as long as a record's payload. */
export function measureVerify(durationMs: number): number {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const signed = Array.from({ length: 64 }, (_, i) => {
    const message = Buffer.alloc(MESSAGE_BYTES, i);
    return { message, signature: sign(null, message, privateKey) };
  });
  let count = 0;
  const start = performance.now();
  for (;;) {
    for (const { message, signature } of signed) {
      if (!verify(null, message, publicKey, signature))
        throw new Error('node:crypto refused its own signature');
    }
    count += signed.length;
    const elapsedMs = performance.now() - start;
    if (elapsedMs >= durationMs) return (count * 1000) / elapsedMs;
  }
}
