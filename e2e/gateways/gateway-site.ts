import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonValue } from '@/lib/core/json';
import { createGateway, type Gateway, type GatewayOptions } from '@/lib/gateway/create-gateway';
import type { Authority } from '@/lib/identity/authority';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { findFreePort } from '@/lib/server/database/embedded';
import { getPool } from '@/lib/server/database/pool';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { ANY, recordsOf, verdictOn } from '@/lib/server/escalations/testing/escalation-fixture';
import { publishConsoleKeys } from '@/lib/server/health/publish-console-keys';
import { createPerson } from '@/lib/server/identity/create-person';
import { writeSecret } from '@/lib/server/keys/key-files';
import { openLog } from '@/lib/server/log/open-log';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { openReview } from '@/lib/server/reviews/open';
import type { Reviewer } from '@/lib/server/reviews/reviewer';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { serveRoutes } from '../mesh/serve-routes';

/** A console on HTTP with one organisation, its gateway and a reviewer; and what was recorded there. */
export interface GatewaySite {
  origin: string;
  tenant: string;
  producer: TestProducer;
  jwks: JsonValue;
  /** Opens a gateway in this process. */
  open(overrides?: Partial<GatewayOptions>): Gateway;
  /** Waits for the next request that nobody saw yet. @returns its id */
  nextRequest(): Promise<string>;
  decide(id: string, verdict: 'approve' | 'deny'): Promise<void>;
  /** Requests that people were asked so far. */
  countRequests(): Promise<number>;
  /** Payload bodies of the console's and the gateway's records of one kind. */
  recorded(kind: string): Promise<Record<string, unknown>[]>;
  outcomes(): Promise<string[]>;
  redemptions(): Promise<number>;
  stop(): Promise<void>;
}

export const AGENT = { id: 'files-agent', name: 'Files agent', version: '1.0.0' };

/** Reading passes; whatever changes files waits for a person; deleting is granted to nobody. */
const POLICY = paymentPolicyInput({
  id: 'files',
  title: 'Files',
  grants: [
    {
      name: 'files',
      agents: [AGENT.id],
      tools: [
        'files.read_text_file',
        'files.list_directory',
        'files.write_file',
        'files.move_file',
        'files.boom',
      ],
    },
  ],
  tools: [
    { name: 'files.read_text_file', tier: 'reversible', category: 'reading', verb: 'read a file' },
    { name: 'files.list_directory', tier: 'reversible', category: 'reading', verb: 'list a folder' },
    { name: 'files.*', tier: 'bounded', category: 'writing', verb: 'change files' },
  ],
  thresholds: [
    {
      name: 'secret-rule-of-changes',
      tools: ['files.write_file', 'files.move_file', 'files.boom'],
      on: { kind: 'always' },
      // biome-ignore lint/suspicious/noThenProperty: the policy's word for what follows
      then: 'escalate',
    },
  ],
});

/** Starts it in this process; call after `startTestConsole`. */
export async function startGatewaySite(): Promise<GatewaySite> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  process.env.COUNTERSIGN_ORIGIN = origin;
  process.env.NEXTAUTH_URL = origin;
  await publishConsoleKeys();
  await openLog();
  const tenant = await createTestTenant('files');
  await publishPolicy(
    { tenant, text: JSON.stringify(POLICY), publishedBy: 'test' },
    { nowMs: Date.now() - 1000 },
  );
  const producer = await createTestProducer(tenant, { kind: 'gateway', path: 'gateway/files' });
  const reviewer = await createReviewer(tenant, ANY);
  const served = await serveRoutes(port);
  const jwks = z.json().parse(await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as JsonValue;
  const seen = new Set<string>();
  return {
    origin,
    tenant,
    producer,
    jwks,
    open: (overrides = {}) =>
      createGateway({ origin, producerId: producer.id, seed: producer.seed, jwks, ...overrides }),
    async nextRequest() {
      for (;;) {
        const found = await getPool().query<{ id: string }>(
          "SELECT id FROM escalations WHERE tenant = $1 AND state = 'pending' ORDER BY created_at",
          [tenant],
        );
        const id = found.rows.map((row) => row.id).find((candidate) => !seen.has(candidate));
        if (id) {
          seen.add(id);
          return id;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async decide(id, verdict) {
      await getDetail(reviewer, id);
      await openReview(reviewer, id);
      await decideEscalation(reviewer, id, verdictOn(await getDetail(reviewer, id), verdict));
    },
    async countRequests() {
      const found = await getPool().query('SELECT 1 FROM escalations WHERE tenant = $1', [tenant]);
      return found.rowCount ?? 0;
    },
    recorded: async (kind) => (await recordsOf(tenant, kind)).map(({ body }) => body),
    async outcomes() {
      const found = await getPool().query<{ state: string }>(
        'SELECT state FROM outcomes WHERE tenant = $1 ORDER BY reported_at',
        [tenant],
      );
      return found.rows.map(({ state }) => state);
    },
    async redemptions() {
      const found = await getPool().query('SELECT 1 FROM redemptions WHERE tenant = $1', [tenant]);
      return found.rowCount ?? 0;
    },
    stop: served.stop,
  };
}

async function createReviewer(tenant: string, authority: Authority): Promise<Reviewer> {
  const email = 'asha@example.org';
  const { id } = await createPerson({ tenant, email, name: 'Asha Rao', roles: ['reviewer'], authority });
  return {
    person: { id, name: 'Asha Rao', email },
    tenant: { id: tenant, name: tenant, demo: false },
    roles: ['reviewer'],
  };
}

/** What an operator writes for `countersign gateway`: a config file, the pinned keys, the gateway's own directory. */
export function writeGatewayFiles(
  site: GatewaySite,
  overrides: Record<string, unknown> = {},
): { config: string; directory: string; files: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'countersign-gateway-'));
  const directory = join(root, 'state');
  const files = join(root, 'files');
  mkdirSync(files);
  writeSecret(directory, 'gateway.ed25519', site.producer.seed);
  writeFileSync(join(root, 'keys.json'), JSON.stringify(site.jwks));
  const config = join(root, 'gateway.json');
  writeFileSync(
    config,
    JSON.stringify({
      console: site.origin,
      producer: site.producer.id,
      approvalKeys: 'keys.json',
      directory: 'state',
      server: 'files',
      agent: AGENT,
      session: 'run-7',
      stream: randomBytes(6).toString('hex'),
      progressSeconds: 0.1,
      sweepSeconds: 0.2,
      ...overrides,
    }),
  );
  return { config, directory, files, remove: () => rmSync(root, { recursive: true, force: true }) };
}
