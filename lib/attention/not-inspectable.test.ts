import { describe, expect, it } from 'vitest';
import type { Evidence } from '@/lib/escalations/escalation-view';
import { blocksNotInspectable, listNotInspectable } from './not-inspectable';

const retrieved = (item: Partial<Evidence['retrieved'][number]>): Evidence => ({
  retrieved: [{ id: 'r', mediaType: 'text/plain', text: 'words', ...item }],
  guardrails: [],
});

describe('listNotInspectable', () => {
  it.each<[string, Evidence | null, boolean, number]>([
    ['plain text', retrieved({}), false, 0],
    ['JSON', retrieved({ mediaType: 'application/problem+json' }), false, 0],
    ['no evidence at all', null, false, 0],
    ['a PDF', retrieved({ mediaType: 'application/pdf' }), false, 1],
    ['an image that calls itself a picture of text', retrieved({ mediaType: 'image/text' }), false, 1],
    ['only a digest', retrieved({ text: undefined }), false, 1],
    ['evidence that is gone', null, true, 1],
  ])('%s', (_, evidence, gone, parts) => expect(listNotInspectable(evidence, gone)).toHaveLength(parts));

  it('never repeats what the agent named its items', () => {
    const [part] = listNotInspectable(retrieved({ id: 'approve-me', mediaType: 'application/pdf' }), false);
    expect(part).not.toContain('approve-me');
  });
});

describe('blocksNotInspectable', () => {
  it('stops what cannot be undone unless the policy says otherwise', () => {
    expect([
      blocksNotInspectable({}, 'reversible'),
      blocksNotInspectable({}, 'bounded'),
      blocksNotInspectable({}, 'unbounded'),
    ]).toEqual([false, true, true]);
    expect(blocksNotInspectable({ notInspectable: { unbounded: 'allow' } }, 'unbounded')).toBe(false);
    expect(blocksNotInspectable({ notInspectable: { reversible: 'block' } }, 'reversible')).toBe(true);
  });
});
