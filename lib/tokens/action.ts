/**
 * The action that a person authorises, in AuthZEN's shape, and its digest:
 *
 *   action_digest = base64url(SHA-256(JCS({subject, resource, action, context})))
 *
 * Worked example: {"action":{"name":"read"},"context":{},"resource":{"id":"1","type":"doc"},
 * "subject":{"id":"a","type":"agent"}} → `mc3PPFGYM962ZOliD0aIsBOVf0nvuUokD94q4FFRgD0`
 *
 * Absent members stay absent (they are not the same as empty ones), except `context`: a request without one
 * has the context `{}`, because the digest is always over all four.
 */
import * as z from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, isJsonObject, type JsonObject, parseJsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';

export type ActionEntity = { type: string; id: string; properties?: JsonObject };
export type Action = {
  subject: ActionEntity;
  resource: ActionEntity;
  action: { name: string; properties?: JsonObject };
  context: JsonObject;
};

const jsonObject = z.custom<JsonObject>((value) => {
  const json = parseJsonValue(value);
  return json.ok && isJsonObject(json.value);
}, 'a JSON object');

const name = z.string().min(1).max(1024);
const entity = z.strictObject({ type: name, id: name, properties: jsonObject.optional() });

/** Zod schema of an action; unknown members are refused, since nobody would have been shown them. */
export const actionSchema = z.strictObject({
  subject: entity,
  resource: entity,
  action: z.strictObject({ name, properties: jsonObject.optional() }),
  context: jsonObject.default(() => ({})),
});

/**
 * Reads a JSON value as an action: I-JSON only (no floats, integers within ±(2^53−1), well-formed strings,
 * depth ≤ 32), the AuthZEN members, nothing else.
 */
export function parseAction(value: unknown): Result<Action, 'action_not_json' | 'action_shape'> {
  const json = parseJsonValue(value);
  if (!json.ok) return err('action_not_json', json.code);
  const parsed = actionSchema.safeParse(json.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return err('action_shape', issue && `${issue.path.join('.') || 'action'}: ${issue.code}`);
  }
  return ok(parsed.data as Action);
}

/** The canonical text (RFC 8785) that is shown, hashed and signed: what you see is what you sign. */
export function formatAction(action: Action): string {
  const { subject, resource, context } = action;
  return formatCanonicalJson({ subject, resource, action: action.action, context } as JsonObject);
}

/** base64url(SHA-256(JCS(action))), 43 characters. */
export function actionDigest(action: Action): string {
  return formatBase64url(sha256(utf8(formatAction(action))));
}
