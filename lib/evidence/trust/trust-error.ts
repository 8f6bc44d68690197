/** Why a file is not taken as trust roots. */
export const TRUST_ERROR_CODES = [
  'trust_too_large',
  'trust_unrecognised',
  'trust_json',
  'trust_shape',
  'trust_format',
  'trust_fingerprint',
  'trust_key',
  'trust_certificate',
  'trust_empty',
  'trust_kind_needed',
  'trust_private_key',
] as const;
export type TrustErrorCode = (typeof TRUST_ERROR_CODES)[number];

/** What each code means, for whoever chose the file. */
export const TRUST_SENTENCES: Readonly<Record<TrustErrorCode, string>> = {
  trust_too_large: 'The file is larger than any collection of keys needs to be, so it was not read.',
  trust_unrecognised:
    'This is no file of keys that can be pinned: no trust file, certificate, note key, key set, block header or trusted root.',
  trust_json: 'The file begins like JSON and cannot be read as JSON.',
  trust_shape: 'The file does not have the form of its kind.',
  trust_format: 'The file names another format than countersign/trust/v1.',
  trust_fingerprint:
    'A fingerprint in the file is not that of the key beside it. Nothing of the file was taken: it may have been changed.',
  trust_key: 'A key in the file is malformed, weak or of another kind than the file says.',
  trust_certificate: 'A certificate in the file cannot be read as X.509 in DER.',
  trust_empty: 'The file holds no key of a kind that is used here.',
  trust_kind_needed:
    'A key or certificate alone does not say what it is to be trusted for. Say which kind it is and choose it again.',
  trust_private_key: 'The file holds a private key. Only public keys are pinned; keep this one secret.',
};
