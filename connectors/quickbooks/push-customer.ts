/**
 * Customers on their way to QuickBooks. Their name is their key there, and customers, vendors and employees share one set of names: a
 * name that is taken is looked up, and the customer who has it is ours if nobody else's.
 */
import type { JsonObject, Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { type Context, literal, queryRows, readById, statementOf, write } from './company.ts';
import { hasCode, refusal } from './faults.ts';
import { textAt } from './fields.ts';
import { customerNotes, splitCustomer } from './mapping-customer.ts';
import { decide, isSameAddress, type Setting } from './merge.ts';
import { readNote } from './note.ts';
import { inWords, update } from './pushing.ts';
import { recordOf } from './reading.ts';
import type { Settings } from './settings.ts';

const ENTITY = 'Customer';

export const pushCustomer: Push<Settings, 'Customer'> = {
  kind: 'Customer',
  stream: 'customers',
  commands: ['CREATE', 'UPDATE'],
  find,
  send: (context, request) =>
    inWords(() =>
      request.command === 'CREATE'
        ? createCustomer(context, request)
        : update(context, request, { entity: ENTITY, settings: () => settingsOf(request, context.config) }),
    ),
};

function settingsOf({ document, ours }: PushRequest<'Customer'>, settings: Settings): readonly Setting[] {
  const { BillAddr: place, ...fields } = splitCustomer(document, { settings, command: 'UPDATE' });
  return [
    ...Object.entries(fields).map(([field, mine]) => ({ field, mine })),
    { field: 'BillAddr', mine: place, isSame: (theirs) => isSameAddress(place, theirs) },
    {
      field: 'Notes',
      mine: customerNotes(undefined, ours),
      isSame: (theirs) => typeof theirs === 'string' && readNote(theirs).ours === ours,
      isMerged: true,
      toSend: (theirs) => customerNotes(typeof theirs === 'string' ? theirs : undefined, ours),
    },
  ];
}

async function find(context: Context, request: PushRequest<'Customer'>): Promise<SourceRecord | null> {
  const { known, document, ours } = request;
  if (known === null) {
    const named = await byName(context, document.name);
    return named && readNote(textAt(named, 'Notes')).ours === ours ? recordOf(named) : null;
  }
  const fresh = await readById(context, ENTITY, known.externalId);
  const isDone = fresh && Object.keys(decide(settingsOf(request, context.config), fresh, known.raw).changes).length === 0;
  return isDone ? recordOf(fresh) : null;
}

async function createCustomer(context: Context, request: PushRequest<'Customer'>): Promise<PushResult> {
  const { document, ours, key } = request;
  const fields = splitCustomer(document, { settings: context.config, command: 'CREATE' });
  const body = { ...fields, Notes: customerNotes(undefined, ours) };
  try {
    return { record: recordOf(await write(context, { entity: ENTITY, body, requestId: key })) };
  } catch (error) {
    if (!hasCode(error, '6240', '600')) throw error;
    const named = await byName(context, document.name);
    if (named) return adopt(context, request, named);
    throw refusal(`${error.words} No customer has the name ${document.name}: a vendor or an employee does. Give another name.`);
  }
}

/** The customer of that name, unless the platform knows it as another one. */
async function adopt(context: Context, request: PushRequest<'Customer'>, named: JsonObject): Promise<PushResult> {
  const { ours: theirs } = readNote(textAt(named, 'Notes'));
  if (theirs === request.ours) return { record: recordOf(named), isFound: true };
  const { document, ours, key } = request;
  if (theirs !== undefined)
    throw refusal(`${document.name} is in QuickBooks already, and stands for ${theirs} here. Give another name.`);
  const { Id = null, SyncToken = null } = named;
  const body = { Id, SyncToken, sparse: true, Notes: customerNotes(textAt(named, 'Notes'), ours) };
  const marked = await write(context, { entity: ENTITY, body, requestId: `${key.slice(0, 36)}-adopt` });
  return { record: recordOf(marked), isFound: true };
}

async function byName(context: Context, name: string): Promise<JsonObject | null> {
  const where = [`DisplayName = ${literal(name)}`, 'Active IN (true,false)'];
  const { rows } = await queryRows(context, ENTITY, statementOf({ entity: ENTITY, where, max: 10 }));
  return rows.find((row) => textAt(row, 'DisplayName')?.toLowerCase() === name.toLowerCase()) ?? null;
}
