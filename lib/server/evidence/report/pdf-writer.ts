import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { classifyText, formatCodePoint } from '@/lib/core/visible-text';

const FONTS = join(/* turbopackIgnore: true */ process.cwd(), 'node_modules', 'geist', 'dist', 'fonts');
const SANS = join(FONTS, 'geist-sans', 'Geist-Regular.ttf');
const BOLD = join(FONTS, 'geist-sans', 'Geist-SemiBold.ttf');
const MONO = join(FONTS, 'geist-mono', 'GeistMono-Regular.ttf');

export const INK = '#131918';
export const QUIET = '#5c6764';
const LINE = '#cbd4d1';
const MARGIN = 56;
const FOOT = 40;

export type Face = 'sans' | 'bold' | 'mono';

interface TextStyle {
  face?: Face;
  size?: number;
  color?: string;
  /** Space after it. */
  after?: number;
  indent?: number;
}

/** What pdfkit's embedded font offers and its types leave out. */
interface LoadedFont {
  font?: { hasGlyphForCodePoint?(codePoint: number): boolean };
}

/** Pages of A4 with text that hides nothing: code points that deceive, or that the font cannot draw, stand as numbers. */
export class PdfWriter {
  private readonly doc: PDFKit.PDFDocument;
  private readonly chunks: Buffer[] = [];
  private readonly done: Promise<void>;

  constructor(private readonly info: { title: string; createdAt: Date; foot: string }) {
    this.doc = new PDFDocument({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
      bufferPages: true,
      lang: 'en',
      displayTitle: true,
      pdfVersion: '1.7',
      info: {
        Title: info.title,
        Producer: 'Countersign',
        Creator: 'Countersign',
        CreationDate: info.createdAt,
      },
    });
    this.doc.registerFont('sans', SANS).registerFont('bold', BOLD).registerFont('mono', MONO);
    this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    this.done = new Promise((resolve, reject) => {
      this.doc.on('end', resolve);
      this.doc.on('error', reject);
    });
  }

  get width(): number {
    return this.doc.page.width - 2 * MARGIN;
  }

  get left(): number {
    return MARGIN;
  }

  get y(): number {
    return this.doc.y;
  }

  private get bottom(): number {
    return this.doc.page.height - MARGIN - FOOT;
  }

  /** A new page unless this much is left on the current one. */
  need(height: number): void {
    if (this.doc.y + height > this.bottom) this.doc.addPage();
  }

  /** Text as it can be drawn in a face: what hides, or has no glyph, is written out. */
  visible(text: string, face: Face = 'sans'): string {
    this.doc.font(face);
    const { font } = (this.doc as unknown as { _font: LoadedFont })._font;
    const draws = (character: string) =>
      font?.hasGlyphForCodePoint?.(character.codePointAt(0) ?? 0) ?? character <= '\u007e';
    return classifyText(text)
      .map((part) => {
        if (part.kind === 'look-alike')
          return `${draws(part.text) ? part.text : ''}<${part.code} ${part.name}>`;
        if (part.kind !== 'plain') return `<${part.code} ${part.name}>`;
        return [...part.text]
          .map((character) =>
            draws(character) ? character : `<${formatCodePoint(character.codePointAt(0) ?? 0)}>`,
          )
          .join('');
      })
      .join('');
  }

  /** Height of a text in a width. */
  heightOf(text: string, width: number, { face = 'sans', size = 9.5 }: TextStyle = {}): number {
    this.doc.font(face).fontSize(size);
    return this.doc.heightOfString(text, { width, lineGap: 1.5 });
  }

  text(
    text: string,
    { face = 'sans', size = 9.5, color = INK, after = 4, indent = 0 }: TextStyle = {},
  ): void {
    const shown = this.visible(text, face);
    const width = this.width - indent;
    this.need(Math.min(this.heightOf(shown, width, { face, size }), 60));
    this.doc.font(face).fontSize(size).fillColor(color);
    this.doc.text(shown, MARGIN + indent, this.doc.y, { width, lineGap: 1.5 });
    this.doc.y += after;
  }

