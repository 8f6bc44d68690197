import { parseSearchQuery } from '@/lib/decisions/search-query';
import type { ExportPreview } from '@/lib/evidence/package/export-request';
import { MAX_PACKAGE_DECISIONS, type PackageScope } from '@/lib/evidence/package/manifest';
import { mayExportPayloads } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { summariseSearch } from '../decisions/summarise-search';
import { gatherDecision, viewsOf } from './gather-decision';
import { listPayloadRefs } from './gather-payloads';
import { requireScope } from './list-scope';
import { getVerifierPage } from './verifier-page';

/** Decisions whose contents are counted one by one before anybody has asked for the package. */
const COUNTED = 25;

/**
 * What a package of this scope would hold for this viewer. Nothing is disclosed by it but counts, so nothing is recorded.
 * @throws ServiceError `not_found`, `malformed_request`
 */
export async function previewExport(
  viewer: Viewer,
  scope: PackageScope,
  { nowMs = clockNowMs() } = {},
): Promise<ExportPreview> {
  const tenant = viewer.tenant.id;
  await requireScope(tenant, scope);
  const common = {
    mayIncludePayloads: mayExportPayloads(viewer.roles),
    verifierPage: (await getVerifierPage()) !== null,
  };
  if (scope.kind === 'search') {
    const query = parseSearchQuery(scope.query);
    const { total } = await summariseSearch(tenant, query.ok ? query.value : []);
    return {
      ...common,
      decisions: total,
      packages: total.kind === 'exact' ? Math.max(1, Math.ceil(total.n / MAX_PACKAGE_DECISIONS)) : null,
      contents: null,
    };
  }
  const ids = scope.kind === 'decision' ? [scope.decision] : [...new Set(scope.decisions)];
  return {
    ...common,
    decisions: { kind: 'exact', n: ids.length },
    packages: 1,
    contents: ids.length > COUNTED ? null : await countContents(viewer, ids, nowMs),
  };
}

async function countContents(
  viewer: Viewer,
  ids: readonly string[],
  nowMs: number,
): Promise<NonNullable<ExportPreview['contents']>> {
  const sizes = new Map<string, number>();
  const proven = new Set<string>();
  const receipts = new Set<string>();
  const refs = new Set<string>();
  const counts = { tokens: 0, tokensWithheld: 0, reviewsWithheld: 0 };
  for (const id of ids) {
    const { parts } = await gatherDecision(viewer, id, { payloads: null, nowMs });
    for (const { stream, position, envelope } of viewsOf(parts.detail))
      sizes.set(`${stream} ${position}`, Buffer.byteLength(envelope, 'base64'));
    for (const { stream, position } of parts.proofs) proven.add(`${stream} ${position}`);
    for (const { witness, inclusion } of parts.witnesses) receipts.add(`${witness} ${inclusion.size}`);
    for (const { token } of parts.approvals) {
      if (token === null) counts.tokensWithheld++;
      else counts.tokens++;
    }
    if (parts.detail.reviewsWithheld) counts.reviewsWithheld++;
    for (const { ref } of await listPayloadRefs(getPool(), viewer.tenant.id, parts.detail)) refs.add(ref);
  }
  const held = await getPool().query<{ n: number; bytes: number }>(
    'SELECT count(*)::bigint AS n, COALESCE(sum(byte_count), 0)::bigint AS bytes FROM payloads WHERE tenant = $1 AND ref = ANY($2)',
    [viewer.tenant.id, [...refs]],
  );
  return {
    ...counts,
    records: sizes.size,
    recordBytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    proven: proven.size,
    receipts: receipts.size,
    payloads: held.rows[0]?.n ?? 0,
    payloadBytes: held.rows[0]?.bytes ?? 0,
  };
}
