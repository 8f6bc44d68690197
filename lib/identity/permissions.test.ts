import { describe, expect, it } from 'vitest';
import { checkNewPassword, mayUsePassword } from './password-rule';
import {
  DECIDING_ROLES,
  homePath,
  listPages,
  mayCombine,
  mayExportPayloads,
  mayLookBehind,
  PAGE_ROLES,
} from './permissions';
import { ROLES } from './role';

describe('permissions', () => {
  it('begins everybody on a page that they may open', () => {
    for (const role of ROLES) expect(listPages([role]) as string[]).toContain(homePath([role]).slice(1));
  });

  it('lets an administrator configure and not decide', () => {
    expect(PAGE_ROLES.queue as readonly string[]).not.toContain('admin');
    expect(DECIDING_ROLES as readonly string[]).not.toContain('admin');
    expect(homePath(['admin'])).toBe('/settings');
    expect(homePath(['admin', 'reviewer'])).toBe('/queue');
  });

  it('lets nobody who configures look behind a token or take contents away, whatever else they are', () => {
    const behind = ROLES.filter((role) => mayLookBehind([role]));
    expect(behind).toEqual(['compliance', 'data_protection']);
    for (const role of ROLES) {
      expect(mayLookBehind([role, 'admin'])).toBe(false);
      expect(mayExportPayloads([role, 'admin'])).toBe(false);
    }
    expect(ROLES.filter((role) => mayExportPayloads([role]))).toEqual(['compliance']);
    expect(mayCombine(['data_protection', 'admin'])).toBe(false);
    expect(mayCombine(['data_protection', 'compliance'])).toBe(true);
  });
});

describe('password accounts', () => {
  const demo = { tenantDemo: true, role: 'reviewer' } as const;
  const admin = { tenantDemo: false, role: 'admin' } as const;
  it.each([
    ['a member of nothing', [], true, false],
    ["the demo's reviewer in the demo", [demo], true, true],
    ["the demo's reviewer outside the demo", [demo], false, false],
    ['an administrator', [admin], false, true],
    [
      'an administrator who also reviews',
      [admin, { tenantDemo: false, role: 'reviewer' as const }],
      false,
      false,
    ],
    ['a person of the demo and of a real organisation', [demo, admin], true, false],
  ])('%s', (_name, memberships, consoleDemo, allowed) => {
    expect(mayUsePassword(memberships, consoleDemo)).toBe(allowed);
  });

  it.each([
    ['short of one character', 'abcdefghijklm', 'password_short'],
    ['one letter over and over', 'aaaaaaaaaaaaaaaa', 'password_uniform'],
    ['endless', 'abcdefghij'.repeat(21), 'password_long'],
  ])('refuses a new password that is %s', (_name, password, code) => {
    expect(checkNewPassword(password)).toMatchObject({ ok: false, code });
  });

  it('accepts one of fourteen characters', () => {
    expect(checkNewPassword('abcdefghijklmn').ok).toBe(true);
  });
});
