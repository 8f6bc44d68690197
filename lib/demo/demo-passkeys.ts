import { utf8 } from '@/lib/core/bytes';
import { parseBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import type { AssertionResponse } from '@/lib/identity/passkey-requests';
import {
  formatAssertionResponse,
  formatRegistrationResponse,
  type SoftwareCredential,
  signAssertion,
} from '@/lib/integrity/passkey/software-authenticator';
import { getConfig } from '@/lib/server/config';
import { beginRegistration } from '@/lib/server/passkeys/begin-registration';
import { listOwnPasskeys } from '@/lib/server/passkeys/list-passkeys';
import { registerPasskey } from '@/lib/server/passkeys/register-passkey';
import { arePasskeysAvailable } from '@/lib/server/passkeys/relying-party';
import { retirePasskey } from '@/lib/server/passkeys/retire-passkey';
import { openDemoKeys } from './demo-keys';
import type { DemoSite } from './set-up-demo';

/** Who signed with a device while the demo's history was made. */
export const DEMO_SIGNERS: readonly string[] = ['jonas@demo.example'];

/** A person's device in software: its key lies beside the demo's other keys and really signs. */
export function openDemoDevice(email: string): SoftwareCredential {
  const name = `passkey/${email}`;
  const key = openDemoKeys(getConfig().dataDirectory, [name]).get(name);
  if (!key) throw new Error('a demo key was not made');
  return { secret: key.seed, credentialId: sha256(utf8(`credential of ${key.keyid}`)) };
}

function ceremony(options: Record<string, unknown>) {
  const challenge = parseBase64url(String(options.challenge));
  if (!challenge.ok) throw new Error('the challenge is base64url');
  const { origin, rpId } = getConfig();
  // Authenticators that keep no counter always say 0.
  return { challenge: challenge.value, origin, rpId, signCount: 0 };
}

/** What the person's device answers to a prepared verdict. */
export function signAsDemoDevice(email: string, options: Record<string, unknown>): AssertionResponse {
  const device = openDemoDevice(email);
  return formatAssertionResponse(device, signAssertion(device, ceremony(options)));
}

/** Registers the devices of a site's people as its history begins; none where browsers would offer no passkeys either. */
export async function registerDemoDevices(people: DemoSite['people'], atMs: number): Promise<void> {
  if (!arePasskeysAvailable()) return;
  for (const email of DEMO_SIGNERS) {
    const viewer = people.get(email);
    if (!viewer) continue;
    const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
    if ((await listOwnPasskeys(owner)).passkeys.length > 0) continue;
    const { registration } = await beginRegistration(viewer, undefined, { nowMs: atMs });
    const made = formatRegistrationResponse(openDemoDevice(email), ceremony(registration));
    await registerPasskey(viewer, { name: 'Old security key', registration: made }, { nowMs: atMs });
  }
}

/** Ends them when history ends: whoever tries the demo holds another device, and none of its keys. */
export async function endDemoDevices(people: DemoSite['people'], atMs: number): Promise<void> {
  for (const email of DEMO_SIGNERS) {
    const viewer = people.get(email);
    if (!viewer) continue;
    const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
    const { passkeys } = await listOwnPasskeys(owner);
    for (const { id } of passkeys.filter(({ retiredAt }) => retiredAt === null))
      await retirePasskey({ ...owner, passkey: id, reason: 'replaced', by: owner.person }, { nowMs: atMs });
  }
}
