import { utf8 } from '@/lib/core/bytes';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { SubmitRequest } from '@/lib/escalations/access-request';
import { type Action, formatAction, parseAction } from '@/lib/tokens/action';
import { ServiceError } from '../errors';

/** What the token repeats inline must fit into a token of 16 KiB beside eight reviewers. */
const MAX_INLINE_BYTES = 6_144;
const MAX_ACTION_BYTES = 65_536;

/**
 * The action of a request, when it can be shown faithfully and fits into a token.
 * @throws ServiceError `malformed_request`, `request_too_large`
 */
export function requireSubmittable(request: SubmitRequest): Action {
  requireDrawable(request);
  const { subject, resource, action: name, context } = request;
  const action = parseAction({ subject, resource, action: name, context });
  if (!action.ok) throw new ServiceError('malformed_request', `The action: ${action.detail ?? action.code}.`);
  const inline = formatCanonicalJson({ resource, action: name } as JsonValue);
  if (utf8(inline).length > MAX_INLINE_BYTES) {
    throw new ServiceError(
      'request_too_large',
      `"resource" and "action" may have ${MAX_INLINE_BYTES} bytes together; name large content by its digest.`,
    );
  }
  if (utf8(formatAction(action.value)).length > MAX_ACTION_BYTES) {
    throw new ServiceError('request_too_large', `The action may have ${MAX_ACTION_BYTES} bytes.`);
  }
  return action.value;
}

/** U+0000 can neither be drawn nor stored in what the queue shows; evidence is kept as bytes and may hold it. */
function requireDrawable({ evidence: _, ...shown }: SubmitRequest): void {
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(formatCanonicalJson(shown as JsonValue))) {
    throw new ServiceError('malformed_request', 'U+0000 cannot be shown to a reviewer.');
  }
}
