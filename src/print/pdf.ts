/**
 * Draws a document as PDF: A4, one embedded font, tables that go on over pages with their head repeated, "page x of y". The same
 * document gives the same bytes. It yields after every page, so that a long one never keeps the process from other work.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { Block, PrintedDocument, Table } from './page.ts';
import { BOX, printable } from './printable.ts';
import { wrapped } from './wrap.ts';

const WIDTH = 595.28;
const HEIGHT = 841.89;
const MARGIN = 48;
const BODY = WIDTH - 2 * MARGIN;
const TOP = MARGIN + 26;
const BOTTOM = HEIGHT - MARGIN - 14;
const SIZE = 8;
const LINE = 11;
const GAP = 8;
/** Between the columns of a table. */
const GUTTER = 6;
/** So many lines of a row, and rows of a table, are kept on one page. */
const TOGETHER = 5;
const GREY = '#666666';
const BOXED = `${BOX} stands for a character that this document can't show.`;

const require = createRequire(import.meta.url);
let fonts: { readonly plain: Buffer; readonly bold: Buffer } | undefined;

/** DejaVu Sans Condensed, read once: it has the scripts of `printable.ts`, and its licence allows to embed it. */
function loadFonts() {
  fonts ??= {
    plain: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
    bold: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf')),
  };
  return fonts;
}