  heading(text: string, level: 1 | 2 | 3): void {
    const size = { 1: 20, 2: 13, 3: 10.5 }[level];
    this.need(level === 1 ? 60 : 70);
    if (level > 1) this.doc.y += level === 2 ? 14 : 8;
    this.text(text, { face: 'bold', size, after: level === 3 ? 3 : 6 });
    if (level === 2) this.rule(6);
  }

  rule(after = 4): void {
    this.doc
      .moveTo(MARGIN, this.doc.y)
      .lineTo(MARGIN + this.width, this.doc.y)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke();
    this.doc.y += after;
  }

  /** Cells side by side; a row is never torn between two pages unless it is taller than one. */
  row(
    cells: readonly { text: string; width: number; face?: Face; size?: number; color?: string }[],
    { after = 3, line = false }: { after?: number; line?: boolean } = {},
  ): void {
    const shown = cells.map((cell) => ({ ...cell, text: this.visible(cell.text, cell.face) }));
    const height = Math.max(
      ...shown.map(({ text, width, ...style }) => this.heightOf(text, width - 8, style)),
    );
    this.need(Math.min(height, this.bottom - MARGIN));
    const top = this.doc.y;
    const page = this.doc.bufferedPageRange().count;
    let x = MARGIN;
    for (const { text, width, face = 'sans', size = 9.5, color = INK } of shown) {
      this.doc.font(face).fontSize(size).fillColor(color);
      this.doc.text(text, x, top, { width: width - 8, lineGap: 1.5 });
      x += width;
    }
    if (this.doc.bufferedPageRange().count === page) this.doc.y = top + height;
    this.doc.x = MARGIN;
    this.doc.y += after;
    if (line) this.rule(after);
  }

  /** The shape that goes with a verdict, beside the line that is written next. */
  mark(verdict: 'valid' | 'invalid' | 'not-checked', x: number, y: number): void {
    const { doc } = this;
    const color = VERDICT_COLORS[verdict];
    doc.save().lineWidth(1).strokeColor(color).fillColor(color);
    if (verdict === 'not-checked')
      doc
        .circle(x + 4, y + 5, 3.6)
        .dash(1.6, { space: 1.4 })
        .stroke()
        .undash();
    else {
      doc.circle(x + 4, y + 5, 4).fill();
      doc.strokeColor('#ffffff');
      if (verdict === 'valid')
        doc
          .moveTo(x + 2, y + 5)
          .lineTo(x + 3.5, y + 6.6)
          .lineTo(x + 6.1, y + 3.4)
          .stroke();
      else
        doc
          .moveTo(x + 2.5, y + 3.5)
          .lineTo(x + 5.5, y + 6.5)
          .moveTo(x + 5.5, y + 3.5)
          .lineTo(x + 2.5, y + 6.5)
          .stroke();
    }
    doc.restore();
  }

  space(height: number): void {
    this.doc.y += height;
  }

  addPage(): void {
    this.doc.addPage();
  }

  /** Numbers the pages and gives the file. */
  async finish(): Promise<Uint8Array> {
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.doc.switchToPage(page);
      const y = this.doc.page.height - MARGIN;
      // Below the margin pdfkit would begin a new page for the footer.
      this.doc.page.margins.bottom = 0;
      this.doc.font('sans').fontSize(8).fillColor(QUIET);
      this.doc.text(this.info.foot, MARGIN, y, { width: this.width * 0.75, lineBreak: false });
      this.doc.text(`Page ${page - start + 1} of ${count}`, MARGIN, y, { width: this.width, align: 'right' });
    }
    this.doc.end();
    await this.done;
    return new Uint8Array(Buffer.concat(this.chunks));
  }
}

export const VERDICT_COLORS = { valid: '#17703d', invalid: '#b8261c', 'not-checked': '#5c6764' } as const;
