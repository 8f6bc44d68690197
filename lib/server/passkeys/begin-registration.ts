import { generateRegistrationOptions } from '@simplewebauthn/server';
import { utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import type { PasskeyOptions } from '@/lib/identity/passkey-requests';
import type { Viewer } from '@/lib/identity/viewer';
import { PASSKEY_ALGORITHMS } from '@/lib/integrity/passkey/cose-key';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newRandomBytes } from '../random';
import { CEREMONY_MS, type CeremonyPurpose, openCeremony } from './ceremonies';
import { findGrant } from './find-grant';
import { findActivePasskeys } from './find-passkeys';
import { requireRelyingParty } from './relying-party';
import { requestOptions } from './request-options';

/** Most passkeys that one person has in one organisation. */
export const MOST_PASSKEYS = 10;

type Owner = Pick<Viewer, 'person' | 'tenant'>;

/**
 * Makes the challenges of a registration: for the new device, and for one that the person has already, which must agree.
 * @throws ServiceError `passkeys_unavailable`, `passkey_limit`, `passkey_link_required`, `link_invalid`
 */
export async function beginRegistration(
  viewer: Owner,
  link: string | undefined,
  { nowMs = clockNowMs() } = {},
): Promise<PasskeyOptions> {
  const party = requireRelyingParty();
  const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
  return inTransaction(async (tx) => {
    const { grant } = await findGrant(tx, owner, link, { nowMs });
    if (grant === 'link') throw new ServiceError('passkey_link_required');
    const passkeys = await findActivePasskeys(tx, owner);
    if (passkeys.length >= MOST_PASSKEYS) throw new ServiceError('passkey_limit');
    const registration = await generateRegistrationOptions({
      rpName: 'Countersign',
      rpID: party.id,
      userName: viewer.person.email,
      userDisplayName: `${viewer.person.name} (${viewer.tenant.name})`,
      userID: new Uint8Array(userHandle(owner)),
      challenge: new Uint8Array(await newChallenge(tx, owner, 'register', nowMs)),
      timeout: CEREMONY_MS,
      attestationType: 'none',
      excludeCredentials: passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
    const confirmation =
      grant === 'passkey'
        ? await requestOptions(party, passkeys, await newChallenge(tx, owner, 'confirm', nowMs))
        : null;
    return { registration: { ...registration }, confirmation };
  });
}

/** One account a person and organisation on an authenticator: a passkey of another organisation is not replaced. */
function userHandle({ tenant, person }: { tenant: string; person: string }): Uint8Array {
  return sha256(utf8(`countersign/passkey-user/v1\n${tenant}\n${person}`));
}

async function newChallenge(
  tx: Tx,
  owner: { tenant: string; person: string },
  purpose: CeremonyPurpose,
  nowMs: number,
): Promise<Uint8Array> {
  const challenge = newRandomBytes(32);
  await openCeremony(tx, { ...owner, purpose, challenge, signs: null }, { nowMs });
  return challenge;
}
