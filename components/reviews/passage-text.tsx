import { MarkedText } from '@/components/ui/marked-text';

/** A stretch of text from outside that reads like an instruction; offsets in UTF-16 units. */
export type Passage = { from: number; to: number; why: string };

/** Text from outside, whole, with its marked passages under the pen and what hides in it made visible. */
export function PassageText({ text, passages }: { text: string; passages: readonly Passage[] }) {
  return (
    <>
      {cutPassages(text, passages).map(({ from, part, isMarked }) =>
        isMarked ? (
          <mark key={from}>
            <MarkedText text={part} />
          </mark>
        ) : (
          <MarkedText key={from} text={part} />
        ),
      )}
    </>
  );
}

/** Cuts a text at its passages; overlapping or foreign offsets never lose or repeat a character. */
export function cutPassages(
  text: string,
  passages: readonly Passage[],
): { from: number; part: string; isMarked: boolean }[] {
  const parts: { from: number; part: string; isMarked: boolean }[] = [];
  let at = 0;
  const push = (to: number, isMarked: boolean) => {
    if (to > at) parts.push({ from: at, part: text.slice(at, to), isMarked });
    at = Math.max(at, to);
  };
  for (const { from, to } of passages.toSorted((a, b) => a.from - b.from)) {
    push(Math.min(Math.max(from, 0), text.length), false);
    push(Math.min(Math.max(to, 0), text.length), true);
  }
  push(text.length, false);
  return parts;
}

/** The passage with a little of what stands around it, cut between words where there are words. */
export function excerptOf(
  text: string,
  passage: Passage,
  aroundChars = 80,
): { text: string; passage: Passage } {
  const near = Math.max(0, passage.from - aroundChars);
  const far = Math.min(text.length, passage.to + aroundChars);
  const from = near === 0 ? 0 : near + (/^\S*\s/.exec(text.slice(near, passage.from))?.[0].length ?? 0);
  const to = far === text.length ? far : far - (/\s\S*$/.exec(text.slice(passage.to, far))?.[0].length ?? 0);
  const head = from > 0 ? '…' : '';
  const shift = head.length - from;
  return {
    text: `${head}${text.slice(from, to)}${to < text.length ? '…' : ''}`,
    passage: { ...passage, from: passage.from + shift, to: passage.to + shift },
  };
}
