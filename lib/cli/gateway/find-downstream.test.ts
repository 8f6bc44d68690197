import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/core/json';
import { findDownstream } from './find-downstream';

const rules = {
  create: { system: 'tracker', type: 'issue', id: ['result', 'structuredContent', 'issues', 0, 'number'] },
  write: { system: 'files', type: 'file', id: ['arguments', 'path'] },
};
const created: JsonObject = { structuredContent: { issues: [{ number: 4471 }] } };

describe('findDownstream', () => {
  it('finds the id where the operator said, in the answer or in the arguments', () => {
    expect(findDownstream(rules, { tool: 'create' }, created)).toEqual([
      { system: 'tracker', type: 'issue', id: '4471' },
    ]);
    expect(findDownstream(rules, { tool: 'write', arguments: { path: '/a/b' } }, {})).toMatchObject([
      { id: '/a/b' },
    ]);
  });

  it('names by its digest what is no plain identifier', () => {
    const path = '/home/Ada Lovelace/plan.txt';
    const digest = createHash('sha256').update(path).digest('hex');
    expect(findDownstream(rules, { tool: 'write', arguments: { path } }, {})).toMatchObject([
      { id: `sha-256:${digest}` },
    ]);
  });

  it.each<[string, string, JsonObject]>([
    ['the answer has none', 'create', {}],
    ['an object stands there', 'create', { structuredContent: { issues: [{ number: {} }] } }],
    ['the place is inherited, not sent', 'create', { structuredContent: { issues: { length: 1 } } }],
    ['it is empty', 'create', { structuredContent: { issues: [{ number: '' }] } }],
    ['there is no rule for the tool', 'delete', created],
    ['the tool is called like a member of every object', 'constructor', created],
  ])('names nothing when %s', (_what, tool, result) => {
    expect(findDownstream(rules, { tool }, result)).toEqual([]);
  });
});
