/** C2SP signed-note, tlog-checkpoint and tlog-cosignature, for Ed25519 keys of types 0x01 and 0x04. */
import { createHash, createPublicKey, verify } from 'node:crypto';

export interface Verifier {
  name: string;
  keyId: Buffer;
  type: number;
  key: Buffer;
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Buffer;
  /** Names whose signature verified, with the time of a cosignature in seconds. */
  signers: { name: string; timeS: bigint | null }[];
}

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([SPKI_ED25519, key]);
  return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

/** `<name>+<hex key id>+<base64 type ‖ key>` */
export function readVerifier(vkey: string): Verifier {
  const [name = '', id = '', ...rest] = vkey.split('+');
  const data = Buffer.from(rest.join('+'), 'base64');
  const type = data[0] as number;
  const key = data.subarray(1);
  const keyId = createHash('sha256')
    .update(name)
    .update(Buffer.of(0x0a, type))
    .update(key)
    .digest()
    .subarray(0, 4);
  if (keyId.toString('hex') !== id) throw new Error('the key id is not the hash of name and key');
  return { name, keyId, type, key };
}

/** The checkpoint if `log` signed it and no known key's signature fails; throws a sentence otherwise. */
export function readCheckpoint(
  note: Uint8Array,
  log: Verifier,
  witnesses: readonly Verifier[] = [],
): Checkpoint {
  const text = Buffer.from(note).toString('utf8');
  const gap = text.lastIndexOf('\n\n');
  if (gap < 0 || !text.endsWith('\n')) throw new Error('not a signed note');
  const body = text.slice(0, gap + 1);
  const signers: Checkpoint['signers'] = [];
  for (const line of text.slice(gap + 2, -1).split('\n')) {
    const found = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (!found) throw new Error('a signature line is malformed');
    const field = Buffer.from(found[2] as string, 'base64');
    const known = [log, ...witnesses].find(
      ({ name, keyId }) => name === found[1] && keyId.equals(field.subarray(0, 4)),
    );
    if (!known) continue;
    if (known.type === 1) {
      if (!verifyEd25519(known.key, Buffer.from(body), field.subarray(4)))
        throw new Error(`the signature of ${known.name} fails`);
      signers.push({ name: known.name, timeS: null });
    } else if (known.type === 4) {
      const timeS = field.readBigUInt64BE(4);
      const message = Buffer.from(`cosignature/v1\ntime ${timeS}\n${body}`);
      if (!verifyEd25519(known.key, message, field.subarray(12)))
        throw new Error(`the cosignature of ${known.name} fails`);
      signers.push({ name: known.name, timeS });
    }
  }
  if (!signers.some(({ name, timeS }) => name === log.name && timeS === null))
    throw new Error('the log did not sign it');
  const [origin = '', size = '', root = ''] = body.split('\n');
  if (origin !== log.name) throw new Error('another log');
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw new Error('the size is not a plain decimal');
  const bytes = Buffer.from(root, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== root) throw new Error('the root is not 32 bytes');
  return { origin, size: BigInt(size), root: bytes, signers };
}
