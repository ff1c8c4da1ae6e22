/**
 * The one screen of the simulated system for people: its newest invoices, and what a person may do to them by a click. It asks for no
 * sign-in, as it is on this machine only; pages of others can't click on it.
 */
import type { SapBooks } from './books/index.ts';
import { type Row, SapRefusal } from './model.ts';

export interface ScreenAnswer {
  readonly status: number;
  readonly content: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SHOWN = 20;
const TYPE = 'text/html; charset=utf-8';
const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:68rem;padding:0 1rem;color:#1f2937;background:#fff}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d1d5db}.n{text-align:right;font-variant-numeric:tabular-nums}form{display:inline}button{font:inherit;padding:.1rem .6rem;cursor:pointer}[role=alert]{background:#fef3c7;padding:.6rem 1rem}';
const STATES: Readonly<Record<string, string>> = { A: 'open', B: 'partly paid', C: 'cleared' };

export class Screen {
  readonly #books: SapBooks;

  constructor(books: SapBooks) {
    this.#books = books;
  }

  show(problem: string | null = null): ScreenAnswer {
    return { status: problem === null ? 200 : 400, content: this.#page(problem), type: TYPE };
  }

  /** What a button says is to be done. */
  act(form: URLSearchParams): ScreenAnswer {
    const number = form.get('invoice') ?? '';
    if (this.#books.get('A_BillingDocument', { BillingDocument: number }) === null)
      return this.show('There is no such billing document.');
    try {
      if (form.get('do') === 'pay') this.#books.people.receivePayment({ invoices: [number] });
      else this.#books.people.cancelBilling(number);
    } catch (error) {
      if (!(error instanceof SapRefusal)) throw error;
      return this.show(error.message);
    }
    return { status: 303, content: '', type: TYPE, headers: { location: '/' } };
  }

  #newest(): Row[] {
    const rows: Row[] = [];
    for (const row of this.#books.newest('A_BillingDocument')) {
      rows.push(row);
      if (rows.length === SHOWN) break;
    }
    return rows;
  }

  #page(problem: string | null): string {
    const names = this.#books.context.companies.map(({ name }) => name).join(' and ');
    const newest = this.#newest();
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(names)} – S/4HANA simulator</title><style>${STYLE}</style></head><body>
<h1>${escaped(names)}</h1><p>A simulated SAP S/4HANA: its ${newest.length} newest billing documents. What you do here is done in its books, and whoever is connected hears of it.</p>
${problem === null ? '' : `<p role="alert">${escaped(problem)}</p>`}
<table><thead><tr><th scope="col">Number</th><th scope="col">Type</th><th scope="col">Company</th><th scope="col">Date</th><th scope="col">Payer</th><th scope="col" class="n">Total</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead><tbody>
${newest.map((row) => this.#row(row)).join('\n')}
</tbody></table></body></html>
`;
  }

  #row(row: Row): string {
    const text = (name: string): string => String(row[name] ?? '');
    const number = text('BillingDocument');
    const payer = this.#books.get('A_Customer', { Customer: row.PayerParty ?? '' });
    const isInvoice = text('SDDocumentCategory') === 'M' && row.BillingDocumentIsCancelled !== true;
    const isOpen = isInvoice && text('AccountingDocument') !== '' && text('InvoiceClearingStatus') !== 'C';
    const state = row.BillingDocumentIsCancelled === true ? 'cancelled' : (STATES[text('InvoiceClearingStatus')] ?? 'not posted');
    const cells = [
      number.replace(/^0+/, ''),
      text('BillingDocumentType'),
      text('CompanyCode'),
      text('BillingDocumentDate'),
      String(payer?.CustomerName ?? ''),
    ];
    const buttons = [
      ...(isOpen ? [button(number, 'pay', 'Receive payment')] : []),
      ...(isInvoice ? [button(number, 'cancel', 'Cancel')] : []),
    ];
    const total = `${text('TotalGrossAmount')} ${text('TransactionCurrency')}`;
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}<td class="n">${escaped(total)}</td><td>${state}</td><td>${buttons.join(' ')}</td></tr>`;
  }
}

const button = (number: string, action: string, words: string): string =>
  `<form method="post" action="/"><input type="hidden" name="invoice" value="${escaped(number)}"><button name="do" value="${action}" aria-label="${words}: ${escaped(number)}">${words}</button></form>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
