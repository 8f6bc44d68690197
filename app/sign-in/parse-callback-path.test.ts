import { describe, expect, it } from 'vitest';
import { parseCallbackPath } from './parse-callback-path';

describe('parseCallbackPath', () => {
  it('keeps a path of this console with its query', () => {
    expect(parseCallbackPath('/decisions?q=subject%3Atok_1#x')).toBe('/decisions?q=subject%3Atok_1#x');
  });

  it.each([
    ['another site', 'https://evil.example/'],
    ['another site without scheme', '//evil.example/'],
    ['backslash that browsers read as a slash', '/\\evil.example'],
    ['tab that browsers drop', '/\t/evil.example'],
    ['dots that end in two slashes', '/.//evil.example'],
    ['script', 'javascript:alert(1)'],
    ['the sign-in page, for ever', '/sign-in?callbackUrl=/sign-in'],
    ['a route that does something', '/api/auth/signout'],
    ['several values', ['/queue', '/x']],
    ['nothing', undefined],
    ['something endless', `/${'a'.repeat(3000)}`],
  ])('starts at the start for %s', (_, value) => {
    expect(parseCallbackPath(value)).toBe('/');
  });
});
