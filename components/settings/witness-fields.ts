import type { WitnessType } from '@/lib/integrity/witness/witness-report';

/** One setting of a witness as a form asks for it. A secret is never shown again; left empty it stays as it is. */
export interface WitnessField {
  name: string;
  label: string;
  hint?: string;
  kind: 'text' | 'address' | 'lines' | 'number' | 'flag' | 'secret' | 'secret-block' | 'block';
  optional?: boolean;
  placeholder?: string;
}

/** One kind of witness that can be registered; stores that cannot be changed share a type and name their provider. */
export interface WitnessForm {
  key: string;
  type: WitnessType;
  label: string;
  /** Settings that the kind itself decides. */
  fixed?: Record<string, string>;
  everySeconds: number;
  fields: readonly WitnessField[];
}

const retention: readonly WitnessField[] = [
  {
    name: 'retainDays',
    label: 'Locked for, in days',
    kind: 'number',
    hint: 'Nobody can shorten it, you included.',
  },
  { name: 'prefix', label: 'Folder', kind: 'text', optional: true, placeholder: 'countersign/' },
];

export const WITNESS_FORMS: readonly WitnessForm[] = [
  {
    key: 'c2sp',
    type: 'c2sp',
    label: 'C2SP witness: a partner’s countersign witness, or a public one',
    everySeconds: 0,
    fields: [
      { name: 'address', label: 'Address', kind: 'address', placeholder: 'https://witness.example.org' },
      {
        name: 'vkey',
        label: 'Verifier key',
        kind: 'text',
        hint: 'The line that its operator publishes. Pin it below as well, or its word counts for nothing.',
        placeholder: 'witness.example.org+1a2b3c4d+B…',
      },
    ],
  },
  {
    key: 'rfc3161',
    type: 'rfc3161',
    label: 'Time-stamping authority (RFC 3161)',
    everySeconds: 600,
    fields: [
      { name: 'url', label: 'Address', kind: 'address', placeholder: 'https://tsa.example.org/tsr' },
      { name: 'policy', label: 'Policy OID', kind: 'text', optional: true, placeholder: '1.2.3.4.5' },
      { name: 'username', label: 'User', kind: 'text', optional: true },
      { name: 'password', label: 'Password', kind: 'secret', optional: true },
    ],
  },
  {
    key: 'opentimestamps',
    type: 'opentimestamps',
    label: 'OpenTimestamps calendars (Bitcoin)',
    everySeconds: 3_600,
    fields: [
      {
        name: 'calendars',
        label: 'Calendars, one a line',
        kind: 'lines',
        placeholder: 'https://alice.btc.calendar.opentimestamps.org',
      },
      {
        name: 'minimumCalendars',
        label: 'How many must answer',
        kind: 'number',
        optional: true,
        placeholder: '1',
      },
    ],
  },
  {
    key: 'worm-s3',
    type: 'worm',
    label: 'Write-once object: S3 Object Lock',
    fixed: { provider: 's3' },
    everySeconds: 3_600,
    fields: [
      { name: 'bucket', label: 'Bucket', kind: 'text', hint: 'Made with Object Lock.' },
      { name: 'region', label: 'Region', kind: 'text', placeholder: 'eu-central-1' },
      {
        name: 'endpoint',
        label: 'Address',
        kind: 'address',
        optional: true,
        hint: 'Of a store that is not Amazon’s own.',
      },
      { name: 'pathStyle', label: 'Bucket in the path', kind: 'flag' },
      ...retention,
      { name: 'accessKeyId', label: 'Access key', kind: 'text', optional: true },
      { name: 'secretAccessKey', label: 'Secret key', kind: 'secret', optional: true },
    ],
  },
  {
    key: 'worm-azure',
    type: 'worm',
    label: 'Write-once object: Azure immutable blob',
    fixed: { provider: 'azure' },
    everySeconds: 3_600,
    fields: [
      {
        name: 'endpoint',
        label: 'Address',
        kind: 'address',
        placeholder: 'https://account.blob.core.windows.net',
      },
      { name: 'container', label: 'Container', kind: 'text' },
      ...retention,
      {
        name: 'sasToken',
        label: 'Shared access signature',
        kind: 'secret',
        hint: 'Its query string, without ?.',
      },
    ],
  },
  {
    key: 'worm-gcs',
    type: 'worm',
    label: 'Write-once object: Google Cloud Storage retention',
    fixed: { provider: 'gcs' },
    everySeconds: 3_600,
    fields: [
      { name: 'bucket', label: 'Bucket', kind: 'text' },
      ...retention,
      { name: 'clientEmail', label: 'Service account', kind: 'text', optional: true },
      { name: 'privateKey', label: 'Its private key', kind: 'secret-block', optional: true, hint: 'PEM.' },
      { name: 'accessToken', label: 'Or an access token', kind: 'secret', optional: true },
    ],
  },
  {
    key: 'ccf',
    type: 'ccf',
    label: 'Azure Confidential Ledger',
    everySeconds: 3_600,
    fields: [
      {
        name: 'url',
        label: 'Address',
        kind: 'address',
        placeholder: 'https://ledger.confidential-ledger.azure.com',
      },
      { name: 'collection', label: 'Collection', kind: 'text', optional: true },
      {
        name: 'ledgerCertificate',
        label: 'The ledger’s certificate',
        kind: 'block',
        optional: true,
        hint: 'PEM.',
      },
      { name: 'certificate', label: 'Client certificate', kind: 'block', optional: true, hint: 'PEM.' },
      { name: 'privateKey', label: 'Its private key', kind: 'secret-block', optional: true, hint: 'PEM.' },
      { name: 'tokenEndpoint', label: 'Or: token endpoint', kind: 'address', optional: true },
      { name: 'clientId', label: 'Application', kind: 'text', optional: true },
      { name: 'clientSecret', label: 'Its secret', kind: 'secret', optional: true },
    ],
  },
  {
    key: 'rekor',
    type: 'rekor',
    label: 'Sigstore Rekor',
    everySeconds: 3_600,
    fields: [
      { name: 'url', label: 'Address', kind: 'address', placeholder: 'https://log2025-1.rekor.sigstore.dev' },
      { name: 'version', label: 'Version, v1 or v2', kind: 'text', optional: true, placeholder: 'v2' },
    ],
  },
];

/** The form of a registered witness. */
export function formOf(type: WitnessType, settings: Record<string, unknown>): WitnessForm | undefined {
  return WITNESS_FORMS.find(
    (form) =>
      form.type === type &&
      Object.entries(form.fixed ?? {}).every(([name, value]) => settings[name] === value),
  );
}

/** What was entered, as settings: what is empty is left out, so that a secret that is kept stays kept. */
export function readSettings(form: WitnessForm, entered: (name: string) => string): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...form.fixed };
  for (const { name, kind } of form.fields) {
    const text = entered(name).trim();
    if (kind === 'flag') settings[name] = text === 'on';
    else if (text === '') continue;
    else if (kind === 'number') settings[name] = Number(text);
    else if (kind === 'lines') settings[name] = text.split(/\s+/);
    // PEM ends with a newline.
    else settings[name] = kind === 'block' || kind === 'secret-block' ? `${text}\n` : text;
  }
  return settings;
}

/** A setting as it is shown in its field again. */
export function showSetting(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return value === undefined || value === null ? '' : String(value);
}
