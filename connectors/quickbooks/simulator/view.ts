/** A record as QuickBooks shows it: with the names of what it refers to, what is open of it now, links both ways and the trailing subtotal. */
import { decimalsOf, fromMinor, inHome, minorText, toMinor } from './amounts.ts';
import { type Body, given, isBody, listOf, partOf, refOf, textOf, type Value } from './body.ts';
import type { Books, Row } from './books.ts';
import { type EntityName, entity as entityOf } from './entities.ts';
import { levelOf, qualifiedName } from './list-record.ts';
import { stamp } from './pacific.ts';
import { settingsOf } from './settings.ts';

const CURRENCY_NAMES: Readonly<Record<string, string>> = {
  USD: 'United States Dollar',
  EUR: 'Euro',
  GBP: 'British Pound Sterling',
  JPY: 'Japanese Yen',
  CAD: 'Canadian Dollar',
  CHF: 'Swiss Franc',
};
/** Which references are shown with a name, and whose. */
const NAMED: Readonly<Record<string, EntityName>> = {
  CustomerRef: 'Customer',
  ItemRef: 'Item',
  SalesTermRef: 'Term',
  IncomeAccountRef: 'Account',
  ExpenseAccountRef: 'Account',
  AssetAccountRef: 'Account',
  AccountRef: 'Account',
  DiscountAccountRef: 'Account',
};
const FORMS: ReadonlySet<EntityName> = new Set(['Invoice', 'Estimate', 'CreditMemo', 'SalesReceipt', 'RefundReceipt']);
const NAME_VALUE = {
  name: '{http://schema.intuit.com/finance/v3}NameValue',
  declaredType: 'com.intuit.schema.finance.v3.NameValue',
  scope: 'javax.xml.bind.JAXBElement$GlobalScope',
};

export function viewOf(books: Books, row: Row): Body {
  const { entity, body } = row;
  return {
    domain: 'QBO',
    sparse: false,
    Id: row.id,
    SyncToken: String(row.token),
    MetaData: { CreateTime: stamp(row.createdSec), LastUpdatedTime: stamp(row.updatedSec) },
    ...named(books, body),
    ...ofFamily(books, row),
    ...(entity === 'Invoice' ? invoicePart(row) : {}),
  };
}

/** Of a record that is gone: all that is known is when. */
export function stubOf(id: string, atSec: number): Body {
  return { domain: 'QBO', status: 'Deleted', Id: id, MetaData: { LastUpdatedTime: stamp(atSec) } };
}

/** What is owed by a customer and by those below it. */
export function balanceWithChildren(books: Books, row: Row): number {
  return books.childrenOf(row).reduce((sum, child) => sum + balanceWithChildren(books, child), row.openMinor);
}

function ofFamily(books: Books, row: Row): Body {
  const { entity, body } = row;
  const { family } = entityOf(entity);
  if (FORMS.has(entity)) return formPart(books, row);
  if (entity === 'Payment') return paymentPart(books, row);
  if (entity === 'Customer') return customerPart(books, row);
  if (entity === 'Deposit') return { ...depositPart(books, row), TxnTaxDetail: {} };
  if (entity === 'JournalEntry') return { TxnTaxDetail: {} };
  if (entity === 'Account') return accountPart(books, row);
  if (family === 'NAME' || entity === 'Item') return { FullyQualifiedName: qualifiedName(books, entity, body) };
  return {};
}

function formPart(books: Books, row: Row): Body {
  const { entity, body } = row;
  const decimals = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  const links = linksOf(row);
  const open = fromMinor(row.openMinor, decimals);
  return given({
    CustomField: body.CustomField ?? [],
    LinkedTxn: entity === 'Invoice' || links.length > 0 ? links : undefined,
    Line: shownLines(books, body, decimals),
    FreeFormAddress: body.FreeFormAddress ?? true,
    ApplyTaxAfterDiscount: body.ApplyTaxAfterDiscount ?? false,
    PrintStatus: body.PrintStatus ?? 'NeedToPrint',
    EmailStatus: body.EmailStatus ?? 'NotSet',
    HomeTotalAmt: homeAmount(books, body, toMinor(body.TotalAmt, decimals) ?? 0),
    RemainingCredit: entity === 'CreditMemo' ? open : undefined,
    Balance: entity === 'Estimate' ? undefined : entity === 'Invoice' || entity === 'CreditMemo' ? open : 0,
    HomeBalance: entity === 'Invoice' || entity === 'CreditMemo' ? homeAmount(books, body, row.openMinor) : undefined,
  });
}

function invoicePart({ body }: Row): Body {
  return {
    AllowIPNPayment: body.AllowIPNPayment ?? false,
    AllowOnlinePayment: body.AllowOnlinePayment ?? false,
    AllowOnlineCreditCardPayment: body.AllowOnlineCreditCardPayment ?? false,
    AllowOnlineACHPayment: body.AllowOnlineACHPayment ?? false,
  };
}

