/** Every worked example of the public page, recomputed over node:crypto alone. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { FORMAT_GUIDE } from '@/components/docs/format-guide';
import { hashLeaf, sha256 } from './merkle-tree';
import { tilePath } from './outside-reader';
import { readCheckpoint, readVerifier } from './signed-note';
import { chainLinks, logEntry } from './stream-chain';

const STREAM = 'spiffe://example.org/agent/a';
const NAME = 'console.example/log';
const [link0, link1] = chainLinks(STREAM, [Buffer.from('hello')]) as [Buffer, Buffer];
const leaf = hashLeaf(logEntry(STREAM, 1, link1));
const key = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
const keyId = sha256(Buffer.from(NAME), Buffer.of(0x0a, 1), publicKey).subarray(0, 4);
const text = `${NAME}\n1\n${leaf.toString('base64')}\n`;
const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), key)]).toString('base64');
const checkpoint = `${text}\n\u2014 ${NAME} ${signature}\n`;

const COMPUTED: Record<string, string> = {
  pae: ((type: string, payload: string) =>
    `DSSEv1 ${Buffer.byteLength(type)} ${type} ${Buffer.byteLength(payload)} ${payload}`)(
    'http://example.com/HelloWorld',
    'hello world',
  ),
  'payload-digest': `sha3-512:${createHash('sha3-512').update(Buffer.alloc(32, 1)).update('hello').digest('hex')}`,
  'link-0': link0.toString('hex'),
  'link-1': link1.toString('hex'),
  leaf: leaf.toString('hex'),
  'tile-path': tilePath(0, 1_234_067, 256),
  vkey: `${NAME}+${keyId.toString('hex')}+${Buffer.concat([Buffer.of(1), publicKey]).toString('base64')}`,
  checkpoint,
  stamp: sha256(Buffer.from(checkpoint)).toString('hex'),
  'cosignature-message': `cosignature/v1\ntime 1763627760\n${text}`,
  'action-digest': sha256(
    Buffer.from(
      '{"action":{"name":"read"},"context":{},"resource":{"id":"1","type":"doc"},"subject":{"id":"a","type":"agent"}}',
    ),
  ).toString('base64url'),
  challenge: sha256(
    Buffer.from('countersign/review/v1\n{"escalation":"esc_1","v":1,"verdict":"approve"}'),
  ).toString('base64url'),
  thumbprint: sha256(
    Buffer.from('{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'),
  ).toString('base64url'),
};

const examples = FORMAT_GUIDE.flatMap((section) => section.examples);

it.each(examples.map(({ id, gives }) => [id, gives] as const))('%s', (id, gives) => {
  expect(gives).toBe(COMPUTED[id]);
});

it('has no example twice and none uncomputed', () => {
  expect(examples.map(({ id }) => id).sort()).toEqual(Object.keys(COMPUTED).sort());
});

it('shows a checkpoint that its own key opens', () => {
  const vkey = readVerifier(COMPUTED.vkey as string);
  expect(readCheckpoint(Buffer.from(checkpoint), vkey).size).toBe(1n);
});
