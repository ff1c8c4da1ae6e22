/** What the ERP says of its records as a whole: how many there are, what each customer owes, and an invoice on paper. */
import { addDecimal, compareDecimal, type Decimal, decimal, decimalText, negateDecimal } from '../../kernel/decimal.ts';
import { ExternalError } from '../external-error.ts';
import { type KitCheck, must, wordsOf } from './check.ts';
import type { Harness } from './harness.ts';
import { eachStream } from './scene.ts';

const ZERO = decimal('0');

async function mustCount(harness: Harness, name: string): Promise<void> {
  const stream = harness.stream(name);
  if (!stream.count) return;
  const wanted = (await harness.erp.ids(name)).length;
  const got = await stream.count(harness.context, null);
  must(got === wanted, `${name}: it counts ${got}, and ${wanted} are there.`);
  const days = (await harness.erp.booked(name)).map(({ day }) => day).sort();
  const [from, to] = [days[Math.floor(days.length / 4)], days[Math.floor((days.length * 3) / 4)]];
  if (from === undefined || to === undefined) return;
  const within = days.filter((day) => day >= from && day <= to).length;
  const counted = await stream.count(harness.context, { from, to });
  must(counted === within, `${name}: from ${from} to ${to} it counts ${counted}, and ${within} are there.`);
}

/** What is open by the documents that are read, by customer and currency. */
async function openByDocuments(harness: Harness): Promise<Map<string, Decimal>> {
  const owed = new Map<string, Decimal>();
  await eachStream(harness, async (stream) => {
    const { kind } = harness.stream(stream);
    for (const record of (await harness.readAll(stream, { mode: 'FULL' })).records.values()) {
      const made = record.isDeleted ? null : harness.assemble(stream, record);
      if (!made?.ok) continue;
      const { customer, currency, open, unapplied } = made.document as {
        customer?: string;
        currency?: string;
        open?: string;
        unapplied?: string;
      };
      if (kind === 'Invoice') add(owed, `${customer} ${currency}`, decimal(open ?? '0'));
      if (kind === 'CreditNote') add(owed, `${customer} ${currency}`, negateDecimal(decimal(open ?? '0')));
      if (kind === 'Payment') add(owed, `${customer} ${currency}`, negateDecimal(decimal(unapplied ?? '0')));
    }
  });
  return owed;
}

const add = (sums: Map<string, Decimal>, key: string, amount: Decimal): void =>
  void sums.set(key, addDecimal(sums.get(key) ?? ZERO, amount));

export const comparingChecks: readonly KitCheck[] = [
  {
    name: 'counts',
    area: 'reading',
    promise: 'It counts as many records as there are, in all and in a period, also after some were made and removed.',
    without: ({ connector }) => (connector.streams.some(({ count }) => count) ? null : 'It counts no records.'),
    run: (harness) =>
      eachStream(harness, async (stream) => {
        await mustCount(harness, stream);
        await harness.erp.make(stream);
        const made = await harness.erp.make(stream);
        if (made !== null) await harness.erp.remove(stream, made);
        await mustCount(harness, stream);
      }),
  },
  {
    name: 'balances',
    area: 'reading',
    promise: 'What each customer owes there is what is open of the documents, in each currency.',
    without: ({ connector }) => (connector.balances ? null : 'It tells no balances.'),
    async run(harness) {
      const documents = await openByDocuments(harness);
      const told = new Map<string, Decimal>();
      for await (const page of harness.connector.balances?.(harness.context) ?? [])
        for (const { customer, currency, amount } of page) add(told, `${customer} ${currency}`, decimal(amount));
      must(told.size > 0, 'Nobody owes anything there.');
      for (const key of new Set([...documents.keys(), ...told.keys()])) {
        const [open, owed] = [documents.get(key) ?? ZERO, told.get(key) ?? ZERO];
        const [customer, currency] = key.split(' ');
        must(
          compareDecimal(open, owed) === 0,
          `Customer ${customer} owes ${decimalText(owed)} ${currency} there, and ${decimalText(open)} by the documents.`,
        );
      }
    },
  },
  {
    name: 'invoice as PDF',
    area: 'reading',
    promise: 'An invoice comes as a whole PDF, also when the first answer is cut; one that is not there is refused.',
    without: ({ connector }) => (connector.invoicePdf ? null : 'It prints no invoices.'),
    async run(harness) {
      const { connector, erp, context } = harness;
      const stream = connector.streams.find(({ kind }) => kind === 'Invoice');
      const name = stream?.name ?? '';
      const [id = ''] = await erp.ids(name);
      erp.simulator.setFaults({ script: ['HALF_ANSWER'] });
      const bytes = await connector.invoicePdf?.(context, { stream: name, externalId: id });
      erp.simulator.setFaults({});
      const text = Buffer.from(bytes ?? []).toString('latin1');
      must(text.startsWith('%PDF-'), `Invoice ${id} comes as something that is no PDF.`);
      must(/%%EOF\s*$/.test(text), `Invoice ${id} comes as a PDF without its end.`);
      const error = await connector.invoicePdf?.(context, { stream: name, externalId: '999999999' }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      must(error instanceof ExternalError, `An invoice that is not there is not refused as one: ${wordsOf(error)}.`);
    },
  },
];
