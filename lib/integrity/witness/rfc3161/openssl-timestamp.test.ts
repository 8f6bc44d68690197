/** Time stamps that OpenSSL made with keys and settings of its own: nothing of ours took part in them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { fromPem } from '@/lib/demo/witnesses/timestamp-identity';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';

const DATA = utf8('console.example/log\n5\nAAAA\n\n— console.example/log BBBB\n');
const CONFIG = `
[ req ]
distinguished_name = dn
[ dn ]
[ root ]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[ signer ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ tsa_sha1 ]
ess_cert_id_alg = sha1
[ tsa_sha256 ]
ess_cert_id_alg = sha256
[ tsa_sha512 ]
ess_cert_id_alg = sha512
`;
/** Settings that every section has alike. */
const COMMON = (folder: string, digest: string): string => `
dir = ${folder}
serial = ${folder}/serial
crypto_device = builtin
default_policy = 1.2.3.4.1
signer_digest = ${digest}
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
`;

let folder = '';
const path = (name: string): string => join(folder, name);

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
function isInstalled(): boolean {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
}

function makeSigner(name: string, algorithm: readonly string[]): void {
  openssl('genpkey', ...algorithm, '-out', path(`${name}.key`));
  const subject = ['-subj', `/CN=OpenSSL ${name}`];
  openssl(
    'req',
    '-new',
    '-config',
    path('config'),
    '-key',
    path(`${name}.key`),
    ...subject,
    '-out',
    path('csr'),
  );
  const issuer = ['-CA', path('root.pem'), '-CAkey', path('root.key'), '-CAcreateserial'];
  const extensions = ['-extfile', path('config'), '-extensions', 'signer'];
  openssl(
    'x509',
    '-req',
    '-in',
    path('csr'),
    ...issuer,
    ...extensions,
    '-days',
    '2',
    '-out',
    path(`${name}.pem`),
  );
}

/** One answer by `openssl ts -reply`, or the bare token out of it. */
function reply(signer: string, ess: string, imprint: string, form: 'answer' | 'token'): Uint8Array {
  writeFileSync(path('serial'), '01\n');
  const config = CONFIG.replaceAll(
    /(\[ tsa_\w+ \])/g,
    `$1${COMMON(folder, ess === 'sha1' ? 'sha256' : ess)}`,
  );
  writeFileSync(path('ts.config'), config);
  openssl('ts', '-query', '-data', path('data'), `-${imprint}`, '-cert', '-out', path('query'));
  const keys = ['-signer', path(`${signer}.pem`), '-inkey', path(`${signer}.key`)];
  const section = ['-config', path('ts.config'), '-section', `tsa_${ess}`];
  const token = form === 'token' ? ['-token_out'] : [];
  openssl('ts', '-reply', '-queryfile', path('query'), ...keys, ...section, ...token, '-out', path('reply'));
  return new Uint8Array(readFileSync(path('reply')));
}

function verify(receipt: Uint8Array, bytes = DATA): Promise<WitnessReport> {
  const anchors = [fromPem(readFileSync(path('root.pem'), 'utf8'))];
  return verifyTimestamp(receipt, { kind: 'bytes', bytes }, { anchors });
}

const installed = isInstalled();
if (!installed) {
  describe('time stamps by OpenSSL', () => it.skip('there is no openssl on this machine'));
}
describe.runIf(installed)('time stamps by OpenSSL', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'openssl-timestamp-'));
    writeFileSync(path('config'), CONFIG);
    writeFileSync(path('data'), DATA);
    const root = ['-extensions', 'root', '-subj', '/CN=OpenSSL root', '-days', '2', '-nodes'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-keyout', path('root.key')];
    openssl('req', '-x509', '-config', path('config'), ...key, ...root, '-out', path('root.pem'));
    makeSigner('rsa', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']);
    makeSigner('ec', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    makeSigner('ec521', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['rsa', 'sha1', 'sha256', 'answer'],
    ['rsa', 'sha256', 'sha512', 'answer'],
    ['ec', 'sha256', 'sha256', 'token'],
    ['ec', 'sha512', 'sha384', 'answer'],
    ['ec521', 'sha512', 'sha512', 'token'],
  ] as const)('%s, certificate hash %s, imprint %s, %s', async (signer, ess, imprint, form) => {
    const receipt = reply(signer, ess, imprint, form);
    const report = await verify(receipt);
    expect(report.checks.filter(({ verdict }) => verdict !== 'valid')).toEqual([]);
    expect(report.witness).toBe(`CN=OpenSSL ${signer}`);
    expect(Math.abs((report.witnessedAtMs ?? 0) - Date.now())).toBeLessThan(300_000);
    const other = await verify(receipt, utf8('other'));
    expect(other.checks.filter(({ verdict }) => verdict === 'invalid').map(({ id }) => id)).toEqual([
      'rfc3161.imprint',
    ]);
  });

  it('an imprint by SHA-1 is refused by OpenSSL under these settings, and said in its words', async () => {
    const refused = await verify(reply('ec', 'sha256', 'sha1', 'answer'));
    expect(refused.checks.find(({ id }) => id === 'rfc3161.status')?.computed).toContain('rejection: badAlg');
  });
});
