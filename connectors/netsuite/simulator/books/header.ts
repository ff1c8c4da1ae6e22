/** The header of a transaction: whose it is, in which company and currency, when, and what follows from that where nothing was sent. */
import { invalidContent, userError } from '../problem.ts';
import { daysAfter, sharedDay } from '../zone.ts';
import { toMinor } from './amounts.ts';
import type { Books } from './books.ts';
import { ACCOUNTS } from './chart.ts';
import { customerAccounts } from './customers.ts';
import { idIn, type Raw, textIn } from './input.ts';
import { type ListRow, MONEY_CODES, type Transaction } from './model.ts';
import { rateOn } from './rates.ts';

type Header = Readonly<Record<string, Raw>>;

/** Whose it is, in which company and currency: it decides how everything else is read, and never changes any more. */
export function setParties(books: Books, draft: Transaction, header: Header): void {
  const entity = idIn(header, 'entity') ?? idIn(header, 'customer');
  const customer = entity === undefined ? undefined : books.row('customer', entity);
  if (entity === undefined) throw invalidContent('Please enter value(s) for: Customer', 'entity');
  if (customer === undefined) throw invalidContent(`Invalid entity reference key ${entity}.`, 'entity');
  if (customer.values['isInactive'] === true) throw userError(`The customer ${entity} is inactive.`, 'entity');
  const accounts = customerAccounts(books, customer);
  draft.entity = entity;
  draft.subsidiary = idIn(header, 'subsidiary') ?? Number(customer.values['subsidiary']);
  if (!accounts.subsidiaries.includes(draft.subsidiary))
    throw invalidContent(`Invalid subsidiary reference key ${draft.subsidiary} for customer ${entity}.`, 'subsidiary');
  draft.currency = idIn(header, 'currency') ?? Number(customer.values['currency']);
  if (!accounts.currencies.includes(draft.currency))
    throw invalidContent(`Invalid currency reference key ${draft.currency} for customer ${entity}.`, 'currency');
  draft.terms = ['SalesOrd', 'CustInvc'].includes(draft.code) ? ((customer.values['terms'] as number | undefined) ?? null) : null;
  if (draft.code === 'CustInvc' || draft.code === 'CustCred') draft.account = ACCOUNTS.RECEIVABLE;
  else if (draft.code === 'DepAppl') draft.account = ACCOUNTS.DEPOSITS;
  else if (MONEY_CODES.has(draft.code)) draft.account = ACCOUNTS.UNDEPOSITED;
}

/** All other fields. */
export function setHeader(books: Books, draft: Transaction, header: Header): void {
  setDays(books, draft, header);
  if ('memo' in header) draft.memo = textIn(header, 'memo') ?? null;
  if ('otherRefNum' in header) draft.otherRef = textIn(header, 'otherRefNum') ?? null;
  if ('tranId' in header) draft.tranId = textIn(header, 'tranId') ?? draft.tranId;
  if ('location' in header) draft.location = idIn(header, 'location') ?? null;
  if ('checkNumber' in header) draft.checkNumber = textIn(header, 'checkNumber') ?? null;
  if ('paymentMethod' in header) draft.paymentMethod = textIn(header, 'paymentMethod') ?? null;
  if ('salesOrder' in header) draft.createdFrom = idIn(header, 'salesOrder') ?? null;
  if ('deposit' in header) draft.createdFrom = idIn(header, 'deposit') ?? null;
  const orderStatus = textIn(header, 'orderStatus');
  if (orderStatus !== undefined) {
    if (orderStatus !== 'A' && orderStatus !== 'B') throw invalidContent(`Invalid orderstatus ${orderStatus}.`, 'orderStatus');
    draft.isPendingApproval = orderStatus === 'A';
  }
  const shipStatus = textIn(header, 'shipStatus');
  if (shipStatus !== undefined) draft.status = shipStatus;
  setMoney(books, draft, header);
}

function setDays(books: Books, draft: Transaction, header: Header): void {
  const day = dayIn(header, 'tranDate');
  const hasNewDay = day !== undefined && day !== draft.day;
  if (hasNewDay) draft.day = day;
  else if (draft.day === '') draft.day = books.today;
  const rate = textIn(header, 'exchangeRate');
  if (rate !== undefined) {
    if (!(Number(rate) > 0)) throw invalidContent(`Invalid exchange rate ${rate}: it is above zero.`, 'exchangeRate');
    draft.rate = rate;
  } else if (hasNewDay || draft.rate === '') draft.rate = rateOn(books, draft);
  const hasTerms = 'terms' in header;
  if (hasTerms) draft.terms = idIn(header, 'terms') ?? null;
  if (draft.code === 'CustInvc') {
    const due = dayIn(header, 'dueDate');
    if (due !== undefined) draft.dueDay = due;
    else if (hasTerms || hasNewDay || draft.dueDay === null) draft.dueDay = dueOn(books, draft);
  }
  const shipDay = dayIn(header, 'shipDate');
  if (shipDay !== undefined) draft.shipDay = shipDay;
  const shippedDay = dayIn(header, 'shippedDate');
  if (shippedDay !== undefined) draft.shippedDay = shippedDay;
}

function dayIn(header: Header, name: string): string | undefined {
  const text = textIn(header, name);
  if (text === undefined) return undefined;
  const day = sharedDay(text);
  if (day === null) throw invalidContent(`Invalid date ${text}: it is YYYY-MM-DD.`, name);
  return day;
}

/** What came or goes out, and where to. */
function setMoney(books: Books, draft: Transaction, header: Header): void {
  if (!MONEY_CODES.has(draft.code)) return;
  const account = idIn(header, 'account');
  if (account !== undefined && header['undepFunds'] !== true) {
    if (books.row('account', account) === undefined) throw invalidContent(`Invalid account reference key ${account}.`, 'account');
    draft.account = account;
  } else if (header['undepFunds'] === true) draft.account = ACCOUNTS.UNDEPOSITED;
  const payment = textIn(header, 'payment');
  if (payment === undefined || draft.code === 'CashSale') return;
  const minor = toMinor(payment, books.currency(draft.currency).decimals);
  if (minor === null || minor < 0) throw invalidContent(`Invalid payment ${payment}.`, 'payment');
  draft.total = minor;
}

/** By the terms, from the day of the invoice on. */
function dueOn(books: Books, { terms, day }: Transaction): string {
  const row: ListRow | undefined = terms === null ? undefined : books.row('term', terms);
  if (row === undefined) return day;
  if (row.values['dateDriven'] !== true) return daysAfter(day, Number(row.values['daysUntilNetDue'] ?? 0));
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const dueDate = Number(row.values['dayOfMonthNetDue'] ?? 1);
  const late = date > dueDate ? 1 : 0;
  const first = new Date(Date.UTC(year, month - 1 + late, 1)).toISOString().slice(0, 10);
  const lastDate = new Date(Date.UTC(year, month + late, 0)).getUTCDate();
  return daysAfter(first, Math.min(dueDate, lastDate) - 1);
}
