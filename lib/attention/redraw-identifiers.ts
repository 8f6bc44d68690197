import type { DrillCase } from './drill-recipes';
import { redrawDigits } from './drill-recipes';
import { mapTexts } from './map-texts';

const TOKEN = /tok_[0-9a-f]{32}/g;
/** Members that name one occasion: they may not point to the past case. */
const OCCASION =
  /(^|_)(session|run|trace|span|request|order|invoice|reference|ref|ticket|case|number)(_id)?$/i;
/** An item of this occasion, and its digest: the text will be another, and a digest leads to the past case. */
const RETRIEVED_ID = /^\/evidence\/retrieved\/\d+\/id$/;
const RETRIEVED_DIGEST = /^\/evidence\/retrieved\/\d+\/digest$/;
const MOST_RENAMED = 128;

/**
 * The same case about nobody: every subject token, and whatever names the occasion (session, order, invoice), is drawn
 * anew and alike wherever it occurs, in the action and in every text. `keep` names what must stay: whom the action goes
 * to and what the tool is called. The result shares no token with the case it was made of.
 */
export function redrawIdentifiers<T extends DrillCase>(
  from: T,
  keep: readonly string[],
  random: () => number,
): T {
  const renamed = new Map<string, string>();
  const texts: string[] = [];
  mapTexts(from, (text, at) => {
    texts.push(text);
    const member = at.split('/').at(-1) ?? '';
    const isOccasion =
      (at.startsWith('/action/') && OCCASION.test(member) && /\d{2}/.test(text)) ||
      (RETRIEVED_ID.test(at) && /\d{3}/.test(text)) ||
      RETRIEVED_DIGEST.test(at);
    if (isOccasion && !keep.includes(text) && renamed.size < MOST_RENAMED)
      renamed.set(text, redrawShape(text, random));
    return text;
  });
  for (const text of texts) {
    for (const [token] of text.matchAll(TOKEN)) {
      if (!renamed.has(token)) renamed.set(token, `tok_${redrawShape(token.slice(4), random)}`);
    }
  }
  const longestFirst = [...renamed].sort(([a], [b]) => b.length - a.length);
  return mapTexts(from, (text) =>
    keep.includes(text)
      ? text
      : longestFirst.reduce((result, [old, fresh]) => result.split(old).join(fresh), text),
  );
}

/** Hexadecimal texts get other hexadecimal digits, all others other decimal digits. */
function redrawShape(text: string, random: () => number): string {
  const [, label = '', hex = text] = /^([a-z0-9-]+:)([0-9a-f]{32,})$/.exec(text) ?? [];
  if (!/^[0-9a-f-]{16,}$/.test(hex)) return redrawDigits(text, random);
  return label + hex.replace(/[0-9a-f]/g, () => Math.floor(random() * 16).toString(16));
}
