/** Orders as accepted estimates, invoices, and credit notes as credit memos, on their way to QuickBooks. */
import {
  type Canonical,
  type Json,
  type JsonObject,
  type Push,
  type PushRequest,
  type PushResult,
  numberOf,
} from '../../src/connect/index.ts';
import { hasCode, refusal } from './faults.ts';
import { given, textAt } from './fields.ts';
import { countingLines, splitLines, splitTax, withTheirs } from './lines-split.ts';
import { creditTable, invoiceTable, isVoided, orderTable } from './mapping-sales.ts';
import { decide, isPartOf, isSameAddress, type Setting } from './merge.ts';
import { readNote, writeNote } from './note.ts';
import { writeAddress } from './place.ts';
import { create, findBy, inWords, takeBack, update } from './pushing.ts';
import type { Settings } from './settings.ts';

type SalesDocument = Canonical<'Order'> | Canonical<'Invoice'> | Canonical<'CreditNote'>;

const NUMBER_MAX_CHARS = 21;
const NOTE_MAX_CHARS = 4_000;
const CUSTOM_FIELD_MAX_CHARS = 31;

/** What all three have beside their tables. */
function splitForm(
  document: SalesDocument,
  settings: Settings,
  { ours, invoice }: { ours: string; invoice?: string },
): JsonObject {
  const { rate, customerReference: reference } = document;
  const field = settings.customFields.customerReference;
  const isInField = field !== undefined && reference !== undefined && reference.length <= CUSTOM_FIELD_MAX_CHARS;
  const note = writeNote({ ours, ...given({ reference: isInField ? undefined : reference, invoice }) });
  if (note.length > NOTE_MAX_CHARS)
    throw refusal(`The customer's reference is too long: a note holds ${NOTE_MAX_CHARS} characters.`);
  return given({
    ExchangeRate: rate === undefined || rate === '1' ? undefined : numberOf(rate, 'The rate'),
    DocNumber: numberOfDocument(document, settings),
    CustomField: isInField ? [{ DefinitionId: field, StringValue: reference, Type: 'StringType' }] : undefined,
    PrivateNote: note,
    Line: splitLines(document, settings),
    TxnTaxDetail: splitTax(document, settings),
  });
}

/** The number of a bill is ours to give; an order whose number is too long gets one of QuickBooks'. */
function numberOfDocument(document: SalesDocument, { sendsNumbers }: Settings): string | undefined {
  const { number } = document;
  if (!sendsNumbers || number === undefined || number.length <= NUMBER_MAX_CHARS) return sendsNumbers ? number : undefined;
  if ('orderedOn' in document) return undefined;
  throw refusal(`The number ${number} has more than ${NUMBER_MAX_CHARS} characters, which is all that QuickBooks holds.`);
}

function splitOrder(document: Canonical<'Order'>, settings: Settings, ours: string): JsonObject {
  const { orderedOn, state, shipTo } = document;
  return {
    ...orderTable.write(document, 'CREATE'),
    ...splitForm(document, settings, { ours }),
    ...given({
      AcceptedDate: state === 'CONFIRMED' ? orderedOn : undefined,
      ShipAddr: shipTo === undefined ? undefined : writeAddress(shipTo),
    }),
  };
}

/** The fields of an estimate that stay ours after it was made. */
function orderSettings(request: PushRequest<'Order'>, settings: Settings, fresh: JsonObject): readonly Setting[] {
  const mine = splitOrder(request.document, settings, request.ours);
  const lines = mine['Line'] as readonly JsonObject[];
  const plainSettings = ['TxnDate', 'ShipDate', 'CustomerMemo', 'SalesTermRef'].map((field) => ({ field, mine: mine[field] }));
  // once it was invoiced it stays closed, whatever it was before
  const isClosed = textAt(fresh, 'TxnStatus') === 'Closed' && request.document.state !== 'CANCELLED';
  return [
    ...plainSettings,
    { field: 'TxnStatus', mine: isClosed ? undefined : mine['TxnStatus'] },
    { field: 'ShipAddr', mine: mine['ShipAddr'], isSame: (theirs) => isSameAddress(mine['ShipAddr'], theirs) },
    {
      field: 'Line',
      mine: lines,
      isSame: (theirs) => isPartOf(lines, countingLines(theirs)),
      toSend: (theirs) => withTheirs(lines, theirs),
      along: { TxnTaxDetail: mine['TxnTaxDetail'] as Json },
    },
    noteSetting(request.ours),
  ];
}

