/** What all transactions have in common: their customer, day, number and currency, and what QuickBooks refuses about them. */
import { decimalsOf } from './amounts.ts';
import { type Body, partOf, type Ref, refOf, textOf, type Value } from './body.ts';
import type { Books, Row } from './books.ts';
import type { EntityName } from './entities.ts';
import { againstRules, badEnum, badNumber, badReference, missing, periodClosed, tooLong } from './fault.ts';
import { daysAfter, dayOf, isDay } from './pacific.ts';
import { settingsOf } from './settings.ts';

/** How something is written: through the API, which is strict, or by a person in QuickBooks' own screens. */
export interface Manner {
  readonly isPerson: boolean;
  readonly allowsDuplicateNumber: boolean;
}

export interface Draft {
  readonly entity: EntityName;
  readonly books: Books;
  /** The writable part of what is to be there. */
  readonly body: Body;
  readonly before: Row | undefined;
  readonly manner: Manner;
}

export interface Money {
  readonly currency: string;
  readonly decimals: number;
  /** Of a foreign currency: home currency for one of it. */
  readonly rate: number | undefined;
}

const NUMBER_MAX_CHARS = 21;
const NOTE_MAX_CHARS = 4_000;
const DUE_DAYS = 30;
/** Rough rates to the US dollar, for who sends none. */
const RATES: Readonly<Record<string, number>> = { EUR: 1.09, GBP: 1.27, JPY: 0.0067, KWD: 3.25, CAD: 0.73, CHF: 1.13 };

/** An active customer. @throws ApiFault 2020, 2500 */
export function customerOf({ books, body, before }: Draft, isRequired: boolean): Row | undefined {
  const id = refOf(body, 'CustomerRef');
  if (id === undefined) {
    if (isRequired) throw missing('CustomerRef');
    return undefined;
  }
  const row = books.row('Customer', id);
  const isKept = before !== undefined && refOf(before.body, 'CustomerRef') === id;
  if (row === undefined || (row.body.Active === false && !isKept)) throw badReference('CustomerRef', id);
  return row;
}

/** The day, and that its period is open for the API. @throws ApiFault 6210 */
export function txnDateOf({ books, body, before, manner }: Draft): string {
  const date = dateOf(body, 'TxnDate') ?? dayOf(books.nowSec());
  checkPeriod(books, manner, date);
  if (before !== undefined) checkPeriod(books, manner, textOf(before.body, 'TxnDate'));
  return date;
}

export function checkPeriod(books: Books, manner: Manner, date: string | undefined): void {
  const closed = settingsOf(books).bookCloseDate;
  if (closed !== undefined && date !== undefined && date <= closed && !manner.isPerson) throw periodClosed();
}

/** @throws ApiFault 2080 */
export function dateOf(body: Body, name: string): string | undefined {
  const text = textOf(body, name);
  if (text !== undefined && !isDay(text.slice(0, 10))) throw badNumber(name, text);
  return text?.slice(0, 10);
}

/** The number as sent; QuickBooks' next one for a new document unless people number their own. @throws ApiFault 2050, 6140 */
export function docNumberOf({ entity, books, body, before, manner }: Draft): string | undefined {
  const sent = textOf(body, 'DocNumber');
  if (sent !== undefined) {
    if (sent.length > NUMBER_MAX_CHARS) throw tooLong('DocNumber', NUMBER_MAX_CHARS, sent.length);
    if (!manner.allowsDuplicateNumber) books.checkNumber(entity, sent, before?.id);
    return sent;
  }
  return before !== undefined || settingsOf(books).hasOwnNumbers ? undefined : books.nextNumber(entity);
}

/** The currency, which is the customer's. @throws ApiFault 6000, 2080 */
export function moneyOf({ books, body }: Draft, customer: Row | undefined): Money {
  const { homeCurrency, isMultiCurrency } = settingsOf(books);
  const own = refOf(body, 'CurrencyRef');
  const theirs = customer && refOf(customer.body, 'CurrencyRef');
  const currency = own ?? theirs ?? homeCurrency;
  if (theirs !== undefined && currency !== theirs)
    throw againstRules(`The currency of the transaction, ${currency}, is not that of the customer, ${theirs}.`, 'CurrencyRef');
  if (currency === homeCurrency) return { currency, decimals: decimalsOf(currency), rate: undefined };
  if (!isMultiCurrency) throw againstRules('Multi-currency must be enabled to use another currency.', 'CurrencyRef');
  const sent = body.ExchangeRate;
  const rate = sent === undefined ? (RATES[currency] ?? 1) : Number(sent);
  if (!Number.isFinite(rate) || rate <= 0) throw badNumber('ExchangeRate', sent);
  return { currency, decimals: decimalsOf(currency), rate };
}

/** @throws ApiFault 2050 */
export function checkNote(body: Body): void {
  const note = textOf(body, 'PrivateNote') ?? '';
  if (note.length > NOTE_MAX_CHARS) throw tooLong('PrivateNote', NOTE_MAX_CHARS, note.length);
}

/** @throws ApiFault 2170 */
export function enumOf(body: Body, name: string, allowed: readonly string[]): string | undefined {
  const value = textOf(body, name);
  if (value !== undefined && !allowed.includes(value)) throw badEnum(name, value);
  return value;
}

/** A reference to a record that must be there. @throws ApiFault 2500 */
export function existing(books: Books, body: Body, [name, entity]: readonly [string, EntityName]): Ref | undefined {
  const id = refOf(body, name);
  if (id === undefined) return undefined;
  if (books.row(entity, id) === undefined) throw badReference(name, id);
  return books.ref(id);
}

/** What is sent, or the day that the term gives; thirty days without one. */
export function dueDateOf(books: Books, body: Body, txnDate: string): string {
  const sent = dateOf(body, 'DueDate');
  if (sent !== undefined) return sent;
  const term = books.row('Term', refOf(body, 'SalesTermRef') ?? '')?.body;
  if (term === undefined) return daysAfter(txnDate, DUE_DAYS);
  if (term.Type !== 'DATE_DRIVEN') return daysAfter(txnDate, Number(term.DueDays ?? 0));
  return dueByDate(txnDate, Number(term.DayOfMonthDue ?? 1), Number(term.DueNextMonthDays ?? 0));
}

/** The next such day of a month, a month later when it would come too soon. */
function dueByDate(txnDate: string, dayOfMonth: number, tooSoonDays: number): string {
  const [year = 0, month = 1] = txnDate.split('-').map(Number);
  const inMonth = (offset: number): string => {
    const last = new Date(Date.UTC(year, month + offset, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + offset, Math.min(dayOfMonth, last))).toISOString().slice(0, 10);
  };
  const earliest = daysAfter(txnDate, tooSoonDays);
  return [0, 1, 2].map(inMonth).find((day) => day > txnDate && day >= earliest) ?? inMonth(2);
}

/** An address gets an id of its own unless it has one. */
export function addressOf(books: Books, body: Body, name: string): Value | undefined {
  const address = partOf(body, name);
  if (body[name] === undefined) return undefined;
  return textOf(address, 'Id') === undefined ? { Id: books.newId('addresses'), ...address } : address;
}
