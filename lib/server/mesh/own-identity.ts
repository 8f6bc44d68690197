import { formatBase64url } from '@/lib/core/encoding';
import { checkpointKeyOf } from '@/lib/integrity/checkpoint';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import type { OwnMeshIdentity } from '@/lib/mesh/mesh-requests';
import { getConfig } from '../config';
import { getSigningKey } from '../keys/key-directory';
import { logSigner } from '../log/log-head';

/** Name and seed under which this console cosigns its peers' checkpoints. */
export function witnessSigner(): { name: string; seed: Uint8Array } {
  return { name: `${new URL(getConfig().origin).host}/witness`, seed: getSigningKey('witness').seed };
}

/** What another console's administrator pins of this one. */
export function getOwnIdentity(): OwnMeshIdentity {
  const { origin } = getConfig();
  const witness = witnessSigner();
  const { publicKey } = getSigningKey('witness');
  return {
    url: origin,
    logVkey: formatNoteKey(checkpointKeyOf(logSigner())),
    publicKey: formatBase64url(getSigningKey('mesh').publicKey),
    witnessUrl: `${origin}/witness`,
    witnessVkey: formatNoteKey(noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKey)),
  };
}
