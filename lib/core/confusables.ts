/**
 * Letters of other scripts that pass for ASCII ones in common fonts: the part of Unicode's confusables.txt (UTS 39)
 * that is written with one code point on each side. Each line pairs look-alikes with the ASCII they pass for.
 */
const PAIRS: readonly (readonly [others: string, latin: string])[] = [
  // Cyrillic
  ['аеорсухіјѕһԁԛԝӏүѵԍ', 'aeopcyxijshdqwlyvg'],
  ['АВЕКМНОРСТХУЅІЈԌԚԜЗҮӀ', 'ABEKMHOPCTXYSIJGQW3YI'],
  // Greek
  ['οανιρυκγϲϳ', 'oaviruxycj'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ', 'ABEZHIKMNOPTYXCJ'],
  // Armenian, Georgian, Cherokee, Coptic
  ['օսհոԼՏՕ', 'ouhnLSO'],
  ['ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ', 'ABCDEHJKLMPRSTVWZ'],
  ['ⲟⲣⲥⲞⲢⲤ', 'opcOPC'],
  // Latin letters that are not ASCII and pass for it
  ['ıɡɑƖℓ', 'igall'],
  // Punctuation that changes what an address or amount says
  ['․‚⁄∕։∶‐‑‒−', '.,//::----'],
];

const table = new Map<number, string>();
for (const [others, latin] of PAIRS) {
  Array.from(others).forEach((other, at) => {
    table.set(other.codePointAt(0) ?? 0, latin.charAt(at));
  });
}

/** The ASCII character that a code point passes for, or null. Full-width and mathematical letters included. */
export function looksLike(codePoint: number): string | null {
  const direct = table.get(codePoint);
  if (direct !== undefined) return direct;
  const styled =
    (codePoint >= 0xff01 && codePoint <= 0xff5e) ||
    (codePoint >= 0x1d400 && codePoint <= 0x1d7ff) ||
    (codePoint >= 0x2460 && codePoint <= 0x24ff) ||
    (codePoint >= 0x2100 && codePoint <= 0x218f);
  if (!styled) return null;
  const folded = String.fromCodePoint(codePoint).normalize('NFKC');
  return /^[\x21-\x7e]$/.test(folded) ? folded : null;
}

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const LETTER = /^\p{L}$/u;
const LATIN = /^[\p{Script=Latin}]$/u;

/**
 * Where (UTF-16 index) a text holds a character that passes for an ASCII one and should not be trusted.
 * A look-alike letter counts when its word also holds Latin letters or digits, or holds nothing but look-alikes; a word that
 * has an honest letter of its own script (`привет`, `Ωμέγα`) is a word of that script. Styled letters and punctuation always count.
 */
export function wordScripts(text: string): ReadonlySet<number> {
  const suspects = new Set<number>();
  let at = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (looksLike(codePoint) !== null && !isForeignLetter(character, codePoint)) suspects.add(at);
    at += character.length;
  }
  for (const word of text.matchAll(WORD)) {
    const foreign: number[] = [];
    let honest = false;
    let latin = false;
    let offset = word.index;
    for (const character of word[0]) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (isForeignLetter(character, codePoint) && looksLike(codePoint) !== null) foreign.push(offset);
      else if (LATIN.test(character)) latin = true;
      else if (LETTER.test(character)) honest = true;
      offset += character.length;
    }
    if (foreign.length > 0 && (latin || !honest)) for (const index of foreign) suspects.add(index);
  }
  return suspects;
}

/** A letter of a script of its own, which may be used honestly; styled forms of Latin are not. */
function isForeignLetter(character: string, codePoint: number): boolean {
  return (
    LETTER.test(character) &&
    !LATIN.test(character) &&
    character.normalize('NFKC') === character &&
    codePoint > 0x36f
  );
}
