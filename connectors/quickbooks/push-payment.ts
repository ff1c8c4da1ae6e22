/**
 * Payments on their way to QuickBooks, with what they are set against. A list of lines replaces the one there whole, so an update sends
 * what we know, what somebody there has set since, and lines for documents that only QuickBooks knows.
 */
import {
  type Canonical,
  type Json,
  type JsonObject,
  type Push,
  type PushRequest,
  compare,
  isZero,
  numberOf,
  plus,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { amountAt, given, isObject, listAt, textAt } from './fields.ts';
import { isVoided } from './mapping-sales.ts';
import { paymentTable } from './mapping-payment.ts';
import { decide, type Setting } from './merge.ts';
import { writeNote } from './note.ts';
import { create, findBy, inWords, takeBack, update } from './pushing.ts';
import { noteSetting } from './push-sales.ts';
import type { Settings } from './settings.ts';

type Application = Canonical<'Payment'>['applications'][number];

const REFERENCE_MAX_CHARS = 21;
const NOTE_MAX_CHARS = 4_000;
const TYPES = { Invoice: 'Invoice', CreditNote: 'CreditMemo' } as const;

function splitPayment(document: Canonical<'Payment'>, settings: Settings, ours: string): JsonObject {
  const { rate, amount, method, reference, memo } = document;
  const isShort = reference === undefined || reference.length <= REFERENCE_MAX_CHARS;
  const note = writeNote({ ours, ...given({ text: memo, reference: isShort ? undefined : reference }) });
  if (note.length > NOTE_MAX_CHARS) throw refusal(`The memo has more than ${NOTE_MAX_CHARS} characters together with our mark.`);
  const methodId = settings.paymentMethods[method];
  return {
    ...paymentTable.write(document, 'CREATE'),
    ...given({
      ExchangeRate: rate === undefined || rate === '1' ? undefined : numberOf(rate, 'The rate'),
      PaymentMethodRef: methodId === undefined ? undefined : { value: methodId },
      PaymentRefNum: isShort ? reference : undefined,
      DepositToAccountRef: settings.depositTo === undefined || isZero(amount) ? undefined : { value: settings.depositTo },
      PrivateNote: note,
      Line: linesOf(document.applications),
    }),
  };
}

/** One line for each document. */
function linesOf(applications: readonly Application[]): JsonObject[] {
  const lines = applications.flatMap(({ kind, document, amount, discount }) => {
    if (discount !== undefined && !isZero(discount))
      throw refusal('QuickBooks has no cash discount on payments: credit it by a credit note, and set that against the invoice.');
    return kind === 'OTHER' ? [] : [lineOf({ type: TYPES[kind], id: document, amount })];
  });
  return [...linesIn(lines).values()];
}

const lineOf = ({ type, id, amount }: { type: string; id: string; amount: string }): JsonObject => ({
  Amount: numberOf(amount, 'What is set against a document'),
  LinkedTxn: [{ TxnId: id, TxnType: type }],
});

/** `Invoice/17` */
function keyOf(line: JsonObject): string {
  const [link] = listAt(line, 'LinkedTxn');
  return link === undefined ? '' : `${textAt(link, 'TxnType')}/${textAt(link, 'TxnId')}`;
}

/** By their documents; lines for the same one count together. */
function linesIn(list: Json | undefined): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const line of Array.isArray(list) ? list.filter(isObject) : []) {
    const key = keyOf(line);
    const before = found.get(key);
    const amount = before === undefined ? null : plus(amountOf(before), amountOf(line));
    if (key !== '')
      found.set(key, amount === null ? line : { ...line, Amount: numberOf(amount, 'What is set against a document') });
  }
  return found;
}

const isOurKind = (key: string): boolean => /^(Invoice|CreditMemo)\//.test(key);
const amountOf = (line: JsonObject | undefined): string => (line && amountAt(line, 'Amount')) ?? '0';

interface Merged {
  readonly lines: readonly JsonObject[];
  /** What they had set since we read it, and we set otherwise. */
  readonly overridden: readonly JsonObject[];
}

