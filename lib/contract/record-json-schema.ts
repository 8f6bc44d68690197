/**
 * The record schema as JSON Schema 2020-12, one document a kind, out of the zod schemas that parse the records. What a
 * JSON Schema cannot say (an instant that exists, a sum that fits) is said in `description`.
 */
import * as z from 'zod';
import { type RecordKind, recordPayload, SCHEMA_VERSION } from '@/lib/decisions/record-payload';
import { guideOf } from './record-kinds';

export type JsonSchema = Record<string, unknown>;

/** Path of a kind's document below the console's address. */
export function recordSchemaPath(kind: RecordKind): string {
  return `/schemas/records/${SCHEMA_VERSION}/${kind}.json`;
}

function convert(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return converted;
}

/**
 * The schema of a record's payload: the JSON inside the DSSE envelope. Members that it does not name are allowed
 * everywhere: they are kept with the record and not interpreted.
 * @param origin the console's address, without a slash at its end
 */
export function formatRecordSchema(kind: RecordKind, origin: string): JsonSchema {
  const { about, body, signedBy } = guideOf(kind);
  const payload = convert(recordPayload);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${origin}${recordSchemaPath(kind)}`,
    title: `Countersign record, kind ${kind}, schema ${SCHEMA_VERSION}`,
    description: `${about} Signed by ${signedBy === 'console' ? 'the console' : 'its producer'}. Envelope: DSSE v1, payloadType application/vnd.countersign.record.v1+json.`,
    ...payload,
    properties: {
      ...(payload.properties as JsonSchema),
      kind: { const: kind },
      body: convert(body),
    },
  };
}
