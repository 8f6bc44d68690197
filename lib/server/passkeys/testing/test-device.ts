import { randomBytes } from 'node:crypto';
import { parseBase64url } from '@/lib/core/encoding';
import type { Viewer } from '@/lib/identity/viewer';
import {
  type CeremonyInput,
  formatAssertionResponse,
  formatRegistrationResponse,
  type SoftwareCredential,
  signAssertion,
} from '@/lib/integrity/passkey/software-authenticator';
import { beginRegistration } from '../begin-registration';
import { registerPasskey } from '../register-passkey';

/** Where a test console is reached as passkeys need it. */
export const PASSKEY_ORIGIN = 'https://console.test';
const RP_ID = 'console.test';

type Owner = Pick<Viewer, 'person' | 'tenant'>;
type Deviation = Partial<Omit<CeremonyInput, 'challenge'>>;

/** A device of a test's person: a real P-256 key that counts its uses. */
export class TestDevice {
  readonly credential: SoftwareCredential;
  signCount = 0;

  constructor(credential: Partial<SoftwareCredential> = {}) {
    this.credential = {
      secret: credential.secret ?? new Uint8Array(randomBytes(32)),
      credentialId: credential.credentialId ?? new Uint8Array(randomBytes(16)),
    };
  }

  /** Answers request options (PublicKeyCredentialRequestOptionsJSON). */
  sign(options: Record<string, unknown>, deviation: Deviation = {}) {
    this.signCount += 1;
    const input = this.#input(options, deviation);
    return formatAssertionResponse(this.credential, signAssertion(this.credential, input));
  }

  /** Answers creation options (PublicKeyCredentialCreationOptionsJSON). */
  create(options: Record<string, unknown>, deviation: Deviation = {}) {
    return formatRegistrationResponse(this.credential, this.#input(options, deviation));
  }

  #input(options: Record<string, unknown>, deviation: Deviation): CeremonyInput {
    const challenge = parseBase64url(String(options.challenge));
    if (!challenge.ok) throw new Error('the challenge is base64url');
    return {
      challenge: challenge.value,
      origin: PASSKEY_ORIGIN,
      rpId: RP_ID,
      signCount: this.signCount,
      ...deviation,
    };
  }
}

/** Registers a device through the verbs, confirmed by `by` where the person has one. */
export async function registerDevice(
  owner: Owner,
  given: { device?: TestDevice; by?: TestDevice; link?: string; name?: string } = {},
  at: { nowMs?: number } = {},
): Promise<{ id: string; device: TestDevice }> {
  const device = given.device ?? new TestDevice();
  const options = await beginRegistration(owner, given.link, at);
  const { id } = await registerPasskey(
    owner,
    {
      name: given.name ?? 'Laptop',
      registration: device.create(options.registration),
      ...(options.confirmation && given.by ? { confirmation: given.by.sign(options.confirmation) } : {}),
      ...(given.link === undefined ? {} : { link: given.link }),
    },
    at,
  );
  return { id, device };
}
