/** Money that the bank takes back: the payment is reversed by a document of its own, and what it paid is open again. */
import type { Row } from '../model.ts';
import { amountOf, clearLines, type LineKey, localOf, refreshClearingStatus, resetClearing } from './clearing.ts';
import { type Context, textOf } from './context.ts';
import { type Line, LINES, post, type Posted } from './posting.ts';
import { refuse } from './refusals.ts';

/** The bank took it back: its clearing is reset, and it is reversed. */
export function returnPayment(
  context: Context,
  { company, year, document }: Omit<LineKey, 'item'>,
  date = context.store.moment.day,
): Posted {
  const { store } = context;
  const number = document.padStart(10, '0');
  const lines = (): Row[] => [
    ...store.table(LINES).related({ AccountingDocument: number, CompanyCode: company, FiscalYear: year }),
  ];
  const [first] = lines();
  if (first?.AccountingDocumentType !== 'DZ') throw refuse('F5/062', `Document ${document} ${company} ${year} is no payment`);
  if (first.IsReversed === true) throw refuse('F5/361', `Document ${document} was already reversed`);
  const clearings = new Set(
    lines()
      .filter((line) => line.IsCleared === true)
      .map((line) => `${textOf(line, 'ClearingAccountingDocument')} ${textOf(line, 'ClearingDocFiscalYear')}`),
  );
  for (const clearing of clearings) {
    const [by = '', ofYear = ''] = clearing.split(' ');
    resetClearing(context, company, by, ofYear);
  }
  const originals = lines();
  const reversal = post(context, {
    company,
    documentType: 'DA',
    postingDate: date,
    documentDate: date,
    currency: textOf(first, 'TransactionCurrency'),
    lines: originals.map(reversed),
    values: {
      IsReversal: true,
      ReverseDocument: number,
      ReverseDocumentFiscalYear: year,
      DocumentReferenceID: textOf(first, 'DocumentReferenceID'),
    },
  });
  for (const line of originals)
    store.change(LINES, line, { IsReversed: true, ReverseDocument: reversal.document, ReverseDocumentFiscalYear: reversal.year });
  const onAccount = [...lines(), ...reversal.lines].filter((line) => line.FinancialAccountType === 'D');
  clearLines(context, onAccount, { document: reversal.document, year: reversal.year, date });
  for (const line of onAccount) refreshClearingStatus(context, line);
  return reversal;
}

const TURNED: Readonly<Record<string, string>> = { '15': '05', '19': '09', '06': '16', '40': '50', '50': '40' };

function reversed(line: Row): Line {
  const key = textOf(line, 'PostingKey');
  return {
    account: textOf(line, 'GLAccount'),
    type: line.FinancialAccountType === 'D' ? 'D' : 'S',
    postingKey: TURNED[key] ?? key,
    minor: -amountOf(line),
    local: -localOf(line),
    values: {
      Customer: textOf(line, 'Customer'),
      CustomerName: textOf(line, 'CustomerName'),
      SpecialGLCode: textOf(line, 'SpecialGLCode'),
      SpecialGLTransactionType: textOf(line, 'SpecialGLTransactionType'),
      IsOpenItemManaged: textOf(line, 'IsOpenItemManaged'),
      NetDueDate: line.NetDueDate ?? null,
    },
  };
}
