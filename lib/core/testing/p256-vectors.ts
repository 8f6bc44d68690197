/** Wycheproof's ECDSA over P-256 with SHA-256, signatures as r ‖ s (IEEE P1363). Tests only. */
import { verifyEcdsa } from '@/lib/core/ecdsa';
import { bytesOfHex, hasFile, readJson, type VectorCase, type VectorFiles } from './vector-case';

const FILE = 'ed25519/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json';

interface Group {
  publicKeyDer: string;
  tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
}

export function listP256Vectors(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, FILE)) return [];
  const { testGroups } = readJson<{ testGroups: Group[] }>(files, FILE);
  return testGroups.flatMap(({ publicKeyDer, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      name: `Wycheproof ${tcId} ${comment}`,
      expect: result,
      run: () => {
        const valid = verifyEcdsa({
          publicKey: bytesOfHex(publicKeyDer),
          message: bytesOfHex(msg),
          hash: 'sha-256',
          signature: bytesOfHex(sig),
          encoding: 'p1363',
        });
        return valid ? 'valid' : 'invalid';
      },
    })),
  );
}
