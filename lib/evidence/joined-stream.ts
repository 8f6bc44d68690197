import { genesisLink } from '@/lib/integrity/chain';
import { type ChainFinding, findJoint, summariseWalk } from '@/lib/integrity/walk-chain';
import type { VerifiedPoint } from './evidence-source';
import { SequenceLedger } from './sequence-ledger';
import { copyCheck, entryCheck, linkCheck, sequenceCheck, signatureCheck } from './stream-checks';
import { createFindingList, type RangeReport, type StreamFinding } from './verify-range';
import type { StreamReport, StreamWalk } from './verify-stream';

/** Beyond this many holes a point would weigh more than the walk that it saves. */
const MAX_HOLES_REMEMBERED = 1_000;

/** The reports of a stream's parts, in order, as one: each part's first link is held against the last one before it. */
export class JoinedStream {
  private readonly findings: StreamFinding[] = [];
  private readonly keep = createFindingList(this.findings);
  private readonly ledger: SequenceLedger;
  private readonly points: VerifiedPoint[] = [];
  private readonly links = new Map<number, Uint8Array>();
  private readonly copies = new Set<number>();
  private last: { position: number; link: Uint8Array };
  private records = 0;
  private bytes = 0;
  private entries = 0;
  /** Whether every record so far was held against the log. */
  private logged: boolean;

  constructor(
    private readonly walk: StreamWalk,
    private readonly tell: ((finding: StreamFinding) => void) | undefined,
  ) {
    const { stream, start } = walk;
    this.ledger = new SequenceLedger(start?.sequence);
    this.last = start ?? { position: 0, link: genesisLink(stream) };
    this.logged = start === null || start.logged === true;
  }

  /** @returns the point after this part, when everything up to it is VALID */
  add(report: RangeReport): VerifiedPoint | null {
    if (report.joint) {
      for (const finding of findJoint(this.walk.stream, this.last, report.joint)) this.note(finding);
    }
    for (const finding of report.findings) this.note(finding);
    for (let i = 0; i < report.counters.length; i += 2) {
      const end = report.counters[i + 1] as number;
      for (let seq = report.counters[i] as number; seq <= end; seq++) this.ledger.add(seq);
    }
    for (const [position, link] of report.links) this.links.set(position, link);
    for (const position of report.copies) this.copies.add(position);
    this.records += report.records;
    this.bytes += report.bytes;
    this.entries += report.entries;
    this.logged &&= this.walk.entries !== undefined && report.entries === report.records;
    if (!report.last) return null;
    this.last = report.last;
    return this.point();
  }

  private point(): VerifiedPoint | null {
    const sequence = this.ledger.state();
    if (this.findings.length > 0 || sequence.holes.length > MAX_HOLES_REMEMBERED) return null;
    const point = { ...this.last, sequence, ...(this.logged && { logged: true as const }) };
    this.points.push(point);
    return point;
  }

  private note(finding: StreamFinding): void {
    this.keep(finding);
    this.tell?.(finding);
  }

  /** What all parts say together; a part that never came is a gap at the end. */
  finish(): StreamReport {
    const { walk, findings, records, bytes, links, points } = this;
    const { stream, to, start } = walk;
    if (this.last.position < to) {
      this.note({
        code: 'position_gap',
        where: { stream, position: this.last.position + 1 },
        expected: String(to),
        computed: String(this.last.position),
      });
    }
    const chain = findings.filter((finding): finding is ChainFinding => finding.code !== 'entry_mismatch');
    const summary = summariseWalk(stream, records, chain);
    const origin = start
      ? `from record ${start.position + 1}, verified here before,`
      : "from the stream's start";
    const checks = [
      signatureCheck(summary, walk.keys, records),
      linkCheck(summary, stream, origin, records),
      sequenceCheck(this.ledger, findings, stream, records),
    ];
    if (walk.expected) checks.push(copyCheck(stream, walk.expected, this.copies));
    if (walk.entries && walk.entries.leaves.length > 0)
      checks.push(entryCheck(stream, walk.entries.leaves, this.entries, findings));
    return { checks, findings, records, bytes, links, points, late: this.ledger.late };
  }
}
