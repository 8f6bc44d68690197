import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyCodePoint, classifyText, formatCodePoint, listHidden } from '@/lib/core/visible-text';

const kinds = (text: string) => listHidden(text).map((part) => `${part.kind} ${part.code}`);

describe('classifyText', () => {
  it.each([
    ['zero-width space splits a name that a filter looks for', 'Order\u200Bpriority', ['zero-width U+200B']],
    ['right-to-left override turns gpj.exe round', 'invoice\u202Egpj.exe', ['bidirectional U+202E']],
    [
      'isolates hide an early end (trojan source)',
      'pay\u2066 100\u2069',
      ['bidirectional U+2066', 'bidirectional U+2069'],
    ],
    ['tags carry an invisible prompt', 'ok\u{E0069}\u{E0067}', ['tag U+E0069', 'tag U+E0067']],
    ['variation selectors carry bytes', 'a\uFE01\u{E0101}', ['zero-width U+FE01', 'zero-width U+E0101']],
    ['carriage return overwrites a line', 'approve\rdeny', ['control U+000D']],
    ['escape sequence repaints a terminal', '\u001B[2K', ['control U+001B']],
    ['C1 control is a control too', 'a\u0085b', ['control U+0085']],
    ['no-break space joins two arguments', 'rm\u00A0-rf', ['unusual-space U+00A0']],
    ['line separator ends a line in some parsers', 'a\u2028b', ['unusual-space U+2028']],
    ['blank Braille looks like nothing', 'a\u2800b', ['unusual-space U+2800']],
    ['Hangul filler is an invisible letter', 'admin\u3164', ['zero-width U+3164']],
    ['soft hyphen hides in a word', 'pass\u00ADword', ['zero-width U+00AD']],
    ['byte-order mark at the start', '\uFEFFname', ['zero-width U+FEFF']],
    ['private use draws whatever a font likes', '\uE000', ['private-use U+E000']],
    ['lone surrogate is not a character', 'a\uD800b', ['broken U+D800']],
    ['noncharacter', '\uFFFE', ['broken U+FFFE']],
    [
      'marks stacked until they cover the next line',
      'a\u0301\u0302\u0303\u0304',
      ['stacked-mark U+0303', 'stacked-mark U+0304'],
    ],
    ['Cyrillic a inside a Latin word', 'p\u0430ypal', ['look-alike U+0430']],
    ['Greek omicron inside a Latin word', 'G\u03BF\u03BFgle', ['look-alike U+03BF', 'look-alike U+03BF']],
    [
      'a whole word of look-alikes',
      '\u0440\u0430\u0443\u0440\u0430',
      ['U+0440', 'U+0430', 'U+0443', 'U+0440', 'U+0430'].map((c) => `look-alike ${c}`),
    ],
    ['Cyrillic letter beside digits', '1\u041E0', ['look-alike U+041E']],
    ['full-width letters', '\uFF41dmin', ['look-alike U+FF41']],
    ['mathematical letters', '\u{1D429}ay', ['look-alike U+1D429']],
    ['division slash in an address', 'bank.example\u2215evil', ['look-alike U+2215']],
    ['one dot leader for a full stop', 'bank\u2024example', ['look-alike U+2024']],
    ['minus sign for a hyphen', '\u2212500', ['look-alike U+2212']],
    ['dotless i', 'adm\u0131n', ['look-alike U+0131']],
  ])('shows: %s', (_, text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it.each([
    ['plain ASCII', 'Order NE-20418, priority'],
    ['accents', 'Zürich, São Paulo, naïve, Łódź, Nguyễn'],
    ['decomposed accents', 'e\u0301 n\u0303'],
    ['an honest Russian sentence', 'Привет, как дела?'],
    ['an honest Greek word', 'Ωμέγα'],
    ['Hindi', 'नमस्ते दुनिया'],
    ['Tamil', 'வணக்கம்'],
    ['Arabic and Hebrew', 'مرحبا שלום'],
    ['Chinese and Japanese', '支払い 转账'],
    ['currency and typographic quotes', '₹18,500.00 “quoted” – done…'],
    ['a plain emoji', 'done 🙂'],
  ])('leaves honest text alone: %s', (_, text) => {
    expect(classifyText(text)).toEqual([{ kind: 'plain', text }]);
  });

  it('names what it found', () => {
    expect(listHidden('memo\u200Btext')[0]).toMatchObject({ code: 'U+200B', name: 'zero-width space' });
    expect(listHidden('p\u0430y')[0]).toMatchObject({ name: 'looks like "a"' });
    expect(listHidden('\u0001')[0]).toMatchObject({ name: 'control character' });
  });

  it('keeps every code unit of any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (wild, tame) => {
        const text = `${tame}${wild}\uD83D${tame}`;
        expect(
          classifyText(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('lets no format, control, surrogate, private or noncharacter code point through as plain', () => {
    // Visible format characters of Arabic, Syriac, Kaithi and Egyptian numbering have a shape of their own.
    const visibleFormat =
      /^[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}\u{13430}-\u{1343F}]$/u;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      if (
        !/^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]$/u.test(character) &&
        !/^\p{Default_Ignorable_Code_Point}$/u.test(character)
      )
        continue;
      if (visibleFormat.test(character) || (codePoint >= 0xe0080 && codePoint <= 0xe0fff)) continue;
      expect(classifyCodePoint(codePoint), formatCodePoint(codePoint)).not.toBeNull();
    }
  });
});
