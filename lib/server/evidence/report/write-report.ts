import { formatInstant } from '@/lib/core/instant';
import type { ValuePart } from '@/lib/evidence/evidence-value';
import { printDuration, printInstant, printValue } from '@/lib/evidence/report/print-value';
import type { ReportContent, ReportedDecision } from '@/lib/evidence/report/report-content';
import { ENDING_SENTENCES, GLOSSARY, MARK_WORDS, PURPOSE_WORDS } from '@/lib/evidence/report/report-words';
import { ROLE_NAMES, type Role } from '@/lib/identity/role';
import type { Check, CheckVerdict } from '@/lib/integrity/check';
import { PdfWriter, QUIET, VERDICT_COLORS } from './pdf-writer';

const VERDICT_WORDS: Readonly<Record<CheckVerdict, string>> = {
  valid: 'VALID',
  invalid: 'INVALID',
  'not-checked': 'NOT CHECKED',
};
const LABEL = 118;

const figure = (n: number) => n.toLocaleString('en');
const many = (n: number, one: string) => `${figure(n)} ${n === 1 ? one : `${one}s`}`;

/** `report.pdf`: who, what, when, on what basis, what was checked, what was not and why, for a reader who is a lawyer. */
export async function writeReport(content: ReportContent): Promise<Uint8Array> {
  const pdf = new PdfWriter({
    title: `Evidence report ${content.request.id}`,
    createdAt: new Date(content.createdAt),
    foot: `Evidence report ${content.request.id}`,
  });
  writeOpening(pdf, content);
  content.reported.forEach((decision, index) => {
    if (index > 0) pdf.addPage();
    writeDecision(pdf, decision, content.reported.length > 1 ? index + 1 : null);
  });
  writeListed(pdf, content);
  writeNotChecked(pdf, content);
  writeHowTo(pdf, content);
  pdf.heading('Words used in this report', 2);
  for (const [term, meaning] of GLOSSARY) {
    pdf.row([
      { text: term, width: LABEL + 20, face: 'bold', size: 9 },
      { text: meaning, width: pdf.width - LABEL - 20, size: 9 },
    ]);
  }
  return pdf.finish();
}

function keyValue(pdf: PdfWriter, label: string, value: string, mono = false): void {
  pdf.row([
    { text: label, width: LABEL, color: QUIET },
    { text: value, width: pdf.width - LABEL, ...(mono ? { face: 'mono', size: 8.5 } : {}) },
  ]);
}

function scopeWords({ request, decisions, continues }: ReportContent): string {
  const { scope } = request;
  if (scope.kind === 'decision') return `One decision, ${scope.decision}`;
  if (scope.kind === 'case') return `A case of ${many(scope.decisions.length, 'decision')}`;
  const query = scope.query === '' ? 'every decision' : `every decision that matches “${scope.query}”`;
  const part = scope.cursor === undefined ? '' : ', continued from an earlier package';
  const more = continues ? '; it goes on in a further package' : '';
  return `A search for ${query}${part}: ${many(decisions, 'decision')} here${more}`;
}

function writeOpening(pdf: PdfWriter, content: ReportContent): void {
  const { request, counts, checkpoint } = content;
  pdf.heading('Evidence report', 1);
  pdf.text(
    'This report accompanies a package of signed records. It says what the records say, what was checked about them when the package was made, and what was not. It is a reading aid: the evidence is in the package, and everything here can be checked again from it without the organisation that made it.',
    { color: QUIET, after: 10 },
  );
  pdf.heading('Who, for whom and why', 3);
  keyValue(pdf, 'Organisation', request.organisation);
  const roles = request.by.roles.map((role) => ROLE_NAMES[role as Role] ?? role).join(', ');
  keyValue(pdf, 'Made by', `${request.by.name} (${roles})`);
  keyValue(pdf, 'Person id', request.by.person, true);
  keyValue(pdf, 'For', request.recipient ?? 'no recipient was named');
  keyValue(pdf, 'Purpose', PURPOSE_WORDS[request.purpose]);
  keyValue(pdf, 'Case reference', request.caseReference ?? 'none was given');
  keyValue(pdf, 'About', scopeWords(content));
  keyValue(
    pdf,
    'Payloads',
    request.payloads ? 'included as far as the console still held them' : 'not included',
  );
  keyValue(pdf, 'Made at', printInstant(content.createdAt));
  pdf.heading('From where', 3);
  keyValue(pdf, 'Console', content.console.origin);
  keyValue(pdf, 'Log', content.console.log ?? 'the console had no log yet');
  if (checkpoint) {
    keyValue(pdf, 'Checkpoint', `${figure(checkpoint.size)} entries`);
    keyValue(pdf, 'Root of the log', checkpoint.root, true);
  }
  keyValue(
    pdf,
    'Record of this export',
    `record ${figure(content.exportRecord.position)} of ${content.exportRecord.stream}, written before the package left the console`,
  );
  pdf.heading('In short', 3);
  const lines = counts.valid + counts.invalid + counts['not-checked'];
  pdf.text(
    `When the package was made, the console went through ${many(lines, 'line')} about ${many(content.decisions, 'decision')}, with the keys that it names itself: ${figure(counts.valid)} VALID, ${figure(counts.invalid)} INVALID, ${figure(counts['not-checked'])} NOT CHECKED. What was not checked is not passed; the reasons are listed below. Whether those keys belong to whom they should is for the reader to settle, by comparing the fingerprints at the end with ones obtained elsewhere.`,
  );
}

