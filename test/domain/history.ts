/**
 * Random histories: each step is four small numbers that choose a command, its record and its arguments out of what the books
 * hold at that moment. Most steps are possible; some ask for a cent too much, a day too early or late, a wrong payer.
 */
import { addDays } from '../../src/kernel/date.ts';
import { issue, receive, returned, reverse, when, writeOff } from './books-commands.ts';
import { credit, leftOf } from './books-credit.ts';
import { type Books, EXPONENT, type Group, halfUp, type Invoice, type Payment } from './books-model.ts';
import { applyCredit, applyIt } from './history-cash.ts';
import { accountOf, done, type Maker, type Move, type Op, pick, type Place, someAmount, someDay, type Step, text, withDay } from './history-step.ts';

const RATES = [['S', 19n], ['S', 7n], ['Z', 0n]] as const;

function lines(currency: string, { which, other, size: n }: Step): { input: object[]; groups: Group[] } {
  const scale = 10n ** (EXPONENT[currency] ?? 2n);
  const groups = new Map<string, Group>();
  const input = Array.from({ length: 1 + (n % 3) }, (_, i) => {
    const [category, percent] = pick(RATES, which + i * other) ?? RATES[0];
    const quantity = BigInt(1 + ((other * 7 + i * 31 + n) % 900));
    const price = BigInt(1_000 + which * 13_337 + i * 971 + n * 11) * (currency === 'JPY' ? 100n : 1n);
    const net = halfUp(quantity * price * scale, 1_000_000n);
    const before = groups.get(`${category} ${percent}`);
    groups.set(`${category} ${percent}`, { category, percent, net: (before?.net ?? 0n) + net, tax: 0n });
    const decimal = (whole: bigint, places: number) => `${whole / 10n ** BigInt(places)}.${(whole % 10n ** BigInt(places)).toString().padStart(places, '0')}`;
    return { description: `Line ${i}`, quantity: decimal(quantity, 2), unitPrice: decimal(price, 4), taxCategory: category, taxRate: `${percent}` };
  });
  return { input, groups: [...groups.values()].map((g) => ({ ...g, tax: halfUp(g.net * g.percent, 100n) })) };
}


const draft: Maker = ({ books }, step) => {
  const account = accountOf(books, step.which);
  const own = account?.entity.currency ?? 'EUR';
  const currency = step.day > 94 ? 'USD' : (pick([own, 'EUR', own, 'JPY', own, 'KWD'], step.day) ?? 'EUR');
  if (!account) return null;
  const { input, groups } = lines(currency, step);
  const invoice: Invoice = { id: '', account, currency, state: 'DRAFT', version: 1, groups, issuedOn: '', item: null, notes: [] };
  return { name: 'draftInvoice', input: { accountId: account.id, currency, lines: input }, expected: done((id) => void books.invoices.push(Object.assign(invoice, { id }))) };
};

const drafts = (books: Books, step: Step) => books.invoices.filter((i) => step.day > 90 || i.state === 'DRAFT');

const edit: Maker = ({ books }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  if (!invoice) return null;
  const { input, groups } = lines(invoice.currency, step);
  const change = () => Object.assign(invoice, { groups, version: invoice.version + 1 });
  return { name: 'changeInvoiceDraft', input: { id: invoice.id, expectedVersion: invoice.version, lines: input }, expected: done(change, invoice.state === 'DRAFT' ? [] : ['WRONG_STATE', 'VERSION_CONFLICT']) };
};

const cancel: Maker = ({ books }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  return invoice ? { name: 'cancelInvoiceDraft', input: { id: invoice.id }, expected: done(() => Object.assign(invoice, { state: 'CANCELLED' }), when(invoice.state !== 'DRAFT', 'WRONG_STATE')) } : null;
};

const issueIt: Maker = ({ books, now }, step) => {
  const invoice = pick(drafts(books, step), step.which);
  if (!invoice) return null;
  const days = { ...withDay('issuedOn', someDay(step.day, now.today)), ...withDay('dueOn', step.other < 20 ? undefined : addDays(now.today, step.size - 10)) };
  return { name: 'issueInvoice', input: { id: invoice.id, ...days }, expected: issue(books, invoice, { now, ...days }) };
};

const pay: Maker = ({ books, now }, step) => {
  const owing = books.invoices.filter((i) => i.item && books.open(i.item) > 0n);
  const invoice = step.other < 80 ? pick(owing, step.other) : undefined;
  const account = step.which < 75 ? (invoice?.account ?? accountOf(books, step.which)) : accountOf(books, step.which);
  if (!account) return null;
  const currency = invoice && step.size < 80 ? invoice.currency : account.entity.currency;
  const amount = invoice?.item && currency === invoice.currency ? someAmount(books.open(invoice.item), step.size) || 7n : BigInt(1 + step.size * 997);
  const isPending = step.day % 5 === 0;
  const receivedOn = isPending ? undefined : someDay(step.day, now.today);
  const payment: Payment = { id: '', account, currency, amount, state: 'PENDING', item: null };
  const received = isPending ? null : receive(books, payment, { now, ...withDay('receivedOn', receivedOn) });
  const commit = (id: string) => {
    received?.commit(id);
    books.payments.push(Object.assign(payment, { id }));
  };
  return { name: 'recordPayment', input: { accountId: account.id, amount: { amount: text(amount, currency), currency }, isPending, ...withDay('receivedOn', receivedOn) }, expected: done(commit, received?.codes ?? []) };
};

