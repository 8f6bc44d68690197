/** What must hold after a drill, established from outside and from scratch: by the reference verifier and plain SQL. */
import { Client } from 'pg';
import { treeHead } from '../reference/merkle-tree';
import { readWholeLog } from '../reference/outside-reader';
import { readCheckpoint, type Verifier } from '../reference/signed-note';
import { chainLinks, readLogEntry } from '../reference/stream-chain';
import type { Promised } from './drill-load';

export interface Audit {
  acknowledgedRecords: number;
  storedRecords: number;
  /** Acknowledged, but not stored byte for byte where the answer said. */
  lostRecords: string[];
  /** Streams whose stored links are not what their records hash to, or whose positions have holes. */
  brokenStreams: string[];
  /** Leaves whose entry names another link than the stream has. */
  foreignEntries: number;
  checkpoints: number;
  /** Checkpoints that were ever served and are no prefix of the log as it is now. */
  forks: number;
  approvals: number;
  /** Tokens that reached a gateway without their review record, or redemptions acknowledged and not stored. */
  lostApprovals: string[];
  logSize: number;
}

export async function audit(
  origin: string,
  ownerUrl: string,
  log: Verifier,
  promised: Promised,
): Promise<Audit> {
  const database = new Client({ connectionString: ownerUrl });
  await database.connect();
  try {
    const stored = await readStreams(database);
    const lostRecords: string[] = [];
    let acknowledgedRecords = 0;
    for (const [stream, records] of promised.records) {
      for (const [position, bytes] of records) {
        acknowledgedRecords++;
        if (!stored.get(stream)?.[position - 1]?.envelope.equals(bytes))
          lostRecords.push(`${stream} ${position}`);
      }
    }
    const links = new Map<string, Buffer[]>();
    const brokenStreams: string[] = [];
    for (const [stream, rows] of stored) {
      const chain = chainLinks(
        stream,
        rows.map(({ envelope }) => envelope),
      );
      links.set(stream, chain);
      if (rows.some(({ position, link }, n) => position !== n + 1 || !link.equals(chain[n + 1] as Buffer)))
        brokenStreams.push(stream);
    }
    const view = await readWholeLog(async (path) => {
      const response = await fetch(`${origin}${path}`);
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    }, log);
    const entries = view.entries.map(readLogEntry);
    const heads = new Map<number, Buffer>();
    const forks = promised.checkpoints.filter((note) => {
      const { size, root } = readCheckpoint(note, log);
      const at = Number(size);
      const head = heads.get(at) ?? treeHead(view.leaves.slice(0, at));
      heads.set(at, head);
      return at > view.leaves.length || !head.equals(root);
    });
    return {
      acknowledgedRecords,
      storedRecords: [...stored.values()].reduce((sum, rows) => sum + rows.length, 0),
      lostRecords,
      brokenStreams,
      foreignEntries: entries.filter(
        ({ stream, position, link }) => !links.get(stream)?.[position]?.equals(link),
      ).length,
      checkpoints: promised.checkpoints.length,
      forks: forks.length,
      approvals: promised.approvals.length,
      lostApprovals: await findLostApprovals(database, promised),
      logSize: view.leaves.length,
    };
  } finally {
    await database.end();
  }
}

async function readStreams(
  database: Client,
): Promise<Map<string, { position: number; envelope: Buffer; link: Buffer }[]>> {
  const { rows } = await database.query<{ stream: string; position: string; envelope: Buffer; link: Buffer }>(
    'SELECT stream, position, envelope, link FROM records ORDER BY stream, position',
  );
  const streams = new Map<string, { position: number; envelope: Buffer; link: Buffer }[]>();
  for (const { stream, position, envelope, link } of rows) {
    const held = streams.get(stream) ?? [];
    held.push({ position: Number(position), envelope, link });
    streams.set(stream, held);
  }
  return streams;
}

async function findLostApprovals(database: Client, promised: Promised): Promise<string[]> {
  const { rows } = await database.query<{ id: string; reviewed: boolean; redemptions: number }>(
    `SELECT a.id, EXISTS (SELECT 1 FROM reviews r JOIN records c USING (stream, position) WHERE r.escalation = a.escalation) AS reviewed,
       (SELECT count(*)::int FROM redemptions d WHERE d.approval = a.id) AS redemptions
     FROM approvals a`,
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return promised.approvals.flatMap(({ id, redeemed }) => {
    const row = known.get(id);
    if (!row?.reviewed) return [`${id} without its review`];
    return redeemed && row.redemptions !== 1 ? [`${id} redeemed ${row.redemptions} times`] : [];
  });
}