/** The file, whole. */
export async function drawPdf(document: PrintedDocument): Promise<Buffer> {
  const { title, author, madeAt } = document;
  // it takes as long to load as all the rest, and most processes never draw
  const { default: PdfKit } = await import('pdfkit');
  const pdf = new PdfKit({
    size: [WIDTH, HEIGHT],
    margin: 0,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: title, Author: author, Creator: 'Cashgraph', Producer: 'Cashgraph', CreationDate: madeAt, ModDate: madeAt },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((done, fail) => pdf.on('end', done).on('error', fail));
  const page = new Pages(pdf);
  for (const block of document.blocks) {
    await setImmediate();
    await page.draw(block);
  }
  if (page.hasBoxes) await page.draw({ kind: 'text', text: BOXED });
  await page.finish(document);
  await setImmediate();
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

type Font = 'plain' | 'bold';

/** The pages so far, and where the next line goes. */
class Pages {
  hasBoxes = false;
  private y = TOP;

  constructor(private readonly pdf: PDFKit.PDFDocument) {
    const { plain, bold } = loadFonts();
    pdf.registerFont('plain', plain).registerFont('bold', bold);
  }

  async draw(block: Block): Promise<void> {
    if (block.kind === 'table') return this.table(block);
    if (block.kind === 'heading') return this.heading(block.text);
    if (block.kind === 'text') return this.paragraph(block.text);
    const width = BODY / block.groups.length;
    const columns = block.groups.map(({ title, lines }) =>
      [{ text: title, font: 'bold' as Font }, ...lines.map((text) => ({ text, font: 'plain' as Font }))].flatMap(
        ({ text, font }) => this.wrap(text, { font, size: SIZE, width: width - GUTTER }).map((line) => ({ line, font })),
      ),
    );
    for (let i = 0; i < Math.max(...columns.map((c) => c.length)); i++) {
      await this.room(LINE);
      columns.forEach((lines, column) => {
        const { line, font } = lines[i] ?? { line: '', font: 'plain' };
        this.put(line, { font, size: SIZE, x: MARGIN + column * width });
      });
      this.y += LINE;
    }
    this.y += GAP;
    return undefined;
  }

  private async heading(text: string): Promise<void> {
    await this.room(4 * LINE);
    for (const line of this.wrap(text, { font: 'bold', size: 14, width: BODY })) {
      this.put(line, { font: 'bold', size: 14, x: MARGIN });
      this.y += 18;
    }
    this.y += GAP;
  }

  private async paragraph(text: string): Promise<void> {
    for (const line of this.wrap(text, { font: 'plain', size: SIZE, width: BODY })) {
      await this.room(LINE);
      this.put(line, { font: 'plain', size: SIZE, x: MARGIN });
      this.y += LINE;
    }
    this.y += GAP;
  }

  private async table({ columns, rows, sums = 0 }: Table): Promise<void> {
    const shares = columns.reduce((sum, c) => sum + c.share, 0);
    let x = MARGIN;
    const places = columns.map(({ share, align }, i) => {
      const width = (BODY * share) / shares;
      const place = { x, width: i < columns.length - 1 ? width - GUTTER : width, align };
      x += width;
      return place;
    });
    const line = (texts: readonly string[], font: Font) => {
      texts.forEach((text, i) => this.put(text, { font, size: SIZE, ...(places[i] ?? { x: MARGIN }) }));
      this.y += LINE;
    };
    const linesOf = (texts: readonly string[], font: Font): string[][] => {
      const cells = texts.map((text, i) => this.wrap(text, { font, size: SIZE, width: places[i]?.width ?? BODY }));
      return Array.from({ length: Math.max(1, ...cells.map((c) => c.length)) }, (_, i) => cells.map((c) => c[i] ?? ''));
    };
    const titles = linesOf(
      columns.map((c) => c.title),
      'bold',
    );
    const head = () => {
      for (const texts of titles) line(texts, 'bold');
      this.rule();
    };
    await this.room((titles.length + 1 + Math.min(rows.length, TOGETHER)) * LINE);
    head();
    for (const [index, row] of rows.entries()) {
      const font = index >= rows.length - sums ? 'bold' : 'plain';
      const texts = linesOf(row, font);
      await this.room(Math.min(texts.length, TOGETHER) * LINE, head);
      for (const one of texts) {
        await this.room(LINE, head);
        line(one, font);
      }
    }
    this.y += GAP;
  }

  /** Goes to a new page if there is less left on this one. */
  private async room(height: number, head?: () => void): Promise<void> {
    if (this.y + height <= BOTTOM) return;
    await setImmediate();
    this.pdf.addPage();
    this.y = TOP;
    head?.();
  }

  /** The head of every page, and how many there are: known at the end only. */
  async finish({ title, author }: PrintedDocument): Promise<void> {
    const { count } = this.pdf.bufferedPageRange();
    for (let i = 0; i < count; i++) {
      this.pdf.switchToPage(i);
      this.y = MARGIN;
      const [first = ''] = this.wrap(`${author} · ${title}`, { font: 'plain', size: SIZE, width: BODY * 0.8 });
      this.put(first, { font: 'plain', size: SIZE, x: MARGIN, colour: GREY });
      this.put(`Page ${i + 1} of ${count}`, { font: 'plain', size: SIZE, x: MARGIN, width: BODY, align: 'right', colour: GREY });
      if (i % 10 === 9) await setImmediate();
    }
  }

  private rule(): void {
    const y = this.y - 1;
    this.pdf
      .moveTo(MARGIN, y)
      .lineTo(WIDTH - MARGIN, y)
      .lineWidth(0.5)
      .stroke(GREY);
    this.y += 2;
  }

  private wrap(text: string, { font, size, width }: { font: Font; size: number; width: number }): string[] {
    const shown = printable(text);
    this.hasBoxes ||= shown.includes(BOX);
    this.pdf.font(font).fontSize(size);
    return wrapped(shown, width, (part) => this.pdf.widthOfString(part));
  }

  private put(text: string, { font, size, x, width, align, colour = 'black' }: Put): void {
    if (text === '') return;
    this.pdf.font(font).fontSize(size).fillColor(colour);
    const left = align === 'right' && width !== undefined ? x + width - this.pdf.widthOfString(text) : x;
    this.pdf.text(text, left, this.y, { lineBreak: false });
  }
}

interface Put {
  readonly font: Font;
  readonly size: number;
  readonly x: number;
  readonly width?: number;
  readonly align?: 'left' | 'right';
  readonly colour?: string;
}
