/** The three parts of a middle-elided identifier; `hidden` is empty when the whole text is shown. */
export type Elided = { head: string; hidden: string; tail: string };

/**
 * Splits an identifier so that its prefix (`dec_`, `tok_`, `sha-256:`) and `keep` characters on each side stay visible.
 * Our ids begin with the time, so the last characters are what tells them apart. `head + hidden + tail` is the input.
 */
export function elide(text: string, keep = 4): Elided {
  const prefix = /^(?:[a-z]{2,5}_|[a-z0-9]{2,8}(?:-[0-9]{3})?:)/.exec(text)?.[0] ?? '';
  const headLength = prefix.length + keep;
  if (text.length <= headLength + keep + 2) return { head: text, hidden: '', tail: '' };
  return { head: text.slice(0, headLength), hidden: text.slice(headLength, -keep), tail: text.slice(-keep) };
}
