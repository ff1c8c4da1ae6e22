/** Amounts and days: what the books there say, to the last digit, in any currency and however tax was rounded. Nothing is worked out anew. */
import { exponentOf, currency as currencyOf } from '../../kernel/currency.ts';
import { addDecimal, decimal, decimalText } from '../../kernel/decimal.ts';
import { money } from '../../kernel/money.ts';
import type { Push } from '../connector.ts';
import { carriedOf } from './carried.ts';
import { contentOf, type KitCheck, KitFailure, must } from './check.ts';
import type { Harness } from './harness.ts';
import type { KitBooked, KitReferences } from './kit-erp.ts';
import { type SaleKind, type SaleLine, saleOf, taxOn } from './random-documents.ts';
import { eachStream, isSameAmount } from './scene.ts';
import { eachPush, makingOf, newRequest, requestFor, roundTrip, withoutPushes } from './sending.ts';

/** Whatever a document calls them. */
interface Figures {
  readonly issuedOn?: string;
  readonly orderedOn?: string;
  readonly receivedOn?: string;
  readonly currency: string;
  readonly total?: string;
  readonly amount?: string;
  readonly net?: string;
  readonly tax?: string;
  readonly open?: string;
  readonly unapplied?: string;
  readonly rate?: string;
}

/** @throws KitFailure for a document whose day, currency or amounts are not those of the books; of all, or of some */
export async function mustBeAsBooked(harness: Harness, stream: string, only: ReadonlySet<string> | null = null): Promise<number> {
  const booked = (await harness.erp.booked(stream)).filter(({ id }) => only === null || only.has(id));
  if (booked.length === 0) return 0;
  const { records } = await harness.readAll(stream, { mode: 'FULL' });
  for (const one of booked) {
    const record = records.get(one.id);
    if (record === undefined) throw new KitFailure(`${stream}: ${one.id} is in the books, and was not read.`);
    const made = harness.assemble(stream, record);
    if (!made.ok) must(made.reason === 'NOT_OURS', `${stream}: ${one.id} did not become a document. ${made.text}`);
    else mustAgree(`${stream}: ${one.id}`, made.document as unknown as Figures, one);
  }
  return booked.length;
}

function mustAgree(what: string, document: Figures, booked: KitBooked): void {
  const { issuedOn, orderedOn, receivedOn, currency, rate, total, amount, tax, open, unapplied } = document;
  const pairs = [
    ['the day', issuedOn ?? orderedOn ?? receivedOn, booked.day],
    ['the currency', currency, booked.currency],
  ] as const;
  for (const [name, got, wanted] of pairs)
    must(got === wanted, `${what} has ${name} ${got}, and in the books there it is ${wanted}.`);
  const amounts = [
    ['the rate', rate, booked.rate],
    ['the total', total ?? amount, booked.total],
    ['the tax', tax, booked.tax],
    ['the open amount', open ?? unapplied, booked.open],
  ] as const;
  for (const [name, got, wanted] of amounts) {
    if (wanted === null) continue;
    const isSame = got !== undefined && isSameAmount(got, wanted);
    must(isSame, `${what} has ${name} ${got}, and in the books there it is ${wanted}.`);
  }
}

const AMOUNTS = ['currency', 'net', 'tax', 'total', 'amount'] as const;

/** What was written is there, to the last digit. */
function mustBeExact(kind: string, written: unknown, read: unknown): void {
  for (const name of AMOUNTS) {
    const [sent, got] = [(written as Figures)[name], (read as Figures)[name]];
    if (sent === undefined) continue;
    const isSame = got === sent || (got !== undefined && name !== 'currency' && isSameAmount(got, sent));
    must(isSame, `${kind}: ${name} ${sent} was written, and ${got} came back.`);
  }
}

const exponentIn = (currency: string): number => exponentOf(currencyOf(currency));

/** Currencies of customers there whose amounts have not two decimals. */
async function oddCurrencies(harness: Harness): Promise<readonly string[]> {
  const { customers } = await harness.erp.references();
  return [...new Set(customers.map(({ currency }) => currency))].filter((currency) => exponentIn(currency) !== 2);
}

const inOnly =
  (currency: string) =>
  (all: KitReferences): KitReferences => ({
    ...all,
    customers: all.customers.filter((one) => one.currency === currency),
    openInvoices: all.openInvoices.filter((one) => one.currency === currency),
    openCreditNotes: all.openCreditNotes.filter((one) => one.currency === currency),
  });

