import type { DecisionBody } from '@/lib/decisions/record-payload';
import { plainText } from './plain-text';

type Guardrails = DecisionBody['guardrails'];

/** Any guardrail, where one that did not pass is looked for without knowing its name. */
export const ANY_GUARDRAIL = '*';

/** One line never looks like two: a line break in a name is shown as U+FFFD. */
const nameOf = (name: string) => plainText(name).replaceAll('\n', '\ufffd');

/** What was evaluated, as one text that can be searched for `\nname=verdict\n`; null when nothing was. */
export function guardrailLines(guardrails: Guardrails): string | null {
  const lines = new Set(guardrails.map(({ name, verdict }) => `${nameOf(name)}=${verdict}`));
  return lines.size === 0 ? null : `\n${[...lines].join('\n')}\n`;
}

/** The lines of the column that `guardrailLines` writes, `name=verdict` each. */
export function listGuardrailLines(column: string | null): string[] {
  return column === null ? [] : column.slice(1, -1).split('\n');
}

/** Those that did not pass, by name and as "any": few, so that each is found by an index of its own. */
export function guardrailMarks(guardrails: Guardrails): string[] {
  return guardrails
    .filter(({ verdict }) => verdict !== 'pass')
    .flatMap(({ name, verdict }) => [`${nameOf(name)}=${verdict}`, `${ANY_GUARDRAIL}=${verdict}`]);
}
