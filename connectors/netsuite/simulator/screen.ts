/**
 * The one screen of the simulated account for people: its newest invoices, and what a person may do to them by a click. It asks for no
 * sign-in, as it is on this machine only; pages of others can't click on it.
 */
import type { Said } from '../../../src/connect/simulating/index.ts';
import { minorText } from './books/amounts.ts';
import type { Transaction } from './books/model.ts';
import type { Json } from './contract.ts';
import { textOf } from './json.ts';
import { Problem } from './problem.ts';
import type { Records } from './records/records.ts';

const SHOWN = 20;
const TYPE = 'text/html; charset=utf-8';
const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:68rem;padding:0 1rem;color:#1f2937;background:#fff}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d1d5db}.n{text-align:right;font-variant-numeric:tabular-nums}form{display:inline}button{font:inherit;padding:.1rem .6rem;cursor:pointer}[role=alert]{background:#fef3c7;padding:.6rem 1rem}';
const HEAD = ['Number', 'Date', 'Subsidiary', 'Customer', 'Due', 'Currency', 'Total', 'Open', 'Actions'];

export class Screen {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  show(problem: string | null = null): Said {
    return { status: problem === null ? 200 : 400, content: this.#page(problem), type: TYPE };
  }

  /** What a button says is to be done. */
  act(form: URLSearchParams): Said {
    const { books, writer } = this.#records;
    const invoice = books.transaction('CustInvc', Number(form.get('invoice')));
    if (invoice === undefined) return this.show('There is no such invoice any more.');
    try {
      if (form.get('do') === 'pay') this.#receivePayment(invoice);
      else writer.void(invoice);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.show(error.message);
    }
    return { status: 303, content: '', type: TYPE, headers: { location: '/' } };
  }

  #receivePayment({ id, entity, subsidiary, currency, open }: Transaction): void {
    if (open <= 0) return; // somebody was faster
    const { books, writer } = this.#records;
    const payment = minorText(open, books.currency(currency).decimals);
    const line = { key: null, values: { doc: id, apply: true, amount: payment }, path: 'apply' };
    const header = { customer: entity, subsidiary, currency, payment };
    writer.create('CustPymt', { header, apply: { items: [line], isReplace: false } });
  }

  #page(problem: string | null): string {
    const { books } = this.#records;
    const company = textOf(books.row('subsidiary', 1)?.values['name']);
    const newest = books.idsOf('CustInvc').slice(-SHOWN).toReversed();
    const rows = newest.flatMap((id) => {
      const invoice = books.transactions.get(id);
      return invoice === undefined ? [] : [this.#row(invoice)];
    });
    const head = HEAD.map((name) => `<th scope="col"${name === 'Total' || name === 'Open' ? ' class="n"' : ''}>${name}</th>`);
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(company)} – NetSuite simulator</title><style>${STYLE}</style></head><body>
<h1>${escaped(company)}</h1><p>A simulated NetSuite account: its ${rows.length} newest invoices. What you do here is done in its books, and whoever is connected finds it there.</p>
${problem === null ? '' : `<p role="alert">${escaped(problem)}</p>`}
<table><thead><tr>${head.join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body></html>
`;
  }

  #row({ id, tranId, day, dueDay, entity, subsidiary, currency, total, open, isVoided }: Transaction): string {
    const { books } = this.#records;
    const { symbol, decimals } = books.currency(currency);
    const cell = (text: Json | undefined) => `<td>${escaped(textOf(text))}</td>`;
    const amount = (minor: number) => `<td class="n">${minorText(minor, decimals)}</td>`;
    const button = (action: string, words: string) =>
      `<form method="post" action="/"><input type="hidden" name="invoice" value="${id}"><button name="do" value="${action}" aria-label="${words}: ${escaped(tranId)}">${words}</button></form>`;
    const buttons = [...(open > 0 ? [button('pay', 'Receive payment')] : []), ...(isVoided ? [] : [button('void', 'Void')])];
    const { companyName, entityId } = books.row('customer', entity)?.values ?? {};
    const company = books.row('subsidiary', subsidiary)?.values['name'];
    return `<tr>${cell(tranId)}${cell(day)}${cell(company)}${cell(companyName ?? entityId)}${cell(dueDay)}${cell(symbol)}${amount(total)}${amount(open)}<td>${buttons.join(' ')}</td></tr>`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
