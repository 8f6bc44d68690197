import { utf8 } from '@/lib/core/bytes';
import { formatBase64url, formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import type { RecordView } from '@/lib/decisions/decision-detail';
import { endingOf, tellStory } from '@/lib/evidence/decision-story';
import {
  assemblePackage,
  type DecisionParts,
  type PackageContents,
  type PackageFileBytes,
} from '@/lib/evidence/package/assemble-package';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import type { PackageExport } from '@/lib/evidence/package/manifest';
import { listOfferedRoots } from '@/lib/evidence/package/offered-roots';
import type { PackageKeys } from '@/lib/evidence/package/package-parts';
import {
  CERTIFICATION_PATH,
  JWKS_PATH,
  KEYS_PATH,
  REPORT_PATH,
  TRUST_PATH,
} from '@/lib/evidence/package/package-places';
import {
  countVerdicts,
  type ListedDecision,
  type ReportContent,
  type ReportedDecision,
  tellDecision,
} from '@/lib/evidence/report/report-content';
import { writeCertification } from '@/lib/evidence/report/write-certification';
import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import { mayExportPayloads } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { formatJwks } from '@/lib/tokens/jwks';
import { nowMs as clockNowMs } from '../clock';
import { consoleStream, getConfig, logOrigin } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { listConsoleKeys } from '../health/list-console-keys';
import { getLogMaterial, listOwnKeys, listStreamMaterial } from '../integrity/list-stream-material';
import { getCheckpoint, type PublishedCheckpoint } from '../log/get-checkpoint';
import { newId, newRandomBytes } from '../random';
import { createGatheredSource, type GatheredDecision, gatherDecision, viewsOf } from './gather-decision';
import { listScope, requireScope, type ScopedDecision } from './list-scope';
import { lookAhead } from './look-ahead';
import { readRecords } from './read-records';
import { recordExport, recordVerifierPage } from './record-export';
import { writeReport } from './report/write-report';
import { getVerifierPage, type VerifierPage } from './verifier-page';

/** Decisions that the report tells in full; the rest is listed, and all of it is in the package. */
const REPORTED = 12;
const LISTED = 500;
const GATHERED_AT_ONCE = 4;

export interface EvidenceExport {
  id: string;
  fileName: string;
  /** The package; ending it early stops the work. */
  pieces: AsyncGenerator<Uint8Array>;
}

/**
 * Records the export, then gives the package piece by piece. Nothing is read for it before its record is durable, and
 * nothing leaves that this viewer may not see.
 * @throws ServiceError `role_required`, `not_found`, `malformed_request`
 */
export async function exportEvidence(
  viewer: Viewer,
  request: ExportRequest,
  { nowMs = clockNowMs() } = {},
): Promise<EvidenceExport> {
  if (request.payloads && !mayExportPayloads(viewer.roles))
    throw new ServiceError('role_required', 'Payloads need one of the roles: compliance.');
  const tenant = viewer.tenant.id;
  await requireScope(tenant, request.scope);
  const { id: person, name } = viewer.person;
  const told: PackageExport = {
    id: newId('rec', nowMs),
    organisation: viewer.tenant.name,
    by: { person, name, roles: [...viewer.roles] },
    purpose: request.purpose,
    caseReference: request.caseReference,
    recipient: request.recipient,
    payloads: request.payloads,
    scope: request.scope,
    nonce: formatBase64url(newRandomBytes(16)),
  };
  const page = await getVerifierPage();
  const records = await inTransaction(async (tx) => ({
    verifier: page && (await recordVerifierPage(tx, tenant, page, { nowMs })),
    export: await recordExport(tx, tenant, told, { nowMs }),
  }));
  const run = new Run(viewer, told, records, page, await getCheckpoint(), nowMs);
  const day = formatInstant(nowMs).slice(0, 10);
  return {
    id: told.id,
    fileName: `${tenant}-${day}-${told.id.slice(-12)}.evidence.zip`,
    pieces: run.pieces(),
  };
}

class Run {
  private readonly reported: ReportedDecision[] = [];
  private readonly listed: ListedDecision[] = [];
  private unlisted = 0;
  private readonly counts = { valid: 0, invalid: 0, 'not-checked': 0 };
  private trust: readonly TrustRoot[] = [];
  /** Keys of other consoles' logs in which parents are. */
  private readonly peers = new Set<string>();

  constructor(
    private readonly viewer: Viewer,
    private readonly request: PackageExport,
    private readonly records: { verifier: RecordView | null; export: RecordView },
    private readonly page: VerifierPage | null,
    private readonly checkpoint: PublishedCheckpoint | null,
    private readonly nowMs: number,
  ) {}

  private get console() {
    return { origin: getConfig().origin, log: this.checkpoint ? logOrigin() : null };
  }

  pieces(): AsyncGenerator<Uint8Array> {
    const { verifier } = this.records;
    return assemblePackage({
      createdAt: formatInstant(this.nowMs),
      console: this.console,
      export: this.request,
      exportRecord: this.records.export,
      verifier: this.page && verifier && { ...this.page, record: verifier },
      checkpoint: this.checkpoint && { size: this.checkpoint.size, note: this.checkpoint.note },
      decisions: this.decisions(),
      describeStream,
      readRecords,
      close: (contents) => this.close(contents),
    });
  }

  private async *decisions(): AsyncGenerator<DecisionParts> {
    const { viewer, request, nowMs } = this;
    const payloads = request.payloads ? { exportId: request.id } : null;
    // With payloads nothing is read, and its disclosure recorded, before its turn has come.
    const gathering = lookAhead(
      eachOnce(listScope(viewer.tenant.id, request.scope)),
      payloads ? 1 : GATHERED_AT_ONCE,
      async ({ id, next }) => ({ gathered: await gatherDecision(viewer, id, { payloads, nowMs }), next }),
    );
    for await (const { gathered, next } of gathering) {
      await this.report(gathered);
      yield { ...gathered.parts, next };
    }
  }

  /** The checks that the report tells of: made of the very parts that go into the package. */
  private async report(gathered: GatheredDecision): Promise<void> {
    const { parts, material } = gathered;
    const { detail } = parts;
    const { checks } = await verifyDecision(detail, material, createGatheredSource(gathered), {
      clock: () => 0,
      nowMs: this.nowMs,
      memory: { points: new Map(), checkpoint: null },
    });
    this.trust = material.trust;
    for (const { vkey } of parts.foreignParents) this.peers.add(vkey);
    const counts = countVerdicts(checks);
    for (const [verdict, n] of Object.entries(counts)) this.counts[verdict as keyof typeof counts] += n;
    if (this.reported.length < REPORTED)
      this.reported.push(
        tellDecision(
          detail,
          checks,
          viewsOf(detail).map(({ kind, stream, position, envelope }) => ({
            kind,
            stream,
            position,
            digest: formatDigest('sha-256', sha256(new Uint8Array(Buffer.from(envelope, 'base64')))),
            leaf:
              parts.proofs.find((proof) => proof.stream === stream && proof.position === position)?.inclusion
                .index ?? null,
          })),
        ),
      );
    else if (this.listed.length < LISTED)
      this.listed.push({
        row: detail.row,
        ending: endingOf(detail.row.verdict, tellStory(detail.related)),
        counts,
      });
    else this.unlisted++;
  }

  private async *close(contents: PackageContents): AsyncGenerator<PackageFileBytes> {
    const tenant = this.viewer.tenant.id;
    const [streams, approvalKeys, approval] = await Promise.all([
      listStreamMaterial(tenant, [...contents.streams.keys(), consoleStream(tenant)]),
      listOwnKeys('approval'),
      listConsoleKeys('approval'),
    ]);
    const keys: PackageKeys = { log: this.checkpoint ? getLogMaterial() : null, streams, approvalKeys };
    const roots = [...listOfferedRoots(keys, this.console.origin, this.peers), ...this.trust];
    const json = (value: unknown) => utf8(JSON.stringify(value));
    yield { path: KEYS_PATH, bytes: json(keys) };
    yield {
      path: JWKS_PATH,
      bytes: json(
        formatJwks(
          approval.map(({ keyid, publicKey, validFrom, retiredAt, compromised }) => ({
            kid: keyid,
            publicKey,
            notBeforeMs: validFrom.getTime(),
            // As the console publishes them: a stolen key is valid at no time at all.
            ...(retiredAt ? { notAfterMs: (compromised ? validFrom : retiredAt).getTime() } : {}),
          })),
        ),
      ),
    };
    yield { path: TRUST_PATH, bytes: utf8(formatTrustFile(roots)) };
    const content = this.content(contents, roots);
    yield { path: CERTIFICATION_PATH, bytes: utf8(writeCertification(content)) };
    yield { path: REPORT_PATH, bytes: await writeReport(content) };
  }

  private content({ decisions, more }: PackageContents, roots: readonly TrustRoot[]): ReportContent {
    const { stream, position } = this.records.export;
    return {
      createdAt: formatInstant(this.nowMs),
      console: this.console,
      request: this.request,
      exportRecord: { stream, position },
      checkpoint: this.checkpoint && { size: this.checkpoint.size, root: formatHex(this.checkpoint.root) },
      verifierDigest: this.page?.digest ?? null,
      decisions,
      continues: more !== null,
      reported: this.reported,
      listed: this.listed,
      unlisted: this.unlisted,
      counts: this.counts,
      keys: roots.map(({ kind, name, fingerprint }) => ({ kind: ROOT_WORDS[kind].name, name, fingerprint })),
    };
  }
}

/** Two records of one organisation may carry one id; a package tells the decision once and names the other place. */
async function* eachOnce(decisions: AsyncIterable<ScopedDecision>): AsyncGenerator<ScopedDecision> {
  const seen = new Set<string>();
  for await (const decision of decisions) {
    if (!seen.has(decision.id)) yield decision;
    seen.add(decision.id);
  }
}

async function describeStream(stream: string): Promise<{ producer: string; head: number }> {
  const { rows } = await getPool().query<{ producer: string; position: number }>(
    'SELECT producer, position FROM streams WHERE stream = $1',
    [stream],
  );
  const [row] = rows;
  if (!row) throw new Error('a stream with records has no head');
  return { producer: row.producer, head: row.position };
}