const arrive: Maker = ({ books, now }, step) => {
  const payment = pick(books.payments.filter((p) => step.other > 85 || p.state === 'PENDING'), step.which);
  if (!payment) return null;
  const receivedOn = withDay('receivedOn', someDay(step.day, now.today));
  if (step.size < 60) return { name: 'receivePayment', input: { id: payment.id, ...receivedOn }, expected: receive(books, payment, { now, ...receivedOn }) };
  const [name, state] = step.size < 80 ? (['failPayment', 'FAILED'] as const) : (['cancelPayment', 'CANCELLED'] as const);
  return { name, input: { id: payment.id }, expected: done(() => Object.assign(payment, { state }), when(payment.state !== 'PENDING', 'WRONG_STATE')) };
};

const reverseIt: Maker = ({ books, now }, step) => {
  const allocation = pick(books.allocations.filter((a) => step.other > 85 || (a.reverses === null && !books.isReversed(a))), step.which);
  const effectiveOn = withDay('effectiveOn', someDay(step.day, now.today));
  return allocation ? { name: 'reverseAllocation', input: { id: allocation.id, ...effectiveOn }, expected: reverse(books, allocation, { now, ...effectiveOn }) } : null;
};

const giveBack: Maker = ({ books, now }, step) => {
  const payment = pick(books.payments, step.which);
  const returnedOn = withDay('returnedOn', someDay(step.day, now.today));
  return payment ? { name: 'returnPayment', input: { id: payment.id, reason: 'AM04', ...returnedOn }, expected: returned(books, payment, { now, ...returnedOn }) } : null;
};

const creditIt: Maker = ({ books, now }, step) => {
  const invoice = pick(books.invoices.filter((i) => step.other > 90 || i.state === 'ISSUED'), step.which);
  if (!invoice) return null;
  const issuedOn = withDay('issuedOn', someDay(step.day, now.today));
  const left = leftOf(invoice);
  const at = step.other % Math.max(left.length, 1);
  const lines = step.size < 30 ? null : [{ at, net: someAmount(left[at]?.net ?? 0n, (step.size * 3) % 97) }];
  const shown = lines?.map((l) => ({ taxCategory: left[l.at]?.category, taxRate: `${left[l.at]?.percent}`, net: text(l.net, invoice.currency) }));
  return { name: 'issueCreditNote', input: { invoiceId: invoice.id, reason: 'Damaged', ...issuedOn, ...(shown ? { lines: shown } : {}) }, expected: credit(books, invoice, { now, lines, ...issuedOn }) };
};

const writeItOff: Maker = ({ books, now }, step) => {
  const invoice = pick(books.invoices.filter((i) => step.other > 90 || (i.item && books.open(i.item) > 0n)), step.which);
  if (!invoice) return null;
  const amount = step.size < 40 ? undefined : someAmount(invoice.item ? books.open(invoice.item) : 5n, step.size);
  const effectiveOn = withDay('effectiveOn', someDay(step.day, now.today));
  const input = { invoiceId: invoice.id, reason: 'Small', ...effectiveOn, ...(amount === undefined ? {} : { amount: text(amount, invoice.currency) }) };
  return { name: 'writeOff', input, expected: writeOff(books, invoice, { now, ...effectiveOn, ...(amount === undefined ? {} : { amount }) }) };
};

const close: Maker = ({ entities, now }, step) => {
  const entity = pick(entities, step.which);
  const through = addDays(now.today, 1 - (step.size % 40));
  if (!entity) return null;
  return { name: 'closeBooks', input: { id: entity.id, through }, expected: done(() => Object.assign(entity, { closedThrough: through }), when(through !== entity.closedThrough && (through >= now.today || through < entity.closedThrough), 'EFFECTIVE_DATE_INVALID')) };
};

const MAKERS: Readonly<Record<Exclude<Op, 'wait'>, Maker>> = {
  draft, edit, cancel, issue: issueIt, pay, arrive, apply: applyIt, applyAgain: applyIt, applyCredit, reverse: reverseIt, giveBack, credit: creditIt, writeOff: writeItOff, close,
};

/** The command of a step; while there is no record for it, a draft, an issue or a payment. */
export function moveOf(place: Place, step: Step): Move | null {
  if (step.op === 'wait') return null;
  return MAKERS[step.op](place, step) ?? (step.which % 3 === 0 ? pay : place.books.invoices.some((i) => i.state === 'DRAFT') ? issueIt : draft)(place, step);
}
