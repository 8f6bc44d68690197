import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { formatBase64url } from '@/lib/core/encoding';
import type { RegisterPasskeyRequest, RegistrationResponse } from '@/lib/identity/passkey-requests';
import type { Viewer } from '@/lib/identity/viewer';
import { PASSKEY_ALGORITHMS, parseCoseKey } from '@/lib/integrity/passkey/cose-key';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { MOST_PASSKEYS } from './begin-registration';
import { type CeremonyPurpose, takeCeremony } from './ceremonies';
import { checkAssertion } from './check-assertion';
import { findGrant, spendLink } from './find-grant';
import { findActivePasskeys } from './find-passkeys';
import { readChallenge } from './read-challenge';
import { type RelyingParty, requireRelyingParty } from './relying-party';

type Owner = { tenant: string; person: string };

/**
 * Registers a device as a passkey of this person in this organisation, and records whose it is and with which key its
 * signatures verify. User verification is required; its attestation is kept and not judged.
 * @throws ServiceError `passkeys_unavailable`, `ceremony_unknown`, `passkey_invalid`, `passkey_exists`, `passkey_limit`,
 * `passkey_link_required`, `link_invalid`, and those of `checkAssertion` for the confirming passkey
 */
export async function registerPasskey(
  viewer: Pick<Viewer, 'person' | 'tenant'>,
  request: RegisterPasskeyRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const party = requireRelyingParty();
  const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
  const at = { nowMs };
  const challenge = await takeOwn(owner, 'register', request.registration.response.clientDataJSON, at);
  const confirming =
    request.confirmation &&
    (await takeOwn(owner, 'confirm', request.confirmation.response.clientDataJSON, at));
  const made = await verifyRegistration(request.registration, challenge, party);
  return inTransaction(async (tx) => {
    // Two registrations of one person come one after the other, so that only one is the first.
    await tx.query('SELECT 1 FROM people WHERE id = $1 FOR UPDATE', [owner.person]);
    const { grant, administrator } = await findGrant(tx, owner, request.link, at);
    if (grant === 'link') throw new ServiceError('passkey_link_required');
    if ((await findActivePasskeys(tx, owner)).length >= MOST_PASSKEYS)
      throw new ServiceError('passkey_limit');
    if (grant === 'passkey' && (!request.confirmation || !confirming))
      throw new ServiceError('passkey_required', 'Confirm with a passkey that you have.');
    const confirmed =
      grant === 'passkey' && request.confirmation && confirming
        ? await checkAssertion(tx, owner, { assertion: request.confirmation, challenge: confirming }, at)
        : null;
    if (request.link !== undefined) await spendLink(tx, request.link, at);
    const id = newId('pky', nowMs);
    const { credential } = made;
    const publicKey = new Uint8Array(credential.publicKey);
    await requireNew(tx, credential.id);
    const record = await journal(tx, {
      tenant: owner.tenant,
      kind: 'key.added',
      id: newId('rec', nowMs),
      body: {
        key: 'passkey',
        person: owner.person,
        credential_id: credential.id,
        public_key: formatBase64url(publicKey),
        rp_id: party.id,
        allowed_by: grant,
        ...(confirmed ? { credential: confirmed.credentialId } : {}),
        ...(administrator ? { administrator } : {}),
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO passkeys (id, tenant, person, credential_id, public_key, attestation, aaguid, transports, backed_up,
         name, sign_count, created_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        id,
        owner.tenant,
        owner.person,
        credential.id,
        publicKey,
        new Uint8Array(made.attestationObject),
        made.aaguid,
        request.registration.response.transports,
        made.credentialBackedUp,
        request.name,
        credential.counter,
        new Date(nowMs),
        record.stream,
        record.position,
      ],
    );
    return { id };
  });
}

/** A challenge of this person's and for this purpose, taken for good. @throws ServiceError `ceremony_unknown` */
async function takeOwn(
  owner: Owner,
  purpose: CeremonyPurpose,
  clientDataJson: string,
  at: { nowMs: number },
): Promise<Uint8Array> {
  const challenge = readChallenge(clientDataJson);
  const ceremony = challenge && (await takeCeremony(getPool(), challenge, at));
  if (
    !challenge ||
    !ceremony ||
    ceremony.purpose !== purpose ||
    ceremony.tenant !== owner.tenant ||
    ceremony.person !== owner.person
  )
    throw new ServiceError('ceremony_unknown');
  return challenge;
}

async function verifyRegistration(
  response: RegistrationResponse,
  challenge: Uint8Array,
  party: RelyingParty,
) {
  const verified = await verifyRegistrationResponse({
    response: {
      ...response,
      clientExtensionResults: {},
      response: {
        clientDataJSON: response.response.clientDataJSON,
        attestationObject: response.response.attestationObject,
      },
    },
    expectedChallenge: formatBase64url(challenge),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    expectedType: 'webauthn.create',
    requireUserPresence: true,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
  }).catch(() => null);
  const made = verified?.registrationInfo;
  // A key that the verifiers of later years could not read would sign nothing that counts.
  if (!verified?.verified || !made || !parseCoseKey(new Uint8Array(made.credential.publicKey)).ok)
    throw new ServiceError('passkey_invalid');
  return made;
}

async function requireNew(tx: Tx, credentialId: string): Promise<void> {
  const known = await tx.query('SELECT 1 FROM passkeys WHERE credential_id = $1', [credentialId]);
  if (known.rowCount) throw new ServiceError('passkey_exists');
}
