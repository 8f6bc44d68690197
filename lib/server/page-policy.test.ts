import { describe, expect, it } from 'vitest';
import { formatPagePolicy } from './page-policy';

const directives = (policy: string) =>
  new Map(policy.split('; ').map((each) => [each.split(' ')[0] ?? '', each.split(' ').slice(1)] as const));

describe('formatPagePolicy', () => {
  const policy = directives(formatPagePolicy('bm9uY2U=', false));

  it('lets only scripts with the nonce run', () => {
    expect(policy.get('script-src')).toEqual(["'self'", "'nonce-bm9uY2U='", "'strict-dynamic'"]);
  });

  it.each(['frame-ancestors', 'base-uri', 'object-src', 'frame-src'])('forbids %s', (name) => {
    expect(policy.get(name)).toEqual(["'none'"]);
  });

  it('names no other site and no wildcard anywhere', () => {
    for (const [name, sources] of policy) {
      for (const source of sources) expect(source, name).toMatch(/^(?:'[^']+'|data:)$/);
    }
  });

  it('allows inline only in style attributes', () => {
    const inline = [...policy]
      .filter(([, sources]) => sources.includes("'unsafe-inline'"))
      .map(([name]) => name);
    expect(inline).toEqual(['style-src-attr']);
  });
});
