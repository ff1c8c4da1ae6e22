/** Customers, vendors, employees, items, terms, accounts and payment methods: what is stored of them. */
import { type Body, given, partOf, refOf, textOf } from './body.ts';
import type { Books } from './books.ts';
import type { EntityName } from './entities.ts';
import { againstRules, badEnum, badNumber, badReference, missing, tooLong } from './fault.ts';
import { toMinor } from './amounts.ts';
import { settingsOf } from './settings.ts';
import { addressOf, type Draft, existing } from './transaction.ts';

const DELETED = ' (deleted)';
const NAME_MAX_CHARS: Partial<Record<EntityName, number>> = {
  Customer: 500,
  Vendor: 500,
  Employee: 500,
  Item: 100,
  Account: 100,
  Term: 31,
};
const PART_MAX_CHARS = 100;
const ITEM_TYPES = new Set(['Inventory', 'NonInventory', 'Service', 'Group', 'Category']);

/** @throws ApiFault for what QuickBooks refuses */
export function settleListRecord(draft: Draft): Body {
  const { entity, books, body, before } = draft;
  const isPerson = entity === 'Customer' || entity === 'Vendor' || entity === 'Employee';
  const property = isPerson ? 'DisplayName' : 'Name';
  const isActive = body.Active !== false;
  const name = activeName(isPerson ? (textOf(body, 'DisplayName') ?? fullName(body)) : textOf(body, 'Name'), isActive);
  if (name === undefined) throw missing(property);
  const max = NAME_MAX_CHARS[entity] ?? PART_MAX_CHARS;
  if (name.length > max + DELETED.length) throw tooLong(property, max, name.length);
  if (/[:\t\n]/.test(name)) throw againstRules(`${property} has a colon, a tab or a new line in it.`, property);
  books.checkName(entity, name, before?.id);
  const settled = given({ ...body, [property]: name, Active: isActive, ParentRef: parentOf(draft) });
  if (isPerson) return personBody(settled, draft);
  if (entity === 'Item') return itemBody(settled, draft);
  if (entity === 'Account') return accountBody(settled, draft);
  return entity === 'Term' ? termBody(settled) : settled;
}

/** A record out of use frees its name, as the product does; back in use it takes it again. */
function activeName(name: string | undefined, isActive: boolean): string | undefined {
  if (name === undefined) return undefined;
  const own = name.endsWith(DELETED) ? name.slice(0, -DELETED.length) : name;
  return isActive ? own : `${own}${DELETED}`;
}

function fullName(body: Body): string | undefined {
  const parts = ['Title', 'GivenName', 'MiddleName', 'FamilyName', 'Suffix'].flatMap((part) => textOf(body, part) ?? []);
  return parts.length > 0 ? parts.join(' ') : textOf(body, 'CompanyName');
}

function parentOf({ entity, books, body, before }: Draft) {
  const id = refOf(body, 'ParentRef');
  if (id === undefined) return undefined;
  if (id === before?.id || books.row(entity, id) === undefined) throw badReference('ParentRef', id);
  return books.ref(id);
}

function personBody(body: Body, { entity, books, before }: Draft): Body {
  for (const part of ['GivenName', 'FamilyName', 'MiddleName', 'CompanyName']) {
    const length = textOf(body, part)?.length ?? 0;
    if (length > PART_MAX_CHARS) throw tooLong(part, PART_MAX_CHARS, length);
  }
  const { homeCurrency, isMultiCurrency } = settingsOf(books);
  const sent = refOf(body, 'CurrencyRef');
  const old = before && refOf(before.body, 'CurrencyRef');
  if (old !== undefined && sent !== undefined && sent !== old)
    throw againstRules('The currency of a name cannot be changed once it is set.', 'CurrencyRef');
  const currency = old ?? sent ?? homeCurrency;
  if (currency !== homeCurrency && !isMultiCurrency && old === undefined)
    throw againstRules('Multi-currency must be enabled to use another currency.', 'CurrencyRef');
  const names = [textOf(body, 'GivenName'), textOf(body, 'FamilyName')].filter((part) => part !== undefined).join(' ');
  return given({
    ...body,
    PrintOnCheckName: textOf(body, 'PrintOnCheckName') ?? textOf(body, 'CompanyName') ?? (names || textOf(body, 'DisplayName')),
    CurrencyRef: entity === 'Employee' ? undefined : books.ref(currency),
    BillAddr: addressOf(books, body, 'BillAddr'),
    ShipAddr: addressOf(books, body, 'ShipAddr'),
    ...(entity === 'Customer' ? customerPart(body, books) : {}),
  });
}