const DOCUMENTS = 3;
const BILLS: ReadonlySet<string> = new Set(['Order', 'Invoice', 'CreditNote']);

/** As few lines as it takes until tax by line and tax on the whole are not the same. */
function unevenLines(currency: string, rate: string): { lines: readonly SaleLine[]; byLine: bigint; byTotal: bigint } {
  const tax = (minor: bigint) => taxOn(money(minor, currency), rate).minor;
  for (let count = 2n; count <= 12n; count++)
    for (let priceMinor = 1n; priceMinor < 400n; priceMinor++) {
      const [byLine, byTotal] = [count * tax(priceMinor), tax(count * priceMinor)];
      if (byLine === byTotal) continue;
      return { lines: Array.from({ length: Number(count) }, () => ({ quantity: 1n, priceMinor })), byLine, byTotal };
    }
  throw new KitFailure(`At ${rate} percent tax by line and by total are always the same.`);
}

const taxed = ({ taxes }: KitReferences) => taxes.filter(({ rate }) => !isSameAmount(rate, '0'));

export const amountChecks: readonly KitCheck[] = [
  {
    name: 'as in the books',
    area: 'reading',
    promise: 'Each document has the day, currency, total, tax and open amount that it has there, and none is worked out anew.',
    async run(harness) {
      const currencies = new Set(await oddCurrencies(harness));
      let count = 0;
      await eachStream(harness, async (stream) => {
        count += await mustBeAsBooked(harness, stream);
        for (const { currency } of await harness.erp.booked(stream)) currencies.delete(currency);
      });
      must(count > 0, "The simulator's books have no documents.");
      must(currencies.size === 0, `The simulator has customers in ${[...currencies].join(', ')}, and no document in it.`);
    },
  },
  {
    name: 'currencies',
    area: 'writing',
    promise: 'Amounts in currencies without decimals and with three are written and read to the last digit, with their rates.',
    without: async (harness) =>
      withoutPushes(harness) ??
      ((await oddCurrencies(harness)).length > 0 ? null : 'Its customers have only currencies with two decimals.'),
    async run(harness) {
      const currencies = await oddCurrencies(harness);
      await eachPush(harness, async (push) => {
        if (push.kind !== 'Payment' && !BILLS.has(push.kind)) return;
        const carried = carriedOf(harness, push.kind);
        for (const currency of currencies)
          for (let i = 0; i < DOCUMENTS; i++) {
            const request = await newRequest(harness, push, await makingOf(harness, inOnly(currency)));
            const { written, read } = await roundTrip(harness, push, request);
            mustBeExact(`${push.kind} in ${currency}`, written, read);
            carried.compare(written, read);
          }
        carried.mustBeSteady();
      });
    },
  },
  {
    name: 'rounding',
    area: 'writing',
    promise: 'Tax that was rounded by line and tax that was rounded on the total are written and read as they are.',
    without: async (harness) =>
      withoutPushes(harness) ??
      (taxed(await harness.erp.references()).length > 0 ? null : 'It has no way to tax a line, so nothing is rounded.'),
    run: (harness) =>
      eachPush(harness, async (push) => {
        if (!BILLS.has(push.kind)) return;
        for (const way of ['byLine', 'byTotal'] as const) await mustKeepRounding(harness, push, way);
      }),
  },
];

async function mustKeepRounding(harness: Harness, push: Push, way: 'byLine' | 'byTotal'): Promise<void> {
  const making = await makingOf(harness);
  const customer = making.references.customers.find(({ currency }) => currency === harness.functionalCurrency);
  const [tax] = taxed(making.references);
  if (!customer || !tax) throw new KitFailure(`The simulator has no customer in ${harness.functionalCurrency}.`);
  const { lines, [way]: taxMinor } = unevenLines(customer.currency, tax.rate);
  const document = saleOf(push.kind as SaleKind, making, { customer, tax, lines, taxMinor });
  const { written, read } = await roundTrip(harness, push, requestFor(harness, document));
  const how = way === 'byLine' ? 'rounded by line' : 'rounded on the total';
  mustBeExact(`${push.kind} with tax ${how}`, written, read);
  const { tax: whole, taxes } = read as { tax?: string; taxes?: readonly { readonly tax: string }[] };
  if (whole === undefined || taxes === undefined) return;
  const sum = decimalText(taxes.map((one) => decimal(one.tax)).reduce(addDecimal, decimal('0')));
  must(isSameAmount(sum, whole), `${push.kind} with tax ${how}: its taxes ${contentOf(taxes)} don't come to ${whole}.`);
}
