/** A document as a PDF of one page: plain text in one of the fonts that every reader has. It never stands for a layout. */
import { type Body, listOf, partOf, textOf } from './body.ts';

const LINES_MAX = 48;

export function pdfOf(title: string, record: Body): Buffer {
  const lines = listOf(record, 'Line').map((line) => {
    const detail = partOf(line, 'SalesItemLineDetail');
    const name = textOf(line, 'Description') ?? textOf(partOf(detail, 'ItemRef'), 'name') ?? textOf(line, 'DetailType') ?? '';
    return `${name}   ${textOf(detail, 'Qty') ?? ''}   ${textOf(line, 'Amount') ?? ''}`;
  });
  const currency = textOf(partOf(record, 'CurrencyRef'), 'value') ?? '';
  const text = [
    `${title} ${textOf(record, 'DocNumber') ?? textOf(record, 'Id') ?? ''}`,
    `Date ${textOf(record, 'TxnDate') ?? ''}   Due ${textOf(record, 'DueDate') ?? '-'}`,
    textOf(partOf(record, 'CustomerRef'), 'name') ?? '',
    '',
    ...lines.slice(0, LINES_MAX - 6),
    '',
    `Total ${textOf(record, 'TotalAmt') ?? '0'} ${currency}`,
  ];
  return written(text);
}

function written(lines: readonly string[]): Buffer {
  const shown = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
  const content = `BT /F1 11 Tf 56 780 Td 15 TL\n${shown}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return String(offset).padStart(10, '0');
  });
  const start = text.length;
  const entries = offsets.map((offset) => `${offset} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** What the font has no letter for is a question mark. */
const escaped = (line: string): string => line.replace(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?').replace(/[()\\]/g, String.raw`\$&`);