function customerPart(body: Body, books: Books) {
  return {
    Taxable: body.Taxable !== false,
    Job: refOf(body, 'ParentRef') !== undefined,
    BillWithParent: body.BillWithParent === true,
    PreferredDeliveryMethod: textOf(body, 'PreferredDeliveryMethod') ?? 'Print',
    IsProject: body.IsProject === true,
    SalesTermRef: existing(books, body, ['SalesTermRef', 'Term']),
    PaymentMethodRef: existing(books, body, ['PaymentMethodRef', 'PaymentMethod']),
    DefaultTaxCodeRef: existing(books, body, ['DefaultTaxCodeRef', 'TaxCode']),
  };
}

function itemBody(body: Body, { books }: Draft): Body {
  const type = textOf(body, 'Type') ?? 'Service';
  if (!ITEM_TYPES.has(type)) throw badEnum('Type', type);
  const income = existing(books, body, ['IncomeAccountRef', 'Account']);
  if (income === undefined && type !== 'Category' && type !== 'Group') throw missing('IncomeAccountRef');
  for (const name of ['UnitPrice', 'PurchaseCost', 'QtyOnHand'])
    if (body[name] !== undefined && toMinor(body[name], 7) === null) throw badNumber(name, body[name]);
  if (type === 'Inventory')
    for (const name of ['AssetAccountRef', 'ExpenseAccountRef', 'InvStartDate'])
      if (body[name] === undefined) throw missing(name);
  return given({
    ...body,
    Taxable: body.Taxable === true,
    UnitPrice: body.UnitPrice ?? 0,
    Type: type,
    IncomeAccountRef: income,
    PurchaseCost: body.PurchaseCost ?? 0,
    TrackQtyOnHand: body.TrackQtyOnHand === true,
  });
}

function accountBody(body: Body, { books, before }: Draft): Body {
  const type = textOf(body, 'AccountType') ?? textOf(before?.body ?? {}, 'AccountType');
  if (type === undefined) throw missing('AccountType');
  const { homeCurrency } = settingsOf(books);
  return {
    ...body,
    AccountType: type,
    SubAccount: refOf(body, 'ParentRef') !== undefined,
    CurrencyRef: books.ref(refOf(body, 'CurrencyRef') ?? homeCurrency),
  };
}

function termBody(body: Body): Body {
  const isByDate = body.DayOfMonthDue !== undefined;
  for (const name of ['DueDays', 'DiscountDays', 'DiscountPercent', 'DayOfMonthDue', 'DueNextMonthDays'])
    if (body[name] !== undefined && toMinor(body[name], 7) === null) throw badNumber(name, body[name]);
  if (!isByDate && body.DueDays === undefined) throw missing('DueDays');
  return { ...body, Type: isByDate ? 'DATE_DRIVEN' : 'STANDARD' };
}

/** The name with those above it: `Parent:Child`. */
export function qualifiedName(books: Books, entity: EntityName, body: Body): string {
  const own = textOf(body, 'DisplayName') ?? textOf(body, 'Name') ?? '';
  const parent = books.row(entity, refOf(body, 'ParentRef') ?? '');
  return parent === undefined ? own : `${qualifiedName(books, entity, parent.body)}:${own}`;
}

/** How deep a record lies below others. */
export function levelOf(books: Books, entity: EntityName, body: Body): number {
  const parent = books.row(entity, refOf(body, 'ParentRef') ?? '');
  return parent === undefined ? 0 : levelOf(books, entity, parent.body) + 1;
}

/** The text of an address of e-mail. */
export const emailOf = (body: Body, name: string): string | undefined => textOf(partOf(body, name), 'Address');
