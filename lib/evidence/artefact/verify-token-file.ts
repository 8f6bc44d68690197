import { decodeUtf8 } from '@/lib/core/bytes';
import { jwkThumbprint, verifyEd25519Async } from '@/lib/core/ed25519';
import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { isJsonObject, parseJson } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import type { TokenClaims } from '@/lib/tokens/claims';
import { DRILL_TOKEN_TYPE } from '@/lib/tokens/drill-token';
import { type ParsedToken, parseToken, TOKEN_TYPE } from '@/lib/tokens/token';
import { formatRoot } from '../find-root';
import type { TrustRoot, TrustRootOf } from '../trust/trust-root';
import type { ArtefactRun } from './artefact-report';

/** Drills carry tokens of their own key for an audience of their own: they can approve nothing. */
const DRILL_AUDIENCE = /(^|[:/-])drill($|[:/-])/;

/** An approval token: its form, the pinned key that signed it, and when that key could; the rest in plain words. */
export async function verifyTokenFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  const form = { id: 'token.form', title: 'Form' };
  const text = decodeUtf8(bytes);
  const parsed = parseToken(text.ok ? text.value.trim() : '');
  if (
    !parsed.ok &&
    parsed.code === 'token_type' &&
    claimsType(text.ok ? text.value : '') === DRILL_TOKEN_TYPE
  ) {
    tellDrill(run, form);
    return;
  }
  if (!parsed.ok) {
    const compared = 'the text with the form of an approval token: three parts, one key, known claims';
    run.tell({ ...form, verdict: 'invalid', code: parsed.code, compared });
    return;
  }
  const token = parsed.value;
  run.tell({
    ...form,
    verdict: 'valid',
    compared: 'three parts, the header and every claim with their form',
  });
  const roots = run.context.roots.filter((root) => root.kind === 'approval-key');
  const root = roots.find(({ kid }) => kid === token.header.kid);
  run.tell(await checkSignature(token, root, run.context.roots));
  if (root) run.tell(checkKeyTime(token.claims, root));
  if (DRILL_AUDIENCE.test(token.claims.aud))
    run.tell({
      id: 'token.audience',
      title: 'Audience',
      verdict: 'invalid',
      code: 'drill_token',
      compared: 'for whom it was made with what a gateway can be: a drill’s token is never an approval',
    });
  tellClaims(run, token);
}

/** The type that a token claims for itself: enough to name what it is, never to believe it. */
function claimsType(token: string): unknown {
  const header = parseBase64url(token.trim().split('.')[0] ?? '');
  const text = header.ok ? decodeUtf8(header.value) : header;
  const json = text.ok ? parseJson(text.value) : text;
  return json.ok && isJsonObject(json.value) ? json.value.typ : null;
}

function tellDrill(run: ArtefactRun, form: { id: string; title: string }): void {
  run.say(
    'What',
    'A drill’s token, never an approval: it was given for a practice and nothing may be done on it',
  );
  run.tell({
    ...form,
    verdict: 'invalid',
    code: 'drill_token',
    compared: 'the type in its header with that of an approval',
    expected: TOKEN_TYPE,
    computed: `${DRILL_TOKEN_TYPE}: a drill’s token is never an approval`,
  });
  run.note(
    'Drills are signed by a key of their own for an audience that no gateway has; every gateway refuses them.',
  );
}

async function checkSignature(
  token: ParsedToken,
  root: TrustRootOf<'approval-key'> | undefined,
  roots: readonly TrustRoot[],
): Promise<Check> {
  const base = {
    id: 'token.signature',
    title: 'Signature',
    compared: 'the Ed25519 signature over header and claims with the pinned approval key',
    key: token.header.kid,
  };
  const key = root ? parseBase64(root.publicKey) : null;
  if (!root || !key?.ok || jwkThumbprint(key.value) !== token.header.kid) {
    const others = roots.filter(({ kind }) => kind === 'approval-key').length;
    const has =
      others === 0 ? 'no approval key is pinned' : `none of the ${others} pinned approval keys is it`;
    return {
      ...base,
      verdict: 'not-checked',
      reason: `${has}: pin the key set of ${token.claims.iss} (its /.well-known/jwks.json, got from someone you trust)`,
    };
  }
  const valid = await verifyEd25519Async(key.value, token.signingInput, token.signature);
  return valid
    ? { ...base, verdict: 'valid', root: formatRoot(root) }
    : { ...base, verdict: 'invalid', code: 'signature_invalid', root: formatRoot(root) };
}

function checkKeyTime({ iat }: TokenClaims, root: TrustRootOf<'approval-key'>): Check {
  const issuedAt = instantOf(iat);
  const until = root.retiredAt ?? 'now';
  const base = {
    id: 'token.key-time',
    title: 'Key in force',
    compared: `when it was issued, ${issuedAt}, with the validity of its key`,
  };
  const isIn = issuedAt >= root.validFrom && (root.retiredAt === null || issuedAt < root.retiredAt);
  return isIn
    ? { ...base, verdict: 'valid' }
    : {
        ...base,
        verdict: 'invalid',
        code: 'key_validity',
        expected: `${root.validFrom} to ${until}`,
        computed: issuedAt,
      };
}

function tellClaims(run: ArtefactRun, { claims, header }: ParsedToken): void {
  const [detail] = claims.authorization_details;
  const isDrill = DRILL_AUDIENCE.test(claims.aud);
  run.say(
    'What',
    isDrill ? 'A drill: it was made to test attention and can approve nothing' : 'One approval',
  );
  run.say('Action', detail && `${detail.action.name} on ${detail.resource.type} ${detail.resource.id}`);
  run.say('Tier', detail?.tier);
  run.say('Action digest', detail?.action_digest, 'id');
  run.say('For gateway', claims.aud, 'id');
  run.say('For agent', claims.sub, 'id');
  run.say('On behalf of', claims.act.sub, 'id');
  for (const approval of claims.approvals) {
    const seconds = (approval.active_ms / 1_000).toFixed(1);
    run.say(
      'Approved by',
      `${approval.reviewer} as ${approval.role} at ${approval.decided_at}, after ${seconds} s of active reading, by ${approval.method}`,
    );
  }
  run.say(
    'In force',
    `${instantOf(claims.nbf)} to ${instantOf(claims.exp)}, ${stateOf(claims, run.context.nowMs)}`,
  );
  run.say('Policy', `${claims.policy.id}, version ${claims.policy.version}`);
  run.say('Rests on', `record ${claims.record.position} of ${claims.record.stream}`, 'id');
  run.say('Issued by', claims.iss, 'id');
  run.say('Approval', claims.jti, 'id');
  run.say('Key', header.kid, 'id');
  run.note(
    'A token does not tell whether it was redeemed or revoked: only the log does. An evidence package holds both.',
  );
}

function stateOf({ nbf, exp }: TokenClaims, nowMs: number): string {
  if (nowMs < nbf * 1_000) return 'not yet';
  return nowMs < exp * 1_000 ? 'in force now' : 'expired: it can no longer be redeemed';
}

function instantOf(seconds: number): string {
  return formatInstant(seconds * 1_000);
}
