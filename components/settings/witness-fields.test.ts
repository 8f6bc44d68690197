import { describe, expect, it } from 'vitest';
import { WITNESS_TYPES } from '@/lib/integrity/witness/witness-report';
import { adapterOf } from '@/lib/server/witnesses/adapters';
import { formOf, readSettings, showSetting, WITNESS_FORMS, type WitnessForm } from './witness-fields';

/** What a person would enter, by field. */
const ENTERED: Record<string, Record<string, string>> = {
  c2sp: {
    address: 'https://w.example',
    vkey: 'witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G',
  },
  rfc3161: { url: 'https://tsa.example/tsr', policy: '1.2.3.4', username: 'bank', password: 'secret' },
  opentimestamps: { calendars: ' https://a.example\nhttps://b.example/ ', minimumCalendars: '2' },
  'worm-s3': {
    bucket: 'audit-log',
    region: 'eu-central-1',
    pathStyle: 'on',
    retainDays: '3650',
    prefix: 'log/',
  },
  'worm-azure': {
    endpoint: 'https://account.blob.core.windows.net',
    container: 'audit-log',
    retainDays: '3650',
    sasToken: 'sv=2022&sig=abc',
  },
  'worm-gcs': { bucket: 'audit-log', retainDays: '3650', accessToken: 'token' },
  ccf: {
    url: 'https://ledger.example',
    tokenEndpoint: 'https://login.example/token',
    clientId: 'app',
    clientSecret: 'secret',
  },
  rekor: { url: 'https://rekor.example', version: 'v2' },
};
const fill = (form: WitnessForm) => readSettings(form, (name) => ENTERED[form.key]?.[name] ?? '');

describe('the forms of witnesses', () => {
  it('cover every type', () => {
    expect(new Set(WITNESS_FORMS.map(({ type }) => type))).toEqual(new Set(WITNESS_TYPES));
  });

  it.each(WITNESS_FORMS.map((form) => [form.key, form] as const))(
    '%s is what its adapter reads',
    (_key, form) => {
      const settings = fill(form);
      const adapter = adapterOf(form.type, settings);
      expect(adapter?.settings.safeParse(settings)).toMatchObject({ success: true });
      const secrets = form.fields.filter(({ kind }) => kind.startsWith('secret')).map(({ name }) => name);
      expect(adapter?.secretFields).toEqual(expect.arrayContaining(secrets));
      const shown = form.fields.filter(({ kind }) => !kind.startsWith('secret')).map(({ name }) => name);
      expect(shown.filter((name) => adapter?.secretFields.includes(name))).toEqual([]);
      expect(formOf(form.type, settings)).toBe(form);
    },
  );

  it('leave out what is empty, and read back what they show', () => {
    const form = WITNESS_FORMS.find(({ key }) => key === 'opentimestamps') as WitnessForm;
    expect(fill(form)).toEqual({
      calendars: ['https://a.example', 'https://b.example/'],
      minimumCalendars: 2,
    });
    expect(showSetting(fill(form).calendars)).toBe('https://a.example\nhttps://b.example/');
    expect(readSettings(form, () => '')).toEqual({});
    expect(showSetting(undefined)).toBe('');
  });
});
