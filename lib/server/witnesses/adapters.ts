import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { azureImmutableBlobAdapter } from '../adapters/azure-immutable-blob';
import { c2spAdapter } from '../adapters/c2sp';
import { confidentialLedgerAdapter } from '../adapters/confidential-ledger';
import { gcsRetentionAdapter } from '../adapters/gcs-retention';
import { openTimestampsAdapter } from '../adapters/opentimestamps';
import { rekorAdapter } from '../adapters/rekor';
import { rfc3161Adapter } from '../adapters/rfc3161';
import { s3ObjectLockAdapter } from '../adapters/s3-object-lock';
import type { WitnessAdapter } from './witness-adapter';

/** Settings differ from adapter to adapter; each parses its own, so that here they are unknown. */
type AnyAdapter = WitnessAdapter<unknown>;
const any = <S>(adapter: WitnessAdapter<S>): AnyAdapter => adapter as unknown as AnyAdapter;

/** Write-once stores by what their settings call `provider`. */
const STORES: Record<string, AnyAdapter> = {
  s3: any(s3ObjectLockAdapter),
  azure: any(azureImmutableBlobAdapter),
  gcs: any(gcsRetentionAdapter),
};

const ADAPTERS: Record<WitnessType, (settings: Record<string, unknown>) => AnyAdapter | null> = {
  rfc3161: () => any(rfc3161Adapter),
  opentimestamps: () => any(openTimestampsAdapter),
  worm: ({ provider }) =>
    typeof provider === 'string' && Object.hasOwn(STORES, provider) ? (STORES[provider] ?? null) : null,
  ccf: () => any(confidentialLedgerAdapter),
  rekor: () => any(rekorAdapter),
  c2sp: () => any(c2spAdapter),
};

/** The adapter for witnesses of this type; a write-once store's settings name their provider. Null when there is none. */
export function adapterOf(type: WitnessType, settings: Record<string, unknown>): AnyAdapter | null {
  return ADAPTERS[type](settings);
}
