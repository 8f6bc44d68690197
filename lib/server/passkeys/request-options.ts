import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { CEREMONY_MS } from './ceremonies';
import type { ActivePasskey } from './find-passkeys';
import type { RelyingParty } from './relying-party';

/** What the browser asks the device to sign: PublicKeyCredentialRequestOptionsJSON, user verification required. */
export async function requestOptions(
  party: RelyingParty,
  passkeys: readonly ActivePasskey[],
  challenge: Uint8Array,
): Promise<Record<string, unknown>> {
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: new Uint8Array(challenge),
    timeout: CEREMONY_MS,
    userVerification: 'required',
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
  });
  return { ...options };
}
