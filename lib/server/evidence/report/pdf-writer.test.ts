import { expect, test } from 'vitest';
import { PdfWriter } from './pdf-writer';

const writer = () => new PdfWriter({ title: 'Report', createdAt: new Date(0), foot: 'Report' });

test.each([
  ['a right-to-left override', 'invoice\u202efdp.exe', 'invoice<U+202E right-to-left override>fdp.exe'],
  ['a zero-width space', 'pay\u200bee', 'pay<U+200B zero-width space>ee'],
  ['a Cyrillic look-alike', 'p\u0430ypal', 'looks like "a"'],
  ['a character that the font cannot draw', 'ab\u{1f680}', 'ab<U+1F680>'],
  ['a control character', 'a\u0007b', '<U+0007'],
])('%s stands in the report by its number', async (_, hostile, shown) => {
  expect(writer().visible(hostile)).toContain(shown);
});

test('a text of many pages is numbered through, and the same report is the same bytes', async () => {
  const make = async () => {
    const pdf = writer();
    pdf.heading('Report', 1);
    for (let n = 0; n < 300; n++)
      pdf.row([
        { text: `Row ${n}`, width: 100 },
        { text: 'x'.repeat(200), width: 300 },
      ]);
    return pdf.finish();
  };
  const [one, two] = [await make(), await make()];
  const pages =
    Buffer.from(one)
      .toString('latin1')
      .match(/\/Type \/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(5);
  expect(Buffer.from(one).toString('latin1').slice(-7)).toContain('%%EOF');
  expect(two.length).toBe(one.length);
});