/** The lines with an empty list that newer versions have, the subtotal after them and the discount at the end. */
function shownLines(books: Books, body: Body, decimals: number): readonly Body[] {
  const shown: Body[] = [];
  const discounts: Body[] = [];
  let subtotalMinor = 0;
  for (const line of listOf(body, 'Line')) {
    if (line.DetailType === 'DiscountLineDetail') {
      discounts.push(named(books, line));
      continue;
    }
    subtotalMinor += toMinor(line.Amount ?? 0, decimals) ?? 0;
    shown.push({ ...named(books, withAccount(books, line)), CustomExtensions: [] });
  }
  return [
    ...shown,
    { Amount: fromMinor(subtotalMinor, decimals), DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
    ...discounts,
  ];
}

function withAccount(books: Books, line: Body): Body {
  const detail = partOf(line, 'SalesItemLineDetail');
  const item = books.row('Item', refOf(detail, 'ItemRef') ?? '');
  const account = item && refOf(item.body, 'IncomeAccountRef');
  if (account === undefined) return line;
  const name = nameOfRef(books, 'Account', account);
  return {
    ...line,
    SalesItemLineDetail: { ...detail, ItemAccountRef: { value: account, ...(name === undefined ? {} : { name }) } },
  };
}

function paymentPart(books: Books, row: Row): Body {
  const { body } = row;
  const decimals = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  const links = linksOf(row);
  const lines = listOf(body, 'Line').map((line) => {
    const link = listOf(line, 'LinkedTxn')[0] ?? {};
    const target = books.row(link.TxnType as EntityName, textOf(link, 'TxnId') ?? '');
    const openMinor = (target?.openMinor ?? 0) + (toMinor(line.Amount, decimals) ?? 0);
    const values = [
      ['txnId', textOf(link, 'TxnId')],
      ['txnOpenBalance', minorText(openMinor, decimals)],
      ['txnReferenceNumber', target && textOf(target.body, 'DocNumber')],
    ] as const;
    const any = values.flatMap(([Name, text]) =>
      text === undefined
        ? []
        : [{ ...NAME_VALUE, value: { Name, Value: text }, nil: false, globalScope: true, typeSubstituted: false }],
    );
    return { ...line, LineEx: { any } };
  });
  return given({
    UnappliedAmt: fromMinor(row.openMinor, decimals),
    ProcessPayment: body.ProcessPayment ?? false,
    LinkedTxn: links.length === 0 ? undefined : links,
    Line: lines,
  });
}

function depositPart(books: Books, { body }: Row): Body {
  const account = refOf(body, 'DepositToAccountRef') ?? '';
  const name = nameOfRef(books, 'Account', account);
  return { DepositToAccountRef: { value: account, ...(name === undefined ? {} : { name }) } };
}

function customerPart(books: Books, row: Row): Body {
  const { body } = row;
  const decimals = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  const level = levelOf(books, 'Customer', body);
  return given({
    FullyQualifiedName: qualifiedName(books, 'Customer', body),
    Level: level === 0 ? undefined : level,
    Balance: fromMinor(row.openMinor, decimals),
    BalanceWithJobs: fromMinor(balanceWithChildren(books, row), decimals),
  });
}

function accountPart(books: Books, { body }: Row): Body {
  const balance = body.AccountType === 'Accounts Receivable' ? receivable(books) : 0;
  return {
    FullyQualifiedName: qualifiedName(books, 'Account', body),
    CurrentBalance: balance,
    CurrentBalanceWithSubAccounts: balance,
  };
}

/** What all customers owe who owe in the home currency. */
function receivable(books: Books): number {
  const { homeCurrency } = settingsOf(books);
  let minor = 0;
  for (const { body, openMinor } of books.rows('Customer')) if (refOf(body, 'CurrencyRef') === homeCurrency) minor += openMinor;
  return fromMinor(minor, decimalsOf(homeCurrency));
}

/** Links that the record has made itself, then those that others made to it. */
function linksOf({ body, links }: Row): readonly Body[] {
  return [...listOf(body, 'LinkedTxn'), ...links.map(({ id, type }) => ({ TxnId: id, TxnType: type }))];
}

/** In the home currency, as far as the record is in another one. */
function homeAmount(books: Books, body: Body, minor: number): number | undefined {
  if (body.ExchangeRate === undefined) return undefined;
  const home = decimalsOf(settingsOf(books).homeCurrency);
  const foreign = decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');
  return fromMinor(inHome(minor, foreign, Number(body.ExchangeRate), home), home);
}

/** A copy in which references have names, at every depth. */
function named(books: Books, body: Body): Body {
  const shown: Record<string, Value> = {};
  for (const key of Object.keys(body)) {
    const value = body[key] as Value;
    shown[key] = typeof value === 'object' ? namedValue(books, key, value) : value;
  }
  return shown;
}

function namedValue(books: Books, key: string, value: Value): Value {
  if (!isBody(value)) return value;
  const id = textOf(value, 'value');
  if (id !== undefined) {
    const target = NAMED[key];
    const name = key === 'CurrencyRef' ? CURRENCY_NAMES[id] : target && nameOfRef(books, target, id);
    return name === undefined ? value : { ...value, name };
  }
  return key.endsWith('Detail') ? named(books, value) : value;
}

function nameOfRef(books: Books, entity: EntityName, id: string): string | undefined {
  const row = books.row(entity, id);
  if (row === undefined) return undefined;
  return entity === 'Account'
    ? qualifiedName(books, 'Account', row.body)
    : (textOf(row.body, 'DisplayName') ?? textOf(row.body, 'Name'));
}
