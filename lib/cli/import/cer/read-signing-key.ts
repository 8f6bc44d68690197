import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Refusal } from '../../refusal';

/** The 32-byte seed of an Ed25519 key in PEM (PKCS #8, RFC 8410). @throws Refusal */
export async function readSigningKey(path: string): Promise<Uint8Array> {
  const pem = await readFile(path).catch(() => null);
  if (!pem) throw new Refusal(`The key ${path} cannot be read.`);
  try {
    const key = createPrivateKey(pem);
    const { d } = key.export({ format: 'jwk' });
    if (key.asymmetricKeyType === 'ed25519' && d) return new Uint8Array(Buffer.from(d, 'base64url'));
  } catch {
    // The reason could repeat what stands in the file.
  }
  throw new Refusal(
    `${path} is no unencrypted Ed25519 private key in PEM (openssl genpkey -algorithm ed25519).`,
  );
}
