import { classifyText } from '@/lib/core/visible-text';
import type { ArtefactReport } from '@/lib/evidence/artefact/artefact-report';
import type { Check, CheckVerdict } from '@/lib/integrity/check';

export const VERDICT_WORDS: Readonly<Record<CheckVerdict, string>> = {
  valid: 'VALID',
  invalid: 'INVALID',
  'not-checked': 'NOT CHECKED',
};

/** What a terminal may show of text from a file: nothing that moves the cursor, hides or turns around. */
export function formatVisible(text: string): string {
  return classifyText(text)
    .map((part) => (part.kind === 'plain' || part.kind === 'look-alike' ? part.text : `<${part.code}>`))
    .join('');
}

/** One line of a report, and under it what it names: key and root, place, and both values where they differ. */
export function formatCheck(check: Check, indent = ''): string[] {
  const reason = check.verdict === 'not-checked' && check.reason !== undefined ? `: ${check.reason}` : '';
  const code = check.verdict === 'invalid' && check.code !== undefined ? ` [${check.code}]` : '';
  const lines = [
    `${VERDICT_WORDS[check.verdict].padEnd(12)} ${check.title}: ${check.compared}${reason}${code}`,
  ];
  const under = (text: string) => lines.push(`${' '.repeat(13)}${text}`);
  const { where, root } = check;
  if (root) {
    const by = root.pinnedBy === undefined ? '' : `, pinned by ${root.pinnedBy}`;
    under(`root ${root.name}, ${root.fingerprint}${by}`);
  } else if (check.key !== undefined && check.key !== '') under(`key ${check.key}`);
  if (check.verdict === 'invalid') {
    if (where) under(`at ${formatPlace(where)}`);
    if (check.expected !== undefined) under(`expected ${check.expected}`);
    if (check.computed !== undefined) under(`computed ${check.computed}`);
  }
  const details =
    check.verdict === 'valid' ? [] : (check.details ?? []).filter(({ verdict }) => verdict === check.verdict);
  return [
    ...lines.map((line) => `${indent}${formatVisible(line)}`),
    ...details.flatMap((detail) => formatCheck(detail, `${indent}  `)),
  ];
}

function formatPlace(where: NonNullable<Check['where']>): string {
  const { stream, position, index, byteFrom, byteTo } = where;
  return [
    position === undefined ? null : `record ${position}`,
    byteFrom === undefined ? null : `bytes ${byteFrom} to ${byteTo ?? byteFrom}`,
    index === undefined ? null : `leaf ${index}`,
    stream === undefined ? null : `stream ${stream}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** A report as a person reads it in a terminal. */
export function formatReport(report: ArtefactReport): string {
  const lines = [
    `${formatVisible(report.file)}: ${report.title}, ${report.size.toLocaleString('en')} bytes: ${VERDICT_WORDS[report.verdict]}`,
    ...report.summary.map(({ label, text }) => `  ${label.padEnd(16)} ${formatVisible(text)}`),
    ...report.checks.flatMap((check) => formatCheck(check, '  ')),
  ];
  for (const { title, checks, verdict } of report.sections) {
    lines.push(`  ${VERDICT_WORDS[verdict].padEnd(12)} ${formatVisible(title)}, ${checks.length} checks`);
    lines.push(...checks.flatMap((check) => formatCheck(check, '    ')));
  }
  lines.push(...report.notes.map((note) => `  ${formatVisible(note)}`));
  return lines.join('\n');
}
