/**
 * Payments on their way to NetSuite, with the invoices that they are set against; and what credit memos are set against, which is a list
 * of the credit memo itself. Lists are merged there: only documents whose amount changes are sent.
 */
import {
  type Canonical,
  type JsonObject,
  type Push,
  type PushRequest,
  type PushResult,
  type SourceRecord,
  compare,
  isZero,
  numberOf,
  plus,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { amountAt, given, textAt } from './fields.ts';
import { assemblePayment, paymentTable } from './mapping-payment.ts';
import { decide, type Overridden, type Setting } from './merge.ts';
import { currencyOf, findByOurs, freshOf, inWords, makeOnce, patchFields, readBack, takeBack, written } from './pushing.ts';
import { type RecordType, upsert } from './record-service.ts';
import type { Settings } from './settings.ts';
import { headerOf } from './split-sales.ts';
import type { Context } from './suiteql.ts';

type Payment = Canonical<'Payment'>;

const PAYMENT = { type: 'customerPayment', stream: 'payments' } as const;

export const pushPayment: Push<Settings, 'Payment'> = {
  kind: 'Payment',
  stream: 'payments',
  commands: ['CREATE', 'UPDATE', 'VOID'],
  find(context, { document, ours }) {
    const credit = creditIn(document);
    return credit === null ? findByOurs(context, PAYMENT, ours) : standing(context, credit);
  },
  send: (context, request) =>
    inWords(async () => {
      const { document, command, ours } = request;
      const credit = request.known ? creditKnown(request.known) : creditIn(document);
      if (credit !== null) return settle(context, request, credit);
      if (command === 'VOID') return takeBack(context, PAYMENT, request);
      if (command === 'UPDATE') return updatePayment(context, request);
      return makeOnce(context, { ...PAYMENT, ours }, async () => {
        const body = await bodyOf(context, document);
        return upsert(context, 'customerPayment', { externalId: ours, body });
      });
    }),
};

/** The credit memo whose settlement a payment of nothing is; null: it is a payment. */
function creditIn({ amount, applications }: Payment): string | null {
  const credits = applications.filter(({ kind }) => kind === 'CreditNote');
  if (credits.length === 0) return null;
  const [credit, ...more] = credits;
  if (!isZero(amount) || more.length > 0 || credit === undefined)
    throw refusal('NetSuite sets each credit memo against invoices by itself: not together with money, nor several at once.');
  return credit.document;
}

const creditKnown = ({ raw, externalId }: { readonly raw: JsonObject; readonly externalId: string }): string | null =>
  textAt(raw, 'type') === 'CustCred' ? externalId : null;

/** A credit memo that is set against something. */
async function standing(context: Context, credit: string): Promise<SourceRecord | null> {
  const record = await readBack(context, 'payments', credit);
  return record?.isDeleted ? null : record;
}

const columns = (column: string) => (raw: JsonObject) => textAt(raw, column);

const REFERENCE_MAX_CHARS = 45;

function fieldsOf(
  { amount, method, reference }: Payment,
  { paymentMethods, depositAccount, referenceField }: Settings,
): JsonObject {
  const methodId = paymentMethods[method];
  if (referenceField !== null && (reference?.length ?? 0) > REFERENCE_MAX_CHARS)
    throw refusal(`The reference has more than ${REFERENCE_MAX_CHARS} characters, which is all that NetSuite holds.`);
  return given({
    ...(referenceField === null ? {} : { [referenceField]: reference }),
    payment: numberOf(amount, 'The amount'),
    paymentMethod: methodId === undefined ? undefined : { id: methodId },
    account: depositAccount === undefined ? undefined : { id: depositAccount },
    undepFunds: depositAccount === undefined ? true : undefined,
  });
}

async function bodyOf(context: Context, document: Payment): Promise<JsonObject> {
  const { config } = context;
  const { entity, ...header } = headerOf(document, { settings: config, currency: await currencyOf(context, document.currency) });
  const items = itemsOf(settledBy(document.applications));
  return {
    ...paymentTable.write(document, 'CREATE'),
    ...header,
    ...fieldsOf(document, config),
    customer: entity ?? null,
    // the oldest invoices would be paid by themselves
    autoApply: false,
    ...(items.length === 0 ? {} : { apply: { items } }),
  };
}

/** What is settled of an invoice: by money or credit, and by a discount beside it. */
interface Settled {
  readonly amount: string;
  readonly discount: string;
}
type Settlements = ReadonlyMap<string, Settled>;

const NOTHING: Settled = { amount: '0', discount: '0' };
const isSame = (a: Settled, b: Settled): boolean => compare(a.amount, b.amount) === 0 && compare(a.discount, b.discount) === 0;

/** By the invoice. Documents of kinds that only NetSuite knows are theirs. */
function settledBy(applications: Payment['applications']): Settlements {
  const settled = new Map<string, Settled>();
  for (const { kind, document, amount, discount = '0' } of applications) {
    if (kind !== 'Invoice') continue;
    const before = settled.get(document) ?? NOTHING;
    settled.set(document, { amount: plus(before.amount, amount), discount: plus(before.discount, discount) });
  }
  return settled;
}

/** A discount that is there stays unless it is named. */
const itemsOf = (settlements: Settlements, fresh: Settlements = new Map()): JsonObject[] =>
  [...settlements].map(([id, { amount, discount }]) =>
    isZero(amount) && isZero(discount)
      ? { doc: { id }, apply: false }
      : {
          doc: { id },
          apply: true,
          amount: numberOf(amount, 'What is set against a document'),
          ...(isZero(discount) && isZero(fresh.get(id)?.discount ?? '0') ? {} : { disc: numberOf(discount, 'A discount') }),
        },
  );

/** What a record that was read is set against. */
function appliedIn(raw: JsonObject, settings: Settings): Settlements {
  const { document } = assemblePayment(raw, { config: settings, functionalCurrency: 'XXX' });
  return settledBy(document.applications);
}

interface Applying {
  readonly changes: Settlements;
  readonly overridden: readonly Overridden[];
}

/** Invoice by invoice: where we have changed nothing since we read it, it stays as it is there now, else it is as we say. */
function changesOf(wanted: Settlements, fresh: Settlements, known: Settlements | null): Applying {
  const changes = new Map<string, Settled>();
  const overridden: Overridden[] = [];
  for (const id of new Set([...wanted.keys(), ...fresh.keys()])) {
    const [mine, theirs, before] = [wanted, fresh, known].map((one) => one?.get(id) ?? NOTHING) as [Settled, Settled, Settled];
    if (isSame(mine, theirs) || (known !== null && isSame(mine, before))) continue;
    changes.set(id, mine);
    if (known !== null && !isSame(theirs, before))
      overridden.push({ field: `apply.${id}`, theirs: { ...theirs }, ours: { ...mine } });
  }
  return { changes, overridden };
}

async function applyChanges(
  context: Context,
  request: PushRequest<'Payment'>,
  { type, fresh, fields }: { type: RecordType; fresh: SourceRecord; fields: readonly Setting[] },
): Promise<PushResult> {
  const { document, known, command } = request;
  const before = known === null ? null : known.raw;
  const wanted: Settlements = command === 'VOID' ? new Map() : settledBy(document.applications);
  const header = decide(fields, fresh.raw, before);
  const there = appliedIn(fresh.raw, context.config);
  const applied = changesOf(wanted, there, before && command !== 'VOID' ? appliedIn(before, context.config) : null);
  const items = itemsOf(applied.changes, there);
  const body = { ...header.changes, ...(items.length === 0 ? {} : { apply: { items } }) };
  const isSent = await patchFields(context, type, { id: fresh.externalId, body });
  const overridden = [...header.overridden, ...applied.overridden];
  return {
    record: isSent ? await written(context, 'payments', fresh.externalId) : fresh,
    ...(overridden.length === 0 ? {} : { overridden }),
  };
}

async function updatePayment(context: Context, request: PushRequest<'Payment'>): Promise<PushResult> {
  const fresh = await freshOf(context, 'payments', request);
  if (textAt(fresh.raw, 'type') !== 'CustPymt')
    throw refusal(
      'A customer deposit is set against invoices in NetSuite, by an application of it: do it there, and it comes here.',
    );
  const { referenceField } = context.config;
  const { tranDate, memo } = paymentTable.write(request.document, 'UPDATE');
  const { payment, paymentMethod, ...more } = fieldsOf(request.document, context.config);
  const fields: readonly Setting[] = [
    { field: 'tranDate', mine: tranDate, theirs: columns('trandate') },
    { field: 'memo', mine: memo, theirs: columns('memo') },
    ...(referenceField === null ? [] : [{ field: referenceField, mine: more[referenceField], theirs: columns('otherrefnum') }]),
    { field: 'paymentMethod', mine: paymentMethod, theirs: columns('paymentmethod') },
    {
      field: 'payment',
      mine: payment,
      theirs: (raw) => amountAt(raw, 'foreigntotal')?.replace('-', ''),
      isSame: (mine, theirs) => theirs !== undefined && compare(mine, theirs) === 0,
    },
  ];
  return applyChanges(context, request, { type: 'customerPayment', fresh, fields });
}

/** Sets a credit memo against what it is to be set against, all of it. */
async function settle(context: Context, request: PushRequest<'Payment'>, credit: string): Promise<PushResult> {
  const fresh = await readBack(context, 'payments', credit);
  if (!fresh) throw refusal(`Credit memo ${credit} is not in NetSuite any more: it was deleted there.`);
  return applyChanges(context, request, { type: 'creditMemo', fresh, fields: [] });
}
