/**
 * The formats that all evidence rests on, as the public page shows them. Every `gives` is recomputed by a test over
 * node:crypto that knows nothing of the product's own code.
 */
export interface FormatExample {
  /** Names the computation for the test. */
  id: string;
  given: string;
  gives: string;
}

export interface FormatSection {
  id: string;
  title: string;
  /** The standards it is, or is a thin layer over. */
  source: string;
  /** What it is for, in a sentence. */
  about: string;
  /** The bytes. */
  layout: string;
  examples: readonly FormatExample[];
}

const ROOT = 'Vb9jlf6+rWLvsZjdj7CBBHUG68YZ55BGyzgsC9avXN8=';

export const FORMAT_GUIDE: readonly FormatSection[] = [
  {
    id: 'records',
    title: 'Records',
    source: 'DSSE v1.0.2, I-JSON (RFC 7493), Ed25519 (RFC 8032)',
    about:
      'A record is a signed envelope and is kept as the very bytes that arrived: what was signed is never printed again. At most 64 KiB.',
    layout: `{"payloadType":"application/vnd.countersign.record.v1+json","payload":"<base64>","signatures":[{"keyid":"…","sig":"<base64>"}]}
signed: "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload`,
    examples: [
      {
        id: 'pae',
        given: 'type http://example.com/HelloWorld, payload hello world',
        gives: 'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
      },
    ],
  },
  {
    id: 'payloads',
    title: 'Payload digests',
    source: 'SHA3-512 (FIPS 202)',
    about:
      'Records hold no content, only its salted digest. The salt lives with the payload and dies with it, so that an erased payload cannot be guessed back.',
    layout: 'digest = "sha3-512:" ‖ hex(SHA3-512(salt (32 random bytes) ‖ payload))',
    examples: [
      {
        id: 'payload-digest',
        given: 'a salt of 32 bytes 01, payload hello',
        gives:
          'sha3-512:86c05b697c04b02644aba40dfd44fdb454445ea238b49bf46ea63dafddc1ab82c3a2387be3a32a267ae30d8e4fa15fa3c0c464f2a468c74d3e481db77988b04f',
      },
    ],
  },
  {
    id: 'stream-chain',
    title: 'Stream chain',
    source: 'BLAKE2b-512 (RFC 7693)',
    about: 'Every record of a stream is linked to all before it. n counts from 1.',
    layout: `digest_n = BLAKE2b-512(record bytes)
link_0   = BLAKE2b-512("countersign/stream/v1\\n" ‖ stream)
link_n   = BLAKE2b-512("countersign/link/v1\\n" ‖ link_{n-1} ‖ u64be(n) ‖ digest_n)`,
    examples: [
      {
        id: 'link-0',
        given: 'link_0 of the stream spiffe://example.org/agent/a',
        gives:
          '19bf3a2002a6d9a4b17e761bc4606fc55887cb6aa531684901d364d78a33c185140d81adac69f892cd56b936a45479a2aab93476fa9f688c95b702f7afa94db9',
      },
      {
        id: 'link-1',
        given: 'link_1, when the first record is the five bytes hello',
        gives:
          '50bb2a081276cfd7d263ef7e1edea03d77d03a1609f8845cf02f9fc3cc7e3a709d060d8a23d99020e2139d6ab2b1a1978f168f00e986247d7574a8654eada7a2',
      },
    ],
  },
  {
    id: 'log',
    title: 'Merkle log',
    source: 'RFC 6962 and RFC 9162 §2.1, C2SP tlog-tiles',
    about:
      'One log over all streams, published as static files: checkpoint, tiles of 256 hashes, bundles of entries. Full tiles never change.',
    layout: `entry = 0x01 ‖ u16be(len stream) ‖ stream ‖ u64be(n) ‖ link_n
leaf  = SHA-256(0x00 ‖ entry)      node = SHA-256(0x01 ‖ left ‖ right)      empty = SHA-256("")
GET /log/checkpoint · /log/tile/<level>/<n>[.p/<width>] · /log/tile/entries/<n>[.p/<width>]`,
    examples: [
      {
        id: 'leaf',
        given: 'the leaf of link_1 above',
        gives: '55bf6395febead62efb198dd8fb081047506ebc619e79046cb382c0bd6af5cdf',
      },
      { id: 'tile-path', given: 'tile 1234067 of level 0', gives: 'tile/0/x001/x234/067' },
    ],
  },
  {
    id: 'checkpoints',
    title: 'Checkpoints',
    source: 'C2SP tlog-checkpoint, signed-note',
    about: 'The signed head of the log: who it is, how many entries it has, and the root over them.',
    layout: `<origin>\\n<size>\\n<base64 root>\\n
\\n
— <name> base64(key id, 4 bytes ‖ signature)\\n
key id = first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key); type 0x01 Ed25519, 0x04 cosignature/v1, 0x06 ML-DSA-44`,
    examples: [
      {
        id: 'vkey',
        given: 'the key of console.example/log made from a seed of 32 bytes 07',
        gives: 'console.example/log+41e9da12+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
      },
      {
        id: 'checkpoint',
        given: 'the log of the one leaf above, signed by that key',
        gives: `console.example/log\n1\n${ROOT}\n\n— console.example/log QenaEriUHtiGDYGaAG1pOE2uDdrAhpWXHkNAIIMzWyihwYad9sP8P3Co0keVTOvAc/MOywDoPxjTxMM1kcd/bjZ+MQo=\n`,
      },
    ],
  },
  {
    id: 'witnesses',
    title: 'Witnesses',
    source: 'RFC 3161, OpenTimestamps, C2SP tlog-cosignature, CCF receipts, Sigstore Rekor, S3 Object Lock',
    about:
      'What an outside witness fixes in time is the signed checkpoint as first published: note text, empty line, the log’s own signature line.',
    layout: `stamp = SHA-256(signed checkpoint as first published)
cosignature: base64(key id ‖ u64be(time) ‖ Ed25519 over "cosignature/v1\\ntime <t>\\n" ‖ note text)`,
    examples: [
      {
        id: 'stamp',
        given: 'the checkpoint above',
        gives: '60dda6cf15396fe404ecc35186b28a329d8fab21a97ac05235f9b33d93a2b66c',
      },
      {
        id: 'cosignature-message',
        given: 'what a witness signs at time 1763627760',
        gives: `cosignature/v1\ntime 1763627760\nconsole.example/log\n1\n${ROOT}\n`,
      },
    ],
  },
  {
    id: 'actions',
    title: 'Action digest',
    source: 'OpenID AuthZEN, JCS (RFC 8785), SHA-256',
    about:
      'What a person authorises is this very action and no other; its digest is in everything that follows.',
    layout: 'action_digest = base64url(SHA-256(JCS({subject, resource, action, context})))',
    examples: [
      {
        id: 'action-digest',
        given:
          '{"action":{"name":"read"},"context":{},"resource":{"id":"1","type":"doc"},"subject":{"id":"a","type":"agent"}}',
        gives: 'mc3PPFGYM962ZOliD0aIsBOVf0nvuUokD94q4FFRgD0',
      },
    ],
  },
  {
    id: 'statements',
    title: 'Reviewer’s statement',
    source: 'JCS (RFC 8785), WebAuthn Level 3',
    about:
      'A reviewer’s verdict names the action, what was shown, and how long it was read. A passkey signs the challenge made of it.',
    layout: 'challenge = SHA-256("countersign/review/v1\\n" ‖ JCS(statement))',
    examples: [
      {
        id: 'challenge',
        given: '{"escalation":"esc_1","v":1,"verdict":"approve"}, in base64url',
        gives: '12vK5QENKBLM3WR6n-RIFibnDd4lcxlmMFeYv2YfgVA',
      },
    ],
  },
  {
    id: 'tokens',
    title: 'Approval token',
    source: 'JWS (RFC 7515), Ed25519 (RFC 9864), JWK thumbprint (RFC 7638)',
    about:
      'Bound to one action, one gateway and named reviewers, for minutes, once. Issued only after the review record is durable.',
    layout: `base64url({"alg":"Ed25519","typ":"approval+jwt","kid":"<thumbprint>"}) "." base64url(claims) "." base64url(signature)`,
    examples: [
      {
        id: 'thumbprint',
        given: 'the key of RFC 8037 appendix A, x = 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        gives: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      },
    ],
  },
  {
    id: 'packages',
    title: 'Evidence package',
    source: 'ZIP, C2SP tlog-proof@v1, W3C PROV-JSON',
    about:
      'Everything that a stranger needs to check decisions, with the console switched off. Trust is offered in it, and given only by whoever checks.',
    layout: `manifest.json · records/*.dsse.json · chain/*.json · proofs/*.tlog-proof · checkpoints/* · receipts/* · keys/ · trust/
tokens/*.jws · payloads/ · lineage.json · report.pdf · certification-draft · verify.html`,
    examples: [],
  },
];
