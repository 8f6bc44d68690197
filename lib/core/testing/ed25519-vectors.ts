/**
 * Published Ed25519 vectors: Wycheproof, C2SP/CCTV's edge cases, RFC 8032 §7.1 and RFC 8037 appendix A. Every case asks all
 * implementations that the host has, and they must give one answer. Tests only.
 */
import { utf8 } from '@/lib/core/bytes';
import {
  jwkOf,
  jwkThumbprint,
  publicKeyOf,
  signEd25519,
  verifyEd25519,
  verifyEd25519Async,
} from '@/lib/core/ed25519';
import { portablePublicKeyOf, portableSign, portableVerify } from '@/lib/core/ed25519-portable';
import { webCryptoVerify } from '@/lib/core/ed25519-webcrypto';
import { formatHex, parseBase64url } from '@/lib/core/encoding';
import {
  agreedAnswer,
  bytesOfHex,
  hasFile,
  readJson,
  type VectorCase,
  type VectorFiles,
} from './vector-case';

const WYCHEPROOF = 'ed25519/wycheproof/ed25519_test.json';
const CCTV = 'ed25519/cctv/ed25519vectors.json';
const RFC_8032 = 'ed25519/misc/rfc8032.json';
const RFC_8037 = 'ed25519/misc/rfc8037-appendix-a.json';

/** Flags of CCTV for which a signature is refused before or by the equation without cofactor (formats §2). */
const REFUSED = ['low_order_A', 'low_order_R', 'non_canonical_A', 'non_canonical_R', 'low_order_residue'];

export function listEd25519Vectors(files: VectorFiles): VectorCase[] {
  return [
    ...(hasFile(files, WYCHEPROOF) ? listWycheproof(files) : []),
    ...(hasFile(files, CCTV) ? listCctv(files) : []),
    ...(hasFile(files, RFC_8032) ? listRfc8032(files) : []),
    ...(hasFile(files, RFC_8037) ? listRfc8037(files) : []),
  ];
}

function listWycheproof(files: VectorFiles): VectorCase[] {
  const { testGroups } = readJson<{
    testGroups: {
      publicKey: { pk: string };
      tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
    }[];
  }>(files, WYCHEPROOF);
  return testGroups.flatMap(({ publicKey: { pk }, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      name: `Wycheproof ${tcId} ${comment}`,
      expect: result,
      run: () => verdictOf(bytesOfHex(pk), bytesOfHex(msg), bytesOfHex(sig)),
    })),
  );
}

function listCctv(files: VectorFiles): VectorCase[] {
  const vectors = readJson<
    { number: number; key: string; sig: string; msg: string; flags: string[] | null }[]
  >(files, CCTV);
  return vectors.map(({ number, key, sig, msg, flags }) => ({
    name: `CCTV ${number} ${(flags ?? []).join(' ')}`.trimEnd(),
    expect: (flags ?? []).some((flag) => REFUSED.includes(flag)) ? 'invalid' : 'valid',
    run: () => verdictOf(bytesOfHex(key), utf8(msg), bytesOfHex(sig)),
  }));
}

function listRfc8032(files: VectorFiles): VectorCase[] {
  const { vectors } = readJson<{ vectors: { sk: string; pk: string; msg: string; sig: string }[] }>(
    files,
    RFC_8032,
  );
  return vectors.flatMap(({ sk, pk, msg, sig }) => [
    {
      name: `RFC 8032 §7.1, public key of ${sk.slice(0, 8)}`,
      expect: pk,
      run: () =>
        agreedAnswer({
          host: formatHex(publicKeyOf(bytesOfHex(sk))),
          portable: formatHex(portablePublicKeyOf(bytesOfHex(sk))),
        }),
    },
    {
      name: `RFC 8032 §7.1, signature by ${sk.slice(0, 8)}`,
      expect: sig,
      run: () =>
        agreedAnswer({
          host: formatHex(signEd25519(bytesOfHex(sk), bytesOfHex(msg))),
          portable: formatHex(portableSign(bytesOfHex(sk), bytesOfHex(msg))),
        }),
    },
    {
      name: `RFC 8032 §7.1, verifying ${sk.slice(0, 8)}`,
      expect: 'valid',
      run: () => verdictOf(bytesOfHex(pk), bytesOfHex(msg), bytesOfHex(sig)),
    },
  ]);
}

function listRfc8037(files: VectorFiles): VectorCase[] {
  const rfc = readJson<{
    jwk: { x: string };
    thumbprintSha256: string;
    jws: string;
    negatives: { jws: string }[];
  }>(files, RFC_8037);
  const key = base64url(rfc.jwk.x);
  const verdictOfJws = (jws: string): Promise<string> => {
    const [header, body, signature = ''] = jws.split('.');
    return verdictOf(key, utf8(`${header}.${body}`), base64url(signature));
  };
  return [
    { name: 'RFC 8037 A.2, JWK', expect: rfc.jwk.x, run: () => jwkOf(key).x },
    { name: 'RFC 8037 A.3, thumbprint', expect: rfc.thumbprintSha256, run: () => jwkThumbprint(key) },
    { name: 'RFC 8037 A.4, JWS', expect: 'valid', run: () => verdictOfJws(rfc.jws) },
    ...rfc.negatives.map(({ jws }, n) => ({
      name: `RFC 8037 A.4, JWS changed (${n})`,
      expect: 'invalid',
      run: () => verdictOfJws(jws),
    })),
  ];
}

/** `host` is node:crypto where there is one and noble elsewhere; a host whose WebCrypto has no Ed25519 agrees with nobody. */
async function verdictOf(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<string> {
  const word = (valid: boolean | undefined): string =>
    valid === undefined ? 'absent' : valid ? 'valid' : 'invalid';
  return agreedAnswer({
    host: word(verifyEd25519(key, message, signature)),
    hostAsync: word(await verifyEd25519Async(key, message, signature)),
    webCrypto: word(await webCryptoVerify(key, message, signature)),
    noble: word(portableVerify(key, message, signature)),
  });
}

function base64url(text: string): Uint8Array {
  const bytes = parseBase64url(text);
  if (!bytes.ok) throw new Error(bytes.code);
  return bytes.value;
}
