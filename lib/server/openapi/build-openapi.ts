import { ERROR_STATUS, type ErrorCode } from '../errors';
import { type JsonSchema, jsonSchemaOf } from './json-schema';
import { MACHINE_OPERATIONS, NAMED_SCHEMAS, type Operation } from './machine-operations';

/** What any signed request may be answered, whatever the route. */
const SIGNED_ERRORS: readonly ErrorCode[] = [
  'signature_missing',
  'signature_invalid',
  'signature_expired',
  'signature_replayed',
  'content_digest_mismatch',
  'key_unknown',
  'key_retired',
  'producer_disabled',
];
/** What any request with a body may be answered. */
const BODY_ERRORS: readonly ErrorCode[] = [
  'invalid_json',
  'duplicate_json_key',
  'json_too_deep',
  'request_too_large',
  'unsupported_media_type',
];
const SERVICE_ERRORS: readonly ErrorCode[] = ['database_unavailable', 'internal'];

/** OpenAPI 3.1 of the machine routes, out of the schemas that parse their requests. `origin` is the console's own. */
export function buildOpenapi(origin: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of MACHINE_OPERATIONS) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = formatOperation(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign',
      version: '1',
      description:
        'Access requests and approvals for AI agents (OpenID AuthZEN, Access Request and Approval Profile), and their verifiable records.',
    },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: {
        Problem: problemSchema(),
        ...Object.fromEntries(
          Object.entries(NAMED_SCHEMAS).map(([name, schema]) => [name, jsonSchemaOf(schema, 'input')]),
        ),
      },
      securitySchemes: {
        httpSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'Signature',
          description:
            'RFC 9421 with Ed25519: covers "@method", "@target-uri" and, with a body, "content-digest" (RFC 9530); parameters created (within 60 s), nonce (16–128 characters, never used before), keyid, alg="ed25519"; optional tag. Signature-Input beside it.',
        },
      },
    },
  };
}

function formatOperation(operation: Operation): JsonSchema {
  const { request, parameters } = operation;
  return {
    operationId: operation.operationId,
    summary: operation.summary,
    security: operation.signed ? [{ httpSignature: [] }] : [],
    ...(parameters
      ? {
          parameters: parameters.map(({ about, schema, ...rest }) => ({
            ...rest,
            description: about,
            schema: jsonSchemaOf(schema, 'input'),
          })),
        }
      : {}),
    ...(request ? { requestBody: { required: true, content: formatContent(request, 'input') } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.responses).map(([status, { about, content }]) => [
          status,
          { description: about, content: formatContent(content, 'output') },
        ]),
      ),
      ...problemResponses(operation),
    },
  };
}

function formatContent(content: Operation['request'] & {}, io: 'input' | 'output'): JsonSchema {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: jsonSchemaOf(schema, io) }]),
  );
}

/** The codes of one operation under the statuses they are sent with. */
function problemResponses(operation: Operation): JsonSchema {
  const codes = new Set<ErrorCode>([
    ...operation.errors,
    ...(operation.signed ? SIGNED_ERRORS : []),
    ...(operation.request ? BODY_ERRORS : []),
    ...SERVICE_ERRORS,
  ]);
  const byStatus = new Map<string, ErrorCode[]>();
  for (const code of codes) {
    const status = String(ERROR_STATUS[code]);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: JsonSchema = {};
  for (const [status, list] of byStatus) {
    if (status in operation.responses) continue;
    responses[status] = {
      description: list.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function problemSchema(): JsonSchema {
  return {
    type: 'object',
    description: 'RFC 9457; `type` resolves to what the code means.',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
      detail: { type: 'string' },
    },
  };
}