function decisionSentence({ row, ending }: ReportedDecision): string {
  const amount =
    row.amount === null
      ? ''
      : `, ${printValue([{ kind: 'amount', amount: row.amount, currency: row.currency ?? '' }])}`;
  const on = row.resource === null ? '' : ` on ${row.resource}`;
  return `On ${printInstant(row.occurredAt)} the agent ${row.agent} proposed ${row.tool}${on}${amount}. ${ENDING_SENTENCES[ending]}`;
}

function writeDecision(pdf: PdfWriter, decision: ReportedDecision, number: number | null): void {
  pdf.heading(number === null ? 'The decision' : `Decision ${number}`, 2);
  pdf.text(decision.row.id, { face: 'mono', size: 8.5, color: QUIET });
  pdf.text(decisionSentence(decision), { size: 11, after: 8 });
  if (decision.groups.length === 0)
    pdf.text(
      'The signed record cannot be read, so nothing is told from it. The checks below say what is wrong.',
    );
  for (const group of decision.groups) {
    pdf.heading(group.title, 3);
    for (const value of group.values) {
      const mismatch = value.mismatch
        ? ` (INVALID: recorded ${value.mismatch.expected}, computed ${value.mismatch.computed})`
        : '';
      pdf.row([
        { text: value.label, width: LABEL, color: QUIET },
        {
          text: `${printValue(value.parts)}${mismatch}`,
          width: pdf.width - LABEL - 62,
          ...(isDigest(value.parts) ? { face: 'mono', size: 8 } : {}),
        },
        { text: MARK_WORDS[value.evidence], width: 62, color: QUIET, size: 8.5 },
      ]);
    }
  }
  writeTimeline(pdf, decision);
  pdf.heading('What was checked', 3);
  for (const check of decision.checks) writeCheck(pdf, check);
  pdf.heading('Its records', 3);
  for (const { kind, stream, position, digest, leaf } of decision.records) {
    pdf.row(
      [
        { text: kind, width: LABEL, color: QUIET },
        {
          text: `record ${figure(position)} of ${stream}${leaf === null ? '; in no checkpoint yet' : `; entry ${figure(leaf)} of the log`}`,
          width: pdf.width - LABEL,
        },
      ],
      { after: 0 },
    );
    pdf.row([
      { text: '', width: LABEL },
      { text: digest, width: pdf.width - LABEL, face: 'mono', size: 7.5, color: QUIET },
    ]);
  }
}

/** A digest, token or id that stands alone: drawn so that it can be compared character by character. */
function isDigest(parts: readonly ValuePart[]): boolean {
  const [only, ...others] = parts;
  return (
    others.length === 0 &&
    (only?.kind === 'id' || (only?.kind === 'node' && /^[a-z0-9-]+:[0-9a-f]{64,}$/.test(only.label)))
  );
}

function writeTimeline(pdf: PdfWriter, { timeline }: ReportedDecision): void {
  if (timeline.length === 0) return;
  pdf.heading('What happened, in order', 3);
  for (const { atMs, sinceMs, title, parts } of timeline) {
    const since = sinceMs === 0 ? '' : ` (${sinceMs < 0 ? '-' : '+'}${printDuration(Math.abs(sinceMs))})`;
    const at = Number.isFinite(atMs) ? printInstant(formatInstant(atMs)) : 'at no readable time';
    pdf.row([
      { text: `${at}${since}`, width: 196, size: 8.5, color: QUIET },
      { text: title, width: 108 },
      { text: printValue(parts), width: pdf.width - 304 },
    ]);
  }
}