/**
 * The whole list, document by document: where we have changed nothing since we read it, it is as it is there now, else it is as we say.
 * Documents of kinds that only QuickBooks knows are theirs.
 */
function mergedLines(mine: readonly JsonObject[], fresh: JsonObject, known: JsonObject | null): Merged {
  const [ours, theirs, before] = [linesIn([...mine]), linesIn(fresh['Line']), linesIn(known?.['Line'])];
  const isOurs = (key: string) =>
    isOurKind(key) && (known === null || compare(amountOf(ours.get(key)), amountOf(before.get(key))) !== 0);
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  const lines = keys.flatMap((key): readonly JsonObject[] => {
    const line = (isOurs(key) ? ours : theirs).get(key);
    return line === undefined ? [] : [withoutExtras(line)];
  });
  const changed = keys.filter((key) => isOurs(key) && compare(amountOf(theirs.get(key)), amountOf(before.get(key))) !== 0);
  const gone = changed.filter((key) => compare(amountOf(theirs.get(key)), amountOf(ours.get(key))) !== 0);
  return {
    lines,
    overridden: known === null ? [] : gone.map((key): JsonObject => theirs.get(key) ?? { ...ours.get(key), Amount: 0 }),
  };
}

/** What QuickBooks adds to a line when it is read would be out of date. */
function withoutExtras({ LineEx: _extras, ...line }: JsonObject): JsonObject {
  return line;
}

function paymentSettings(request: PushRequest<'Payment'>, settings: Settings, fresh: JsonObject): readonly Setting[] {
  const { document, ours, known } = request;
  const mine = splitPayment(document, settings, ours);
  const { lines, overridden } = mergedLines(mine['Line'] as readonly JsonObject[], fresh, known?.raw ?? null);
  const fields = ['TotalAmt', 'TxnDate', 'PaymentMethodRef', 'PaymentRefNum'].map((field) => ({ field, mine: mine[field] }));
  return [
    ...fields,
    {
      field: 'Line',
      mine: lines,
      isSame: (theirs) => isSameSet(lines, theirs),
      isMerged: true,
      ...(overridden.length === 0 ? {} : { overridden }),
    },
    noteSetting(ours),
  ];
}

function isSameSet(mine: readonly JsonObject[], theirs: Json | undefined): boolean {
  const there = linesIn(theirs);
  const isThere = (line: JsonObject) => compare(amountOf(there.get(keyOf(line))), amountOf(line)) === 0;
  return there.size === mine.length && mine.every(isThere);
}

const ENTITY = 'Payment';

export const pushPayment: Push<Settings, 'Payment'> = {
  kind: 'Payment',
  stream: 'payments',
  commands: ['CREATE', 'UPDATE', 'VOID'],
  find: (context, request) =>
    findBy(context, request, {
      entity: ENTITY,
      customer: request.document.customer,
      isDone(fresh) {
        if (request.command === 'VOID') return isVoided(fresh);
        const settings = paymentSettings(request, context.config, fresh);
        return Object.keys(decide(settings, fresh, request.known?.raw ?? null).changes).length === 0;
      },
    }),
  send: (context, request) =>
    inWords(() => {
      const { document, command, ours } = request;
      if (command === 'CREATE') {
        const body = splitPayment(document, context.config, ours);
        return create(context, request, { entity: ENTITY, body, customer: document.customer });
      }
      if (command === 'VOID') {
        const params = { operation: 'update', include: 'void' };
        return takeBack(context, request, { entity: ENTITY, params, isDone: isVoided, body: { sparse: true } });
      }
      return update(context, request, {
        entity: ENTITY,
        settings: (fresh) => paymentSettings(request, context.config, fresh),
        // an amount and a payer are asked for with every update, and a payment without its lines would be set against nothing
        always: (fresh) =>
          given({
            CustomerRef: fresh['CustomerRef'],
            TotalAmt: fresh['TotalAmt'],
            Line: listAt(fresh, 'Line').map(withoutExtras),
          }),
      });
    }),
};
