import { decodeUtf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { isOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import type { ArtefactFile } from './artefact-file';
import type { ArtefactKind } from './artefact-kind';

/** How much of a file's beginning tells its kind. */
export const HEAD_BYTES = 65_536;

/** id-signedData (RFC 5652 §5.1) as DER: near the beginning of every time-stamp token. */
const SIGNED_DATA = '06092a864886f70d010702';

/** Texts by what only they hold, in order: the first that fits names the file. */
const TEXTS: readonly (readonly [ArtefactKind, RegExp])[] = [
  ['proof', /^c2sp\.org\/tlog-proof@/],
  ['checkpoint-update', /^old (0|[1-9]\d*)\n/],
  ['token', /^\s*[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\s*$/],
  ['c2sp', /^— [^\s+]+ [A-Za-z0-9+/=]+\n?$/],
  ['checkpoint', /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n— /],
  ['trust', /-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----/],
  ['trust', /^(?:#[^\n]*\n|\s*\n)*[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]/],
];

/** JSON texts by their members. What the members hold is for the parser of that kind to judge. */
const MEMBERS: readonly (readonly [ArtefactKind, RegExp])[] = [
  ['cer', /"bundleType"\s*:\s*"cer\./],
  ['cer', /"verificationEnvelope"\s*:/],
  ['trust', /"format"\s*:\s*"countersign\/trust\//],
  ['trust', /"mediaType"\s*:\s*"[^"]*trustedroot/],
  ['rekor', /"mediaType"\s*:\s*"[^"]*sigstore\.bundle/],
  ['worm', /"retainUntil"\s*:/],
  ['rekor', /"(?:logIndex|log_index|integratedTime|canonicalizedBody)"\s*:/],
  ['ccf', /"(?:leafComponents|leaf_components|isSignatureTransaction|is_signature_transaction)"\s*:/],
  ['ccf', /"receipt"\s*:[\s\S]*"(?:signature|cert)"\s*:/],
  ['record', /"payloadType"\s*:[\s\S]*"signatures"\s*:|"signatures"\s*:[\s\S]*"payloadType"\s*:/],
  ['trust', /"serviceCertificate"\s*:/],
  ['trust', /"headers?"\s*:/],
  ['trust', /"(?:keys|nodeId)"\s*:/],
];

/**
 * What a file is by its first bytes (at most `HEAD_BYTES` are looked at), and by its name only where bytes cannot tell. It
 * decides which parser reads the file and nothing else: the bytes stay attacker-controlled.
 */
export function identifyArtefact(name: string, head: Uint8Array): ArtefactKind {
  const bytes = head.subarray(0, HEAD_BYTES);
  const ending = name.toLowerCase();
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06))
    return 'package';
  if (isOpenTimestamps(bytes)) return 'opentimestamps';
  if (startsWith(bytes, 0xd2, 0x84)) return 'ccf';
  if (bytes[0] === 0x30) {
    if (formatHex(bytes.subarray(0, 64)).includes(SIGNED_DATA)) return 'rfc3161';
    if (/\.(tsr|tst|tok)$/.test(ending)) return 'rfc3161';
    if (/\.(cer|crt|der)$/.test(ending)) return 'trust';
  }
  const text = textOf(bytes);
  if (text !== null) {
    const isJson = /^\s*[{[]/.test(text);
    const found = (isJson ? MEMBERS : TEXTS).find(([, form]) => form.test(text));
    if (found) return found[0];
  }
  if (/\.(headers)$/.test(ending) && head.length % 80 === 0) return 'trust';
  return namedKind(ending);
}

/** What a file is, by its first bytes. @throws what the file's own reading throws */
export async function readKind(file: ArtefactFile): Promise<ArtefactKind> {
  return identifyArtefact(file.name, await file.read(0, Math.min(file.size, HEAD_BYTES)));
}

/** Files that are too broken to know themselves are judged as what they claim to be. */
function namedKind(ending: string): ArtefactKind {
  if (ending.endsWith('.zip')) return 'package';
  if (ending.endsWith('.ots')) return 'opentimestamps';
  if (/\.(tsr|tst)$/.test(ending)) return 'rfc3161';
  if (/\.(cose|scitt)$/.test(ending)) return 'ccf';
  if (/\.(jws|jwt)$/.test(ending)) return 'token';
  if (ending.endsWith('.tlog-proof')) return 'proof';
  if (ending.endsWith('.cosignature')) return 'c2sp';
  return ending.endsWith('.dsse.json') ? 'record' : 'unknown';
}

/** Text of the head; a character cut at its end does not count against it. */
function textOf(bytes: Uint8Array): string | null {
  for (let cut = 0; cut < 4 && cut <= bytes.length; cut++) {
    const text = decodeUtf8(cut === 0 ? bytes : bytes.subarray(0, bytes.length - cut));
    if (text.ok) return text.value;
  }
  return null;
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, at) => bytes[at] === byte);
}
