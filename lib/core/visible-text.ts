import { looksLike, wordScripts } from '@/lib/core/confusables';

/** Why a code point is shown by its number instead of (or beside) its own shape. */
export type HiddenKind =
  | 'control'
  | 'bidirectional'
  | 'zero-width'
  | 'unusual-space'
  | 'tag'
  | 'private-use'
  | 'broken'
  | 'stacked-mark'
  | 'look-alike';

/** A stretch of text that says what it shows, or one code point that does not. */
export type TextPart =
  | { kind: 'plain'; text: string }
  | {
      kind: HiddenKind;
      /** The code point itself; a lone surrogate as it came. */
      text: string;
      /** `U+200B`. */
      code: string;
      /** `zero-width space`; for a look-alike `looks like "a"`. */
      name: string;
    };

const NAMES: Record<number, string> = {
  0: 'null',
  8: 'backspace',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape',
  127: 'delete',
  160: 'no-break space',
  173: 'soft hyphen',
  847: 'combining grapheme joiner',
  1564: 'Arabic letter mark',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8239: 'narrow no-break space',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first-strong isolate',
  8297: 'end of isolate',
  12644: 'Hangul filler',
  65279: 'byte-order mark',
  65533: 'replacement character',
};

const FALLBACK: Record<Exclude<HiddenKind, 'look-alike'>, string> = {
  control: 'control character',
  bidirectional: 'direction control',
  'zero-width': 'invisible character',
  'unusual-space': 'unusual space',
  tag: 'invisible tag',
  'private-use': 'private-use character',
  broken: 'broken character',
  'stacked-mark': 'stacked mark',
};

/** Inclusive ranges, in order of code point. */
const RANGES: readonly (readonly [from: number, to: number, kind: Exclude<HiddenKind, 'look-alike'>])[] = [
  [0x00, 0x1f, 'control'],
  [0x7f, 0x9f, 'control'],
  [0xa0, 0xa0, 'unusual-space'],
  [0xad, 0xad, 'zero-width'],
  [0x034f, 0x034f, 'zero-width'],
  [0x061c, 0x061c, 'bidirectional'],
  [0x115f, 0x1160, 'zero-width'],
  [0x1680, 0x1680, 'unusual-space'],
  [0x17b4, 0x17b5, 'zero-width'],
  [0x180b, 0x180f, 'zero-width'],
  [0x2000, 0x200a, 'unusual-space'],
  [0x200b, 0x200d, 'zero-width'],
  [0x200e, 0x200f, 'bidirectional'],
  [0x2028, 0x2029, 'unusual-space'],
  [0x202a, 0x202e, 'bidirectional'],
  [0x202f, 0x202f, 'unusual-space'],
  [0x205f, 0x205f, 'unusual-space'],
  [0x2060, 0x2064, 'zero-width'],
  [0x2065, 0x2065, 'broken'],
  [0x2066, 0x2069, 'bidirectional'],
  [0x206a, 0x206f, 'zero-width'],
  [0x2800, 0x2800, 'unusual-space'],
  [0x3000, 0x3000, 'unusual-space'],
  [0x3164, 0x3164, 'zero-width'],
  [0xd800, 0xdfff, 'broken'],
  [0xe000, 0xf8ff, 'private-use'],
  [0xfdd0, 0xfdef, 'broken'],
  [0xfe00, 0xfe0f, 'zero-width'],
  [0xfeff, 0xfeff, 'zero-width'],
  [0xffa0, 0xffa0, 'zero-width'],
  [0xfff0, 0xfff8, 'broken'],
  [0xfff9, 0xfffb, 'zero-width'],
  [0xfffc, 0xfffd, 'broken'],
  [0x1bca0, 0x1bca3, 'zero-width'],
  [0x1d159, 0x1d159, 'zero-width'],
  [0x1d173, 0x1d17a, 'zero-width'],
  [0xe0000, 0xe007f, 'tag'],
  [0xe0100, 0xe01ef, 'zero-width'],
  [0xf0000, 0x10ffff, 'private-use'],
];

const MARK = /^\p{M}$/u;
const MAX_MARKS = 2;

/** What is wrong with one code point on its own, or null when it shows itself. */
export function classifyCodePoint(
  codePoint: number,
): Exclude<HiddenKind, 'look-alike' | 'stacked-mark'> | null {
  if ((codePoint & 0xfffe) === 0xfffe) return 'broken';
  for (const [from, to, kind] of RANGES) {
    if (codePoint < from) return null;
    if (codePoint <= to) return kind === 'stacked-mark' ? null : kind;
  }
  return null;
}

/**
 * Cuts attacker-controlled text into parts such that nothing in it can hide: controls, bidirectional and zero-width
 * characters, tags, unusual spaces, private-use and broken code points, marks stacked more than two high, and letters
 * that pass for Latin ones (Unicode TR 36 and TR 39: a word that mixes scripts, or is made of look-alikes only).
 * The parts' `text` joined is the input. Joiners inside emoji are shown too: here exactness matters more than beauty.
 */
export function classifyText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  const suspects = wordScripts(text);
  let plain = '';
  let marks = 0;
  let at = 0;
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'plain', text: plain });
    plain = '';
  };
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    marks = MARK.test(character) ? marks + 1 : 0;
    const kind = classifyCodePoint(codePoint) ?? (marks > MAX_MARKS ? 'stacked-mark' : null);
    if (kind !== null) {
      flush();
      parts.push({
        kind,
        text: character,
        code: formatCodePoint(codePoint),
        name: NAMES[codePoint] ?? FALLBACK[kind],
      });
    } else if (suspects.has(at)) {
      flush();
      const latin = looksLike(codePoint);
      parts.push({
        kind: 'look-alike',
        text: character,
        code: formatCodePoint(codePoint),
        name: `looks like "${latin}"`,
      });
    } else {
      plain += character;
    }
    at += character.length;
  }
  flush();
  return parts;
}

/** The code points of a text that hide or deceive, in order; empty when it shows itself entirely. */
export function listHidden(text: string): Exclude<TextPart, { kind: 'plain' }>[] {
  return classifyText(text).filter((part) => part.kind !== 'plain');
}

/** `U+200B`: at least four upper-case hex digits. */
export function formatCodePoint(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
