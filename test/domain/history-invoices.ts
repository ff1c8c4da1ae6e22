/** The steps of a history that make invoices, and undo them. */
import { addDays } from '../../src/kernel/date.ts';
import { issue, when, writeOff } from './books-commands.ts';
import { credit, leftOf } from './books-credit.ts';
import { type Books, EXPONENT, type Group, halfUp, type Invoice } from './books-model.ts';
import { accountOf, done, type Maker, pick, someAmount, someDay, type Step, text, withDay } from './history-step.ts';

const RATES = [
  ['S', 19n],
  ['S', 7n],
  ['Z', 0n],
] as const;

function linesOf(currency: string, { which, other, size: n }: Step): { input: object[]; groups: Group[] } {
  const scale = 10n ** (EXPONENT[currency] ?? 2n);
  const groups = new Map<string, Group>();
  const input = Array.from({ length: 1 + (n % 3) }, (_, i) => {
    const [category, percent] = pick(RATES, which + i * other) ?? RATES[0];
    const quantity = BigInt(1 + ((other * 7 + i * 31 + n) % 900));
    const price = BigInt(1_000 + which * 13_337 + i * 971 + n * 11) * (currency === 'JPY' ? 100n : 1n);
    const net = halfUp(quantity * price * scale, 1_000_000n);
    const before = groups.get(`${category} ${percent}`);
    groups.set(`${category} ${percent}`, { category, percent, net: (before?.net ?? 0n) + net, tax: 0n });
    const decimal = (whole: bigint, places: number) =>
      `${whole / 10n ** BigInt(places)}.${(whole % 10n ** BigInt(places)).toString().padStart(places, '0')}`;
    return {
      description: `Line ${i}`,
      quantity: decimal(quantity, 2),
      unitPrice: decimal(price, 4),
      taxCategory: category,
      taxRate: `${percent}`,
    };
  });
  return { input, groups: [...groups.values()].map((g) => ({ ...g, tax: halfUp(g.net * g.percent, 100n) })) };
}

export const draft: Maker = ({ books }, step) => {
  const account = accountOf(books, step.which);
  const own = account?.entity.currency ?? 'EUR';
  const currency = step.day > 94 ? 'USD' : (pick([own, 'EUR', own, 'JPY', own, 'KWD'], step.day) ?? 'EUR');
  if (!account) return null;
  const { input, groups } = linesOf(currency, step);
  const invoice: Invoice = { id: '', account, currency, state: 'DRAFT', version: 1, groups, issuedOn: '', item: null, notes: [] };
  return {
    name: 'draftInvoice',
    input: { accountId: account.id, currency, lines: input },
    expected: done((id) => void books.invoices.push(Object.assign(invoice, { id }))),
  };
};

const drafts = (books: Books, step: Step) => books.invoices.filter((i) => step.day > 90 || i.state === 'DRAFT');

export const edit: Maker = ({ books }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  if (!invoice) return null;
  const { input, groups } = linesOf(invoice.currency, step);
  const change = () => Object.assign(invoice, { groups, version: invoice.version + 1 });
  return {
    name: 'changeInvoiceDraft',
    input: { id: invoice.id, expectedVersion: invoice.version, lines: input },
    expected: done(change, invoice.state === 'DRAFT' ? [] : ['WRONG_STATE', 'VERSION_CONFLICT']),
  };
};

export const cancel: Maker = ({ books }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  return invoice
    ? {
        name: 'cancelInvoiceDraft',
        input: { id: invoice.id },
        expected: done(() => Object.assign(invoice, { state: 'CANCELLED' }), when(invoice.state !== 'DRAFT', 'WRONG_STATE')),
      }
    : null;
};

export const issueIt: Maker = ({ books, now }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  if (!invoice) return null;
  const days = {
    ...withDay('issuedOn', someDay(step.day, now.today)),
    ...withDay('dueOn', step.other < 20 ? undefined : addDays(now.today, step.size - 10)),
  };
  return { name: 'issueInvoice', input: { id: invoice.id, ...days }, expected: issue(books, invoice, { now, ...days }) };
};

export const creditIt: Maker = ({ books, now }, step) => {
  const invoice = pick(
    books.invoices.filter((i) => step.other > 90 || i.state === 'ISSUED'),
    step.which,
  );
  if (!invoice) return null;
  const issuedOn = withDay('issuedOn', someDay(step.day, now.today));
  const left = leftOf(invoice);
  const at = step.other % Math.max(left.length, 1);
  const lines = step.size < 30 ? null : [{ at, net: someAmount(left[at]?.net ?? 0n, (step.size * 3) % 97) }];
  const shown = lines?.map((l) => ({
    taxCategory: left[l.at]?.category,
    taxRate: `${left[l.at]?.percent}`,
    net: text(l.net, invoice.currency),
  }));
  return {
    name: 'issueCreditNote',
    input: { invoiceId: invoice.id, reason: 'Damaged', ...issuedOn, ...(shown ? { lines: shown } : {}) },
    expected: credit(books, invoice, { now, lines, ...issuedOn }),
  };
};

export const writeItOff: Maker = ({ books, now }, step) => {
  const invoice = pick(
    books.invoices.filter((i) => step.other > 90 || (i.item && books.open(i.item) > 0n)),
    step.which,
  );
  if (!invoice) return null;
  const amount = step.size < 40 ? undefined : someAmount(invoice.item ? books.open(invoice.item) : 5n, step.size);
  const effectiveOn = withDay('effectiveOn', someDay(step.day, now.today));
  const input = {
    invoiceId: invoice.id,
    reason: 'Small',
    ...effectiveOn,
    ...(amount === undefined ? {} : { amount: text(amount, invoice.currency) }),
  };
  return {
    name: 'writeOff',
    input,
    expected: writeOff(books, invoice, { now, ...effectiveOn, ...(amount === undefined ? {} : { amount }) }),
  };
};
