import * as sealed from '../secrets/seal-secrets';

const ownerOf = (name: string) => ({ scope: 'witness-secrets', tenant: '*', name }) as const;

/** Secrets of a witness's settings, bound to the witness's name. */
export function sealSecrets(witness: string, secrets: Record<string, string>): Uint8Array {
  return sealed.sealSecrets(ownerOf(witness), secrets);
}

/** Null when they were altered, moved, or sealed under another key. */
export function openSecrets(witness: string, bytes: Uint8Array): Record<string, string> | null {
  return sealed.openSecrets(ownerOf(witness), bytes);
}
