/** Credit accounts: what a customer owes and has on order against its limit, and which orders wait for it. Exposure stands in no service. */
import type { Row } from '../model.ts';
import { converted, minorOf } from './amounts.ts';
import { rateOf } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { billedOf, isRejected, orderedOf } from './order-status.ts';
import { shareOf } from './order-pricing.ts';

/** Sums by customer and company, in the currency of the company. */
class Exposure {
  readonly #context: Context;
  readonly #sums = new Map<string, bigint>();
  /** What is counted of each open item: its order may have another payer by the time that it changes. */
  readonly #counted = new Map<string, Counted>();

  constructor(context: Context) {
    this.#context = context;
    const { store } = context;
    store.table('A_OperationalAcctgDocItemCube').watchers.push((before, after) => {
      this.#add(before === null ? null : this.#receivable(before), -1n);
      this.#add(after === null ? null : this.#receivable(after), 1n);
    });
    const items = store.table('A_SalesOrderItem');
    items.watchers.push((before, after) => this.#recount(items.keyOf(before ?? after ?? {}), after));
  }

  of(customer: string, company: string): bigint {
    return this.#sums.get(`${customer} ${company}`) ?? 0n;
  }

  #recount(item: string, row: Row | null): void {
    this.#add(this.#counted.get(item) ?? null, -1n);
    const counted = row === null ? null : this.#onOrder(row);
    this.#add(counted, 1n);
    if (counted === null || counted.minor === 0n) this.#counted.delete(item);
    else this.#counted.set(item, counted);
  }

  #add(counted: Counted | null, sign: bigint): void {
    if (counted !== null) this.#sums.set(counted.key, (this.#sums.get(counted.key) ?? 0n) + sign * counted.minor);
  }

  #receivable(row: Row): Counted | null {
    if (row.FinancialAccountType !== 'D' || row.IsCleared === true) return null;
    const company = textOf(row, 'CompanyCode');
    const minor = minorOf(textOf(row, 'AmountInCompanyCodeCurrency'), textOf(row, 'CompanyCodeCurrency'));
    return { key: `${textOf(row, 'Customer')} ${company}`, minor };
  }

  /** What is ordered and not billed yet. */
  #onOrder(item: Row): Counted | null {
    const order = this.#context.store.get('A_SalesOrder', { SalesOrder: item.SalesOrder });
    if (order === undefined || isRejected(item)) return null;
    const company = textOf(order, 'SalesOrganization');
    const [from, to] = [textOf(item, 'TransactionCurrency'), this.#context.company(company).currency];
    const net = minorOf(textOf(item, 'NetAmount'), from) + minorOf(textOf(item, 'TaxAmount'), from);
    const open = net - shareOf(net, billedOf(item), orderedOf(item));
    const minor = converted(open, rateOf(from, to, textOf(order, 'SalesOrderDate')), from, to);
    return { key: `${textOf(order, 'payer')} ${company}`, minor };
  }
}

interface Counted {
  readonly key: string;
  readonly minor: bigint;
}

const exposures = new WeakMap<Context, Exposure>();

export function watchExposure(context: Context): void {
  exposures.set(context, new Exposure(context));
}

export const exposureOf = (context: Context, customer: string, company: string): bigint =>
  exposures.get(context)?.of(customer, company) ?? 0n;

/** The credit account of a customer at a company: its segment has the number of the company. */
function creditAccountOf({ store }: Context, customer: string, company: string): Row | undefined {
  const [partner] = store.table('A_BusinessPartner').related({ Customer: customer });
  return store.get('CreditManagementAccount', { BusinessPartner: partner?.BusinessPartner ?? customer, CreditSegment: company });
}

/** Sets the credit status of an order: empty without an account, B when its account is blocked or it is over its limit. */
export function checkOrderCredit(context: Context, number: string): void {
  const { store } = context;
  const order = store.get('A_SalesOrder', { SalesOrder: number });
  if (order === undefined || textOf(order, 'TotalCreditCheckStatus') === 'D') return;
  const status = creditStatusOf(context, order);
  if (status !== textOf(order, 'TotalCreditCheckStatus')) store.change('A_SalesOrder', order, { TotalCreditCheckStatus: status });
}

function creditStatusOf(context: Context, order: Row): string {
  const [payer, company] = [textOf(order, 'payer'), textOf(order, 'SalesOrganization')];
  const account = creditAccountOf(context, payer, company);
  if (account === undefined) return '';
  if (account.CreditAccountIsBlocked === true) return 'B';
  const currency = textOf(account, 'CreditSegmentCurrency');
  const limit = minorOf(textOf(account, 'CreditLimitAmount'), currency);
  const isLimited = limit > 0n || account.CreditLimitIsZero === true;
  const end = textOf(account, 'CreditLimitValidityEndDate');
  if (!isLimited || (end !== '' && end < context.store.moment.day)) return 'A';
  return exposureOf(context, payer, company) > limit ? 'B' : 'A';
}