/** Our mark is put back where somebody has written over it; what people wrote stays. */
export function noteSetting(ours: string): Setting {
  const mine = writeNote({ ours });
  return {
    field: 'PrivateNote',
    mine,
    isSame: (theirs) => typeof theirs === 'string' && readNote(theirs).ours === ours,
    isMerged: true,
    toSend: (theirs) => (typeof theirs === 'string' ? `${theirs.slice(0, NOTE_MAX_CHARS - mine.length - 1)} ${mine}` : mine),
  };
}

const isRejected = (fresh: JsonObject): boolean => textAt(fresh, 'TxnStatus') === 'Rejected';

export const pushOrder: Push<Settings, 'Order'> = {
  kind: 'Order',
  stream: 'estimates',
  commands: ['CREATE', 'UPDATE', 'VOID'],
  find: (context, request) =>
    findBy(context, request, {
      entity: 'Estimate',
      customer: request.document.customer,
      isDone: (fresh) =>
        request.command === 'VOID'
          ? isRejected(fresh)
          : isNothing(orderSettings(request, context.config, fresh), fresh, request.known?.raw ?? null),
    }),
  send: (context, request) =>
    inWords(() => {
      const { document, command, ours } = request;
      const entity = 'Estimate';
      if (command === 'CREATE') {
        const body = splitOrder(document, context.config, ours);
        return create(context, request, { entity, body, customer: document.customer });
      }
      if (command === 'VOID') {
        const body = { sparse: true, TxnStatus: 'Rejected', CustomerRef: { value: document.customer } };
        return takeBack(context, request, { entity, params: {}, isDone: isRejected, body });
      }
      return update(context, request, {
        entity,
        settings: (fresh) => orderSettings(request, context.config, fresh),
        always: (fresh) => given({ CustomerRef: fresh['CustomerRef'] }),
      });
    }),
};

const isNothing = (settings: readonly Setting[], fresh: JsonObject, known: JsonObject | null): boolean =>
  Object.keys(decide(settings, fresh, known).changes).length === 0;

function splitInvoice(document: Canonical<'Invoice'>, settings: Settings, ours: string): JsonObject {
  const { orders = [] } = document;
  return {
    ...invoiceTable.write(document, 'CREATE'),
    ...splitForm(document, settings, { ours }),
    ...(orders.length === 0 ? {} : { LinkedTxn: orders.map((id) => ({ TxnId: id, TxnType: 'Estimate' })) }),
  };
}

export const pushInvoice: Push<Settings, 'Invoice'> = {
  kind: 'Invoice',
  stream: 'invoices',
  commands: ['CREATE', 'VOID'],
  find: (context, request) =>
    findBy(context, request, { entity: 'Invoice', customer: request.document.customer, isDone: isVoided }),
  send: (context, request) =>
    inWords(async () => {
      const { document, command, ours } = request;
      const entity = 'Invoice';
      if (command !== 'CREATE')
        return takeBack(context, request, { entity, params: { operation: 'void' }, isDone: isVoided, body: { sparse: true } });
      const body = splitInvoice(document, context.config, ours);
      const creation = { entity, body, customer: document.customer } as const;
      try {
        return await create(context, request, creation);
      } catch (error) {
        if (!hasCode(error, '620') || body['LinkedTxn'] === undefined) throw error;
        return await createUnlinked(context, request, creation);
      }
    }),
};

/** An estimate can be invoiced once there: a further invoice of the same order goes without the link. */
function createUnlinked(
  context: Parameters<typeof create>[0],
  request: PushRequest<'Invoice'>,
  creation: { entity: 'Invoice'; body: JsonObject; customer: string },
): Promise<PushResult> {
  const { LinkedTxn: _links, ...body } = creation.body;
  return create(context, { ...request, key: `${request.key}-n` }, { ...creation, body });
}

export const pushCreditNote: Push<Settings, 'CreditNote'> = {
  kind: 'CreditNote',
  stream: 'credit-memos',
  commands: ['CREATE'],
  find: (context, request) =>
    findBy(context, request, { entity: 'CreditMemo', customer: request.document.customer, isDone: isVoided }),
  send: (context, request) =>
    inWords(() => {
      const { document, ours } = request;
      const { invoice, customer } = document;
      const form = splitForm(document, context.config, { ours, ...given({ invoice }) });
      const body = { ...creditTable.write(document, 'CREATE'), ...form };
      return create(context, request, { entity: 'CreditMemo', body, customer });
    }),
};
