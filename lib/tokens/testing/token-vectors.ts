/**
 * Published JSON Web Signatures and Keys. None of them is an approval token or a key for one (those are Ed25519 with their own
 * `typ`), so that every one must be refused, however valid it is for others; RFC 8037's own verdicts are with Ed25519's.
 * Tests only.
 */
import type { JsonValue } from '@/lib/core/json';
import { hasFile, readJson, type VectorCase, type VectorFiles } from '@/lib/core/testing/vector-case';
import { parseJwks } from '../jwks';
import { parseToken } from '../token';

const SIGNATURES = 'ed25519/wycheproof/json_web_signature_test.json';
const KEYS = 'ed25519/wycheproof/json_web_key_test.json';
const RFC_8037 = 'ed25519/misc/rfc8037-appendix-a.json';

export function listTokenVectors(files: VectorFiles): VectorCase[] {
  return [
    ...(hasFile(files, SIGNATURES) ? listWycheproof(files, SIGNATURES) : []),
    ...(hasFile(files, KEYS) ? [...listWycheproof(files, KEYS), ...listKeySets(files)] : []),
    ...(hasFile(files, RFC_8037) ? listRfc8037(files) : []),
  ];
}

interface Group {
  comment: string;
  private?: JsonValue;
  public?: JsonValue;
  tests: { tcId: number; comment: string; jws: unknown }[];
}

function listWycheproof(files: VectorFiles, path: string): VectorCase[] {
  const { testGroups } = readJson<{ testGroups: Group[] }>(files, path);
  return testGroups.flatMap(({ tests }) =>
    tests.map(({ tcId, comment, jws }) => refused(`${path.split('/').at(-1)} ${tcId} ${comment}`, jws)),
  );
}

function listKeySets(files: VectorFiles): VectorCase[] {
  const { testGroups } = readJson<{ testGroups: Group[] }>(files, KEYS);
  return testGroups.flatMap((group, n) =>
    [group.private, group.public].flatMap((set, half) =>
      set === undefined
        ? []
        : [
            {
              name: `key set ${n}${half === 0 ? ', private' : ', public'}: ${group.comment}`,
              expect: 'no key of ours',
              run: () => {
                const keys = parseJwks(set);
                return keys.ok && keys.value.length > 0 ? 'a key' : 'no key of ours';
              },
            },
          ],
    ),
  );
}

function listRfc8037(files: VectorFiles): VectorCase[] {
  const rfc = readJson<{ jws: string; negatives: { jws: string }[] }>(files, RFC_8037);
  return [rfc.jws, ...rfc.negatives.map(({ jws }) => jws)].map((jws, n) =>
    refused(`RFC 8037 A.4 (${n})`, jws),
  );
}

function refused(name: string, jws: unknown): VectorCase {
  const text = typeof jws === 'string' ? jws : JSON.stringify(jws);
  return { name, expect: 'refused', run: () => (parseToken(text).ok ? 'accepted' : 'refused') };
}