function writeCheck(pdf: PdfWriter, check: Check): void {
  const reason = check.verdict === 'not-checked' && check.reason ? `: ${check.reason}` : '';
  const code = check.verdict === 'invalid' && check.code ? ` [${check.code}]` : '';
  const key = check.key ? ` Key ${check.key}.` : '';
  const root = check.root ? ` Rests on ${check.root.name}, ${check.root.fingerprint}.` : '';
  const text = `${check.compared}${reason}${code}.${key}${root}`;
  pdf.need(Math.min(pdf.heightOf(text, pdf.width - 186, { size: 9 }), 120) + 4);
  pdf.mark(check.verdict, pdf.left, pdf.y);
  pdf.row([
    { text: '', width: 16 },
    {
      text: VERDICT_WORDS[check.verdict],
      width: 76,
      face: 'bold',
      size: 8.5,
      color: VERDICT_COLORS[check.verdict],
    },
    { text: check.title, width: 94, size: 9 },
    { text, width: pdf.width - 186, size: 9 },
  ]);
}

function writeListed(pdf: PdfWriter, { listed, unlisted }: ReportContent): void {
  if (listed.length === 0 && unlisted === 0) return;
  pdf.heading('Further decisions in the package', 2);
  pdf.text('Each was checked in the same way; the lines are counted here and made again by any verifier.', {
    color: QUIET,
  });
  for (const { row, ending, counts } of listed) {
    pdf.row(
      [
        { text: printInstant(row.occurredAt), width: 138, size: 8.5 },
        { text: `${row.agent}: ${row.tool}. ${ENDING_SENTENCES[ending]}`, width: pdf.width - 268, size: 8.5 },
        {
          text: `${counts.valid} VALID, ${counts.invalid} INVALID, ${counts['not-checked']} NOT CHECKED`,
          width: 130,
          size: 8,
          color: counts.invalid > 0 ? VERDICT_COLORS.invalid : QUIET,
        },
      ],
      { after: 0 },
    );
    pdf.row([
      { text: '', width: 138 },
      { text: row.id, width: pdf.width - 138, face: 'mono', size: 7.5, color: QUIET },
    ]);
  }
  if (unlisted > 0)
    pdf.text(`${many(unlisted, 'further decision')} are in the package and named in its manifest.`);
}

/** Every reason once, with how often it stands. */
function writeNotChecked(pdf: PdfWriter, { reported }: ReportContent): void {
  const reasons = new Map<string, number>();
  for (const { verdict, title, compared, reason } of reported.flatMap(({ checks }) => checks)) {
    if (verdict !== 'not-checked') continue;
    const line = `${title}: ${compared}. ${reason ?? 'No reason was given'}.`;
    reasons.set(line, (reasons.get(line) ?? 0) + 1);
  }
  pdf.heading('What was not checked, and why', 2);
  if (reasons.size === 0) pdf.text('Everything that this console checks was checked.');
  for (const [line, times] of reasons)
    pdf.text(times > 1 ? `${line} (${times} times)` : line, { indent: 10 });
  pdf.text(
    'Beyond these lines, no check can say that what was recorded is true of the world: a signature shows who recorded it, unchanged since; the log and its witnesses show when at the latest. Nor can a package show that nothing else happened: that takes the whole stream of a producer, which this report’s console offers to whoever may read it.',
    { color: QUIET },
  );
}

function writeHowTo(pdf: PdfWriter, { keys, verifierDigest, console: origin }: ReportContent): void {
  pdf.heading('How to check this without us', 2);
  const steps = [
    verifierDigest === null
      ? 'Open a verifier page of the format countersign/evidence/v1, or run “countersign verify” on the package. Neither needs this console to be reachable.'
      : 'Open verify.html from the package in a browser, with the network off if you wish, and drop the package on it; or run “countersign verify” on the package.',
    'Pin the keys that you have from elsewhere: from the organisation’s published key list, an earlier package, or a court’s file. Compare fingerprints, not names. Without pinned keys the verifier says NOT CHECKED about who signed.',
    'Read each line. INVALID names the record and the bytes. NOT CHECKED says what is missing.',
    `If ${origin.origin} is reachable and you may read there, compare the checkpoint in the package with the one that it publishes now: the log must have grown from yours.`,
  ];
  for (const [index, step] of steps.entries()) pdf.text(`${index + 1}.  ${step}`, { indent: 10 });
  if (verifierDigest !== null) {
    pdf.text('Digest of verify.html, recorded in the log:', { color: QUIET, after: 1 });
    pdf.text(verifierDigest, { face: 'mono', size: 8 });
  }
  pdf.heading('Fingerprints of the keys that the package offers', 3);
  for (const { kind, name, fingerprint } of keys) {
    pdf.row(
      [
        { text: kind, width: LABEL, color: QUIET, size: 9 },
        { text: name, width: pdf.width - LABEL, size: 9 },
      ],
      { after: 0 },
    );
    pdf.row([
      { text: '', width: LABEL },
      { text: fingerprint, width: pdf.width - LABEL, face: 'mono', size: 8, color: QUIET },
    ]);
  }
}
