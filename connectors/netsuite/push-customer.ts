/**
 * Customers on their way to NetSuite. A customer is made once, in the subsidiary of its account; the account with a further company adds
 * that subsidiary to the customer. Of one that is there only the fields are written that the platform sets.
 */
import type { JsonObject, Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { textAt } from './fields.ts';
import { accountId, partsOf } from './lists.ts';
import { assembleCustomer, customerExternalId, splitCustomer } from './mapping-customer.ts';
import { decide, type Setting } from './merge.ts';
import { currencyOf, freshOf, inWords, knownId, patchFields, readBack, written } from './pushing.ts';
import { idOfOurs, make, upsert } from './record-service.ts';
import type { Settings } from './settings.ts';
import type { Context } from './suiteql.ts';

type Request = PushRequest<'Customer'>;

export const pushCustomer: Push<Settings, 'Customer'> = {
  kind: 'Customer',
  stream: 'customers',
  commands: ['CREATE', 'UPDATE'],
  find: (context, request) => findAccount(context, request),
  send: (context, request) => inWords(() => (request.command === 'CREATE' ? create(context, request) : update(context, request))),
};

/** The company that the account is with; undefined where the ERP has one only. */
function subsidiaryOf({ config, legalEntities }: Context, { document }: Request): string | undefined {
  if (!config.oneWorld) return undefined;
  const [only, ...more] = legalEntities;
  const subsidiary = document.legalEntity ?? (more.length === 0 ? only : undefined);
  if (subsidiary === undefined) throw refusal('The account does not say with which subsidiary it is.');
  return subsidiary;
}

async function findAccount(context: Context, request: Request): Promise<SourceRecord | null> {
  const { document, ours } = request;
  const subsidiary = subsidiaryOf(context, request);
  if (document.party !== undefined) return readBack(context, 'customers', accountId(document.party, subsidiary));
  const customer = await idOfOurs(context, 'customer', customerExternalId(ours, subsidiary));
  return customer === null ? null : readBack(context, 'customers', accountId(customer, subsidiary));
}

async function create(context: Context, request: Request): Promise<PushResult> {
  const found = await findAccount(context, request);
  if (found) return { record: found, isFound: true };
  const { document, ours } = request;
  const subsidiary = subsidiaryOf(context, request);
  if (document.party !== undefined && subsidiary !== undefined) {
    await make(context, 'customerSubsidiaryRelationship', { entity: { id: document.party }, subsidiary: { id: subsidiary } });
    return { record: await written(context, 'customers', accountId(document.party, subsidiary)) };
  }
  const { currency } = document;
  const body = {
    ...splitCustomer(document, { settings: context.config, command: 'CREATE' }),
    ...(subsidiary === undefined ? {} : { subsidiary: { id: subsidiary } }),
    ...(currency === undefined ? {} : { currency: await currencyOf(context, currency) }),
  };
  const id = await upsert(context, 'customer', { externalId: customerExternalId(ours, subsidiary), body });
  return { record: await written(context, 'customers', accountId(id, subsidiary)) };
}

const column = (name: string) => (raw: JsonObject) => textAt(raw, name);

function settingsOf({ document }: Request, settings: Settings): readonly Setting[] {
  const fields = splitCustomer(document, { settings, command: 'UPDATE' });
  const nameOf = (raw: JsonObject) =>
    assembleCustomer(raw, { config: { ...settings, leads: 'CUSTOMER' }, functionalCurrency: 'XXX' }).document.name;
  const taxField = settings.taxId?.field;
  return [
    { field: 'companyName', mine: fields['companyName'], theirs: nameOf },
    { field: 'email', mine: fields['email'], theirs: column('email') },
    { field: 'phone', mine: fields['phone'], theirs: column('phone') },
    { field: 'terms', mine: fields['terms'], theirs: column('terms') },
    { field: 'parent', mine: fields['parent'], theirs: column('parent') },
    { field: 'isInactive', mine: fields['isInactive'], theirs: (raw) => String(textAt(raw, 'isinactive') === 'T') },
    ...(taxField === undefined ? [] : [{ field: taxField, mine: fields[taxField], theirs: column('taxid') }]),
  ];
}

async function update(context: Context, request: Request): Promise<PushResult> {
  const externalId = knownId(request);
  const fresh = await freshOf(context, 'customers', request);
  const { changes, overridden } = decide(settingsOf(request, context.config), fresh.raw, request.known?.raw ?? null);
  const id = partsOf(externalId)?.customer ?? externalId;
  const isSent = await patchFields(context, 'customer', { id, body: changes });
  return {
    record: isSent ? await written(context, 'customers', externalId) : fresh,
    ...(overridden.length === 0 ? {} : { overridden }),
  };
}
