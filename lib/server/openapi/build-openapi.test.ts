import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildOpenapi } from './build-openapi';
import { MACHINE_OPERATIONS } from './machine-operations';

type Node = Record<string, unknown>;
const document = buildOpenapi('https://console.example') as {
  openapi: string;
  paths: Record<string, Record<string, Node>>;
  components: { schemas: Record<string, Node> };
};

function at(node: unknown, ...path: string[]): unknown {
  return path.reduce((current, key) => (current as Node)?.[key], node);
}

describe('OpenAPI', () => {
  it('names only routes that exist', async () => {
    for (const { path, method } of MACHINE_OPERATIONS) {
      const file = join(process.cwd(), 'app', path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts');
      expect(existsSync(file), file).toBe(true);
      expect(Object.keys(await import(file))).toContain(method.toUpperCase());
    }
  });

  it('is one JSON document whose references all resolve', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] as string);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references)
      expect(at(document, ...reference.split('/')), reference).toBeDefined();
    expect(text).not.toContain('undefined');
    expect(document.openapi).toBe('3.1.0');
  });

  it('describes an action as the parser reads it: closed, with its context optional', () => {
    const schema = at(
      document.paths['/access/v1/evaluation'],
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    );
    expect(schema).toMatchObject({
      type: 'object',
      required: ['subject', 'resource', 'action'],
      additionalProperties: false,
      properties: { context: { type: 'object' }, action: { required: ['name'] } },
    });
  });

  it('lists every code of an operation under the status it is sent with, and every code in the schema', () => {
    const responses = at(document.paths['/access/v1/approvals/{approvalId}/redeem'], 'post', 'responses');
    expect(at(responses, '409', 'description')).toContain('`already_redeemed`');
    expect(at(responses, '401', 'description')).toContain('`signature_replayed`');
    expect(at(document.components.schemas.Problem, 'properties', 'code', 'enum')).toContain(
      'dwell_too_short',
    );
  });

  it('every operation has its own id, and signed ones say so', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(document.paths['/access/v1/requests']?.post?.security).toEqual([{ httpSignature: [] }]);
    expect(document.paths['/api/v1/records']?.post?.security).toEqual([]);
  });
});
