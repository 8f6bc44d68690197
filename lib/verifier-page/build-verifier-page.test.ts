import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildVerifierPage } from './build-verifier-page';

let page: string;
beforeAll(async () => {
  page = await buildVerifierPage(process.cwd());
});

/** The only element of this name; a second one would run or apply without a digest in the policy. */
function only(name: 'script' | 'style'): string {
  const found = [...page.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))];
  expect(found).toHaveLength(1);
  return found[0]?.[1] ?? '';
}

const digestOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('verify.html', () => {
  test('the same sources give the same bytes', async () => {
    expect(await buildVerifierPage(process.cwd())).toBe(page);
  });

  test('its policy names the digests of its one script and its one style sheet, and lets nothing out', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const directives = new Map(
      policy.split('; ').map((one) => [one.split(' ', 1)[0], one.slice(one.indexOf(' ') + 1)]),
    );
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('connect-src')).toBe("'none'");
    expect(directives.get('script-src')).toBe(digestOf(only('script')));
    expect(directives.get('style-src-elem')).toBe(digestOf(only('style')));
    expect(directives.get('worker-src')).toBe('blob:');
    expect(policy).not.toContain('unsafe-eval');
  });

  test('refers to no other file and to nothing of the machine it was built on', () => {
    const head = page.slice(0, page.indexOf('<style>')) + page.slice(page.lastIndexOf('</script>'));
    expect(head).not.toMatch(/\bsrc=|href="(?!data:,")/);
    expect(only('style')).not.toMatch(/url\((?!["']?data:)|@import/);
    expect(page).not.toContain(process.cwd());
    expect(page).not.toContain('sourceMappingURL');
  });

  test('carries its worker', () => {
    expect(page).toContain('tlog-proof@');
    expect(page.length).toBeLessThan(2_000_000);
  });
});
