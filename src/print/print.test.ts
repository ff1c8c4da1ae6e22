import { createRequire } from 'node:module';
import PdfKit from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { drawPdf } from './pdf.ts';
import { BOX, printable, printableCodes } from './printable.ts';
import { wrapped } from './wrap.ts';

describe('printable', () => {
  it('keeps what the font has, and replaces by a box what it has not or would draw in a wrong order', () => {
    expect(printable('Größe Ω Щ ₴ №')).toBe('Größe Ω Щ ₴ №');
    expect(printable('北京 שלום 😀')).toBe(`${BOX}${BOX} ${BOX}${BOX}${BOX}${BOX} ${BOX}`);
    expect(printable('a\tb\nc')).toBe('a b c');
    expect(printable('‮gnp')).toBe(`${BOX}gnp`);
    expect(printable('e\u0301')).toBe('é');
  });

  it.each(['DejaVuSansCondensed', 'DejaVuSansCondensed-Bold'])('promises nothing that %s lacks', (name) => {
    const path = createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
    // the font as pdfkit has read it, which its types leave out
    const { _font } = new PdfKit().font(path) as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } };
    expect(printableCodes().filter((code) => !_font.font.hasGlyphForCodePoint(code))).toEqual([]);
  });
});

describe('wrapped', () => {
  const wide = (text: string) => text.length;

  it('breaks between words, and within a word that is too long, and loses nothing', () => {
    expect(wrapped('one two three', 7, wide)).toEqual(['one two', 'three']);
    expect(wrapped('a 1234567890 b', 4, wide)).toEqual(['a', '1234', '5678', '90 b']);
    expect(wrapped('short', 9, wide)).toEqual(['short']);
  });
});

describe('drawPdf', () => {
  it('gives the same bytes for the same document', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => [String(i), 'Ж']);
    const column = { title: 'A', share: 1, align: 'left' } as const;
    const document = {
      title: 'T',
      author: 'A',
      madeAt: new Date('2026-01-01T00:00:00Z'),
      blocks: [{ kind: 'table', columns: [column, column], rows } as const],
    };
    const [first, second] = [await drawPdf(document), await drawPdf(document)];
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
