import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import { formatRecordSchema, recordSchemaPath } from './record-json-schema';
import { KIND_NAMES } from './record-kinds';
import { completePayload } from './testing-body.test-data';

const ORIGIN = 'https://console.example';
const ajv = new Ajv2020({ strict: false, allErrors: true });

describe('the published schemas', () => {
  it.each(KIND_NAMES)('%s is a JSON Schema 2020-12 with an address of its own', (kind) => {
    const schema = formatRecordSchema(kind, ORIGIN);
    expect(schema.$id).toBe(`${ORIGIN}${recordSchemaPath(kind)}`);
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  const validate = ajv.compile({ ...formatRecordSchema('decision', ORIGIN), $id: 'decision-under-test' });

  it('another’s validator accepts what is complete, unknown members included', () => {
    expect(validate(completePayload()), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...completePayload(), mood: 'good' })).toBe(true);
  });

  it.each([
    ['another kind', { kind: 'change' }],
    [
      'an identifier where a token belongs',
      {
        body: {
          ...(completePayload().body as object),
          identity: {
            agent: { id: 'a', name: 'a', version: '1' },
            subjects: [{ type: 'patient', token: 'MRN-1' }],
          },
        },
      },
    ],
    ['a time that is not in the one form', { occurred_at: '2026-11-30T10:00:00Z' }],
    ['a foreign id with a space', { id: 'dec 1' }],
    ['a sequence that begins at nothing', { seq: 0 }],
    ['a schema of another major version', { schema_version: '2.0' }],
    ['no body', { body: undefined }],
  ])('and refuses %s, as this console does', (_name, overrides) => {
    const payload = JSON.parse(JSON.stringify(completePayload(1, overrides)));
    expect(validate(payload)).toBe(false);
  });
});
