/**
 * The one screen of the simulated company for people: its newest invoices, and what a person may do to them by a click. It asks for no
 * sign-in, as it is on this machine only; pages of others can't click on it.
 */
import { decimalsOf, fromMinor, minorText, toMinor } from './amounts.ts';
import { type Body, partOf, refOf, textOf } from './body.ts';
import type { Books, Row } from './books.ts';
import { ApiFault } from './fault.ts';
import { viewOf } from './view.ts';
import { PERSON, type Writer } from './writer.ts';

export interface ScreenAnswer {
  readonly status: number;
  readonly content: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SHOWN = 20;
const TYPE = 'text/html; charset=utf-8';
const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1f2937;background:#fff}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d1d5db}.n{text-align:right;font-variant-numeric:tabular-nums}form{display:inline}button{font:inherit;padding:.1rem .6rem;cursor:pointer}[role=alert]{background:#fef3c7;padding:.6rem 1rem}';

export class Screen {
  readonly #books: Books;
  readonly #writer: Writer;

  constructor(books: Books, writer: Writer) {
    this.#books = books;
    this.#writer = writer;
  }

  show(problem: string | null = null): ScreenAnswer {
    return { status: problem === null ? 200 : 400, content: this.#page(problem), type: TYPE };
  }

  /** What a button says is to be done. */
  act(form: URLSearchParams): ScreenAnswer {
    const invoice = this.#books.row('Invoice', form.get('invoice') ?? '');
    if (invoice === undefined) return this.show('There is no such invoice any more.');
    try {
      if (form.get('do') === 'pay') this.#receivePayment(invoice);
      else this.#writer.void('Invoice', { Id: invoice.id }, PERSON);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      return this.show(error.message);
    }
    return { status: 303, content: '', type: TYPE, headers: { location: '/' } };
  }

  #receivePayment({ id, body, openMinor }: Row): void {
    if (openMinor <= 0) return; // somebody was faster
    const CustomerRef = partOf(body, 'CustomerRef');
    const currency = refOf(body, 'CurrencyRef') ?? 'USD';
    const Amount = fromMinor(openMinor, decimalsOf(currency));
    const { ExchangeRate } = body;
    this.#writer.create(
      'Payment',
      {
        CustomerRef,
        TotalAmt: Amount,
        ...(ExchangeRate === undefined ? {} : { ExchangeRate }),
        Line: [{ Amount, LinkedTxn: [{ TxnId: id, TxnType: 'Invoice' }] }],
      },
      PERSON,
    );
  }

  #page(problem: string | null): string {
    const company = textOf(this.#books.single('CompanyInfo'), 'CompanyName') ?? '';
    const newest = [...this.#books.rows('Invoice')].sort((a, b) => b.serial - a.serial).slice(0, SHOWN);
    const rows = newest.map((row) => this.#row(viewOf(this.#books, row)));
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(company)} – QuickBooks simulator</title><style>${STYLE}</style></head><body>
<h1>${escaped(company)}</h1><p>A simulated QuickBooks Online company: its ${newest.length} newest invoices. What you do here is done in its books, and whoever is connected hears of it.</p>
${problem === null ? '' : `<p role="alert">${escaped(problem)}</p>`}
<table><thead><tr><th scope="col">Number</th><th scope="col">Date</th><th scope="col">Customer</th><th scope="col">Due</th><th scope="col" class="n">Total</th><th scope="col" class="n">Open</th><th scope="col">Actions</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body></html>
`;
  }

  #row(view: Body): string {
    const cell = (text: string | undefined) => `<td>${escaped(text ?? '')}</td>`;
    const decimals = decimalsOf(refOf(view, 'CurrencyRef') ?? 'USD');
    const minor = (name: string) => toMinor(view[name], decimals) ?? 0;
    const amount = (name: string) => `<td class="n">${minorText(minor(name), decimals)}</td>`;
    const number = textOf(view, 'DocNumber') ?? '';
    const button = (action: string, words: string) =>
      `<form method="post" action="/"><input type="hidden" name="invoice" value="${escaped(textOf(view, 'Id') ?? '')}"><button name="do" value="${action}" aria-label="${words}: ${escaped(number)}">${words}</button></form>`;
    const buttons = [
      ...(minor('Balance') > 0 ? [button('pay', 'Receive payment')] : []),
      ...(minor('TotalAmt') > 0 ? [button('void', 'Void')] : []),
    ];
    const customer = textOf(partOf(view, 'CustomerRef'), 'name');
    return `<tr>${cell(number)}${cell(textOf(view, 'TxnDate'))}${cell(customer)}${cell(textOf(view, 'DueDate'))}${amount('TotalAmt')}${amount('Balance')}<td>${buttons.join(' ')}</td></tr>`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
