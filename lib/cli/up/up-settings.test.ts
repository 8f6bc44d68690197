import { describe, expect, it } from 'vitest';
import { parseUpSettings } from './up-settings';

describe('the settings of up', () => {
  it('begins at http://localhost:3000, heard on this machine only', () => {
    expect(parseUpSettings([], {})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      origin: 'http://localhost:3000',
      empty: false,
      databaseUrl: undefined,
    });
  });

  it('takes everything from the environment', () => {
    const env = {
      PORT: '3456',
      HOST: '0.0.0.0',
      COUNTERSIGN_DATA: '/srv/console',
      COUNTERSIGN_ORIGIN: 'https://console.example.org/',
      DATABASE_URL: 'postgres://a@b/c',
    };
    expect(parseUpSettings(['--empty'], env)).toEqual({
      port: 3456,
      host: '0.0.0.0',
      origin: 'https://console.example.org',
      dataDirectory: '/srv/console',
      databaseUrl: 'postgres://a@b/c',
      empty: true,
    });
  });

  it('understands the flag that npm keeps for itself', () => {
    expect(parseUpSettings([], { npm_config_empty: 'true' }).empty).toBe(true);
  });

  it('names a host that is not this machine in the address', () => {
    expect(parseUpSettings([], { HOST: 'fd00::1' }).origin).toBe('http://[fd00::1]:3000');
  });

  it.each([
    ['a port in words', [], { PORT: 'http' }, /^PORT /],
    ['a port past the last', [], { PORT: '65536' }, /^PORT /],
    [
      'an address with a path',
      [],
      { COUNTERSIGN_ORIGIN: 'https://a.example/console' },
      /^COUNTERSIGN_ORIGIN /,
    ],
    ['an address of another kind', [], { COUNTERSIGN_ORIGIN: 'ftp://a.example' }, /^COUNTERSIGN_ORIGIN /],
    ['an unknown option', ['--demo'], {}, /does not know --demo/],
  ])('refuses %s in one sentence', (_name, args, env, sentence) => {
    expect(() => parseUpSettings(args, env)).toThrow(sentence);
  });
});
