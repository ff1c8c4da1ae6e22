/** Customers: one account for each subsidiary that they have business with. Their name, limit and terms are the same in all of them. */
import {
  type Assembled,
  type AssembleContext,
  amount,
  type Canonical,
  country,
  defineMapping,
  flag,
  type Json,
  type JsonObject,
  id,
  not,
  NotOurs,
  text,
} from '../../src/connect/index.ts';
import { assembled, oursIn } from './assembled.ts';
import { given, isTrue, neededText, textAt } from './fields.ts';
import { accountId, partsOf } from './lists.ts';
import type { Settings } from './settings.ts';

const table = defineMapping('Customer', [
  { ours: 'number', read: 'entityid', codec: text() },
  { ours: 'name', write: 'companyName', codec: text(83) },
  { ours: 'isActive', read: 'isinactive', codec: not(flag('T', 'F')), otherwise: true },
  { ours: 'email', read: 'email', write: 'email', codec: text(254) },
  { ours: 'phone', read: 'phone', write: 'phone', codec: text(32) },
  { ours: 'terms', read: 'terms', write: 'terms.id', codec: id },
  { ours: 'creditLimit', read: 'creditlimit', codec: amount },
]);

const STAGES: ReadonlySet<string> = new Set(['LEAD', 'PROSPECT']);
const BY_CODE = [
  'companyname',
  'firstname',
  'lastname',
  'altname',
  'isperson',
  'parent',
  'creditholdoverride',
  'searchstage',
  'addr1',
  'addr2',
  'addr3',
  'city',
  'state',
  'zip',
  'country',
  'taxid',
  'bankaccount',
  'relationship',
];

/** @throws NotOurs for a lead that is no customer yet */
export function assembleCustomer(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Customer'> {
  const { leads } = context.config;
  const stage = textAt(raw, 'searchstage');
  if (leads === 'IGNORE' && stage !== undefined && STAGES.has(stage.toUpperCase()))
    throw new NotOurs(`A ${stage} is no customer yet.`);
  const customer = neededText(raw, 'id');
  const subsidiary = textAt(raw, 'subsidiary');
  const parent = textAt(raw, 'parent');
  const address = addressOf(raw);
  const account = textAt(raw, 'bankaccount')?.replaceAll(' ', '');
  const document = {
    ...table.read(raw),
    name: nameOf(raw),
    isCreditBlocked: textAt(raw, 'creditholdoverride')?.toUpperCase() === 'ON',
    ...given({
      currency: textAt(raw, 'currency') ?? (context.functionalCurrency || undefined),
      // itself, where it has none
      parent: parent === undefined || parent === customer ? undefined : accountId(parent, subsidiary),
      taxId: textAt(raw, 'taxid'),
      country: address?.country,
      region: address?.region,
      address,
      legalEntity: subsidiary,
      party: subsidiary === undefined ? undefined : customer,
      bankAccounts: account !== undefined && account.length >= 4 && account.length <= 50 ? [account] : undefined,
    }),
  };
  return assembled(raw, context, {
    document,
    tables: [table],
    mapped: BY_CODE,
    ours: oursOfAccount(raw),
    created: 'datecreated',
  });
}

/**
 * A customer stands for one of our accounts in each company, and has one external id: it names the account that made it, with the
 * subsidiary behind it.
 */
function oursOfAccount(raw: JsonObject): string | undefined {
  const subsidiary = textAt(raw, 'subsidiary');
  if (subsidiary === undefined) return oursIn(raw);
  const [, ours, of] = /^(.+)\.(\d+)$/.exec(textAt(raw, 'externalid') ?? '') ?? [];
  return ours !== undefined && of === subsidiary ? oursIn({ externalid: ours }) : undefined;
}

export const customerExternalId = (ours: string, subsidiary: string | undefined): string =>
  subsidiary === undefined ? ours : `${ours}.${subsidiary}`;

function nameOf(raw: JsonObject): string {
  const person = ['firstname', 'lastname'].flatMap((name) => textAt(raw, name) ?? []).join(' ');
  const company = textAt(raw, 'companyname');
  const names = isTrue(raw, 'isperson') ? [person, company] : [company, person];
  return [...names, textAt(raw, 'altname')].find((name) => name !== undefined && name !== '') ?? neededText(raw, 'entityid');
}

function addressOf(raw: JsonObject): Canonical<'Customer'>['address'] {
  const lines = ['addr1', 'addr2', 'addr3'].flatMap((name) => textAt(raw, name) ?? []);
  const address = given({
    lines: lines.length === 0 ? undefined : lines,
    city: textAt(raw, 'city'),
    region: textAt(raw, 'state'),
    postalCode: textAt(raw, 'zip'),
    country: countryCode(textAt(raw, 'country')),
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** By its letters or its English name; undefined for one that nobody knows: no record is refused for it. */
export function countryCode(name: string | undefined): string | undefined {
  try {
    return name === undefined ? undefined : country.decode(name, 'country');
  } catch {
    return undefined;
  }
}

/** The fields that the platform sets. */
export function splitCustomer(
  document: Canonical<'Customer'>,
  { settings, command }: { settings: Settings; command: 'CREATE' | 'UPDATE' },
): JsonObject {
  const { taxId, parent } = document;
  const parentId = parent === undefined ? undefined : partsOf(parent)?.customer;
  const more: Record<string, Json | undefined> = {
    parent: parentId === undefined ? undefined : { id: parentId },
    isInactive: command === 'UPDATE' || !document.isActive ? !document.isActive : undefined,
    ...(settings.taxId ? { [settings.taxId.field]: taxId } : {}),
    ...(command === 'CREATE' ? { isPerson: false, addressBook: addressBookOf(document) } : {}),
  };
  return { ...table.write(document, command), ...given(more) } as JsonObject;
}

/** Written once: afterwards addresses are kept where they are used. */
function addressBookOf({ address, country: land, region }: Canonical<'Customer'>): Json | undefined {
  const lines = address?.lines ?? [];
  const countryId = address?.country ?? land;
  const fields = given({
    addr1: lines[0],
    addr2: lines[1],
    addr3: lines.length > 2 ? lines.slice(2).join(', ') : undefined,
    city: address?.city,
    state: address?.region ?? region,
    zip: address?.postalCode,
    country: countryId === undefined ? undefined : { id: countryId },
  });
  if (Object.keys(fields).length === 0) return undefined;
  return { items: [{ defaultBilling: true, defaultShipping: true, addressBookAddress: fields as JsonObject }] };
}
