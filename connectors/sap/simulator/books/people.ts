/** What people do in the screens of the simulated system. They go through the same rules as every service; numbers are taken padded or not. */
import type { DeepRow, Row } from '../model.ts';
import { cancelBilling, createCreditMemo, type CreditMemo } from './billing-corrections.ts';
import { type BillingOptions, createInvoice, release } from './billing.ts';
import { sourcesOfDelivery, sourcesOfOrder } from './billing-sources.ts';
import { clear, type LineKey, resetClearing } from './clearing.ts';
import { DISTRIBUTION_CHANNEL, DIVISION } from './configuration.ts';
import { type Context, padded, textOf } from './context.ts';
import { changeCreditData, createCreditData } from './credit-accounts.ts';
import { checkOrderCredit } from './credit.ts';
import { createDelivery, deleteDelivery, openItems } from './deliveries.ts';
import { headerRow, pickAllItems, postGoodsIssue, reverseGoodsIssue } from './goods-issue.ts';
import { type DirectInvoice, type LineMarks, markLine, postInvoice } from './direct-postings.ts';
import { changeOrder, changeOrderPart, createOrder, orderOf, removeOrderPart } from './orders.ts';
import { changePartner, createPartner, type NewPartner, type PartnerChange } from './people-partners.ts';
import { type Payment, receivePayment } from './payments.ts';
import { returnPayment } from './payment-returns.ts';
import { closePeriods } from './periods.ts';
import type { Posted } from './posting.ts';
import { addProduct, type NewProduct, setPrice } from './products.ts';
import type { Values } from './table.ts';

export interface NewOrder {
  readonly soldTo: string;
  readonly company: string;
  readonly items: readonly NewItem[];
  readonly currency?: string;
  readonly purchaseOrder?: string;
  readonly requestedDate?: string;
  readonly terms?: string;
}

export interface NewItem {
  readonly material: string;
  readonly quantity: string;
  /** Of one unit, instead of the price list's. */
  readonly price?: string;
  readonly discountPercent?: string;
}

export interface NewDelivery {
  readonly order: string;
  /** All that is open unless told. */
  readonly items?: readonly { readonly item: string; readonly quantity: string }[];
  /** ISSUED unless told. */
  readonly upTo?: 'CREATED' | 'PICKED' | 'ISSUED';
}

export interface NewInvoice extends BillingOptions {
  readonly deliveries?: readonly string[];
  /** Its services. */
  readonly order?: string;
}

type Does = <T>(work: () => T) => T;

/** Each method is one unit of work. */
export class People {
  readonly #context: Context;
  readonly #do: Does;

  constructor(context: Context, does: Does) {
    this.#context = context;
    this.#do = does;
  }

  createPartner = (partner: NewPartner): Row => this.#do(() => createPartner(this.#context, partner));
  changePartner = (number: string, change: PartnerChange): Row =>
    this.#do(() => changePartner(this.#context, padded(number), change));
  createProduct = (product: NewProduct): Row => this.#do(() => addProduct(this.#context, product));
  setPrice = (material: string, company: string, price: string): void =>
    this.#do(() => setPrice(this.#context, material, company, price));

  createOrder = (order: NewOrder): Row => this.#do(() => createOrder(this.#context, deepOrder(order)));

  /** Properties of the header, as the service names them. */
  changeOrder = (number: string, changes: Row): Row =>
    this.#do(() => changeOrder(this.#context, orderOf(this.#context, { SalesOrder: padded(number) }), changes));

  changeItem(order: string, item: string, changes: Row): void {
    this.#do(() =>
      changeOrderPart(this.#context, 'A_SalesOrderItem', { SalesOrder: padded(order), SalesOrderItem: item }, changes),
    );
  }

  rejectItem(order: string, item: string, reason = '10'): void {
    this.changeItem(order, item, { SalesDocumentRjcnReason: reason });
  }

  deleteOrder = (number: string): void =>
    this.#do(() => removeOrderPart(this.#context, 'A_SalesOrder', { SalesOrder: padded(number) }));

  /** A person lets the order go although it is over the limit. */
  releaseCredit = (number: string): void => this.#do(() => this.#setCreditStatus(number, 'D'));

  /** Checks it again against what is owed by now. */
  recheckCredit = (number: string): void =>
    this.#do(() => {
      this.#setCreditStatus(number, '');
      checkOrderCredit(this.#context, padded(number));
    });

  deliver = ({ order, items, upTo = 'ISSUED' }: NewDelivery): Row =>
    this.#do(() => {
      const number = padded(order);
      const wanted =
        items ?? openItems(this.#context, number).map((item) => ({ item: textOf(item, 'SalesOrderItem'), quantity: undefined }));
      const delivery = createDelivery(this.#context, deepDelivery(number, wanted));
      const document = textOf(delivery, 'DeliveryDocument');
      if (upTo !== 'CREATED') pickAllItems(this.#context, document);
      if (upTo === 'ISSUED') postGoodsIssue(this.#context, document);
      return headerRow(this.#context, document);
    });

  pick = (delivery: string): Row => this.#do(() => pickAllItems(this.#context, padded(delivery)));
  issueGoods = (delivery: string): Row => this.#do(() => postGoodsIssue(this.#context, padded(delivery)));
  reverseGoodsIssue = (delivery: string): Row => this.#do(() => reverseGoodsIssue(this.#context, padded(delivery)));
  deleteDelivery = (delivery: string): void =>
    this.#do(() => deleteDelivery(this.#context, 'A_OutbDeliveryHeader', headerRow(this.#context, padded(delivery))));

  bill = ({ deliveries = [], order, ...options }: NewInvoice): Row =>
    this.#do(() => {
      const delivered = deliveries.flatMap((delivery) => sourcesOfDelivery(this.#context, padded(delivery)));
      const ordered = order === undefined ? [] : sourcesOfOrder(this.#context, padded(order));
      return createInvoice(this.#context, [...delivered, ...ordered], options);
    });

  releaseBilling = (invoice: string): Row => this.#do(() => release(this.#context, padded(invoice)));
  cancelBilling = (invoice: string, date?: string): Row => this.#do(() => cancelBilling(this.#context, padded(invoice), date));
  creditMemo = (memo: CreditMemo): Row =>
    this.#do(() => createCreditMemo(this.#context, { ...memo, invoice: padded(memo.invoice) }));

  postInvoice = (invoice: DirectInvoice): Posted => this.#do(() => postInvoice(this.#context, invoice));
  receivePayment = (payment: Payment): Posted => this.#do(() => receivePayment(this.#context, payment));
  returnPayment = (payment: Omit<LineKey, 'item'>, date?: string): Posted =>
    this.#do(() => returnPayment(this.#context, payment, date));
  clear = (lines: readonly LineKey[], date?: string) => this.#do(() => clear(this.#context, lines, date));
  resetClearing = (company: string, document: string, year: string): void =>
    this.#do(() => resetClearing(this.#context, company, document, year));
  markLine = (line: LineKey, marks: LineMarks): void => this.#do(() => markLine(this.#context, line, marks));

  setCreditLimit = (customer: string, company: string, limit: string | null): Row =>
    this.#do(() => this.#changeAccount(customer, company, limitValues(limit)));
  blockCredit = (customer: string, company: string, isBlocked = true): Row =>
    this.#do(() =>
      this.#changeAccount(customer, company, {
        CreditAccountIsBlocked: isBlocked,
        CreditAccountBlockReason: isBlocked ? '01' : '',
      }),
    );

  /** Nothing is posted into days up to this one any more; '' opens all. */
  closePeriod = (through: string, company?: string): void => this.#do(() => closePeriods(this.#context, through, company));

  #changeAccount(customer: string, company: string, values: Row): Row {
    const key = { BusinessPartner: padded(customer), CreditSegment: company };
    const account = this.#context.store.get('CreditManagementAccount', key);
    if (account !== undefined) return changeCreditData(this.#context, 'CreditManagementAccount', account, values);
    return createCreditData(this.#context, 'CreditManagementAccount', { row: { ...key, ...values }, children: {} });
  }

  #setCreditStatus(number: string, status: string): void {
    const order = orderOf(this.#context, { SalesOrder: padded(number) });
    const { day, stamp } = this.#context.store.moment;
    this.#context.store.change('A_SalesOrder', order, {
      TotalCreditCheckStatus: status,
      LastChangeDate: day,
      LastChangeDateTime: stamp,
    });
    this.#context.happened('SalesOrder', 'Changed', { SalesOrder: String(Number(number)) });
  }
}

/** No limit is something else than a limit of nothing. */
const limitValues = (limit: string | null): Row => ({
  CreditLimitAmount: limit ?? '0',
  CreditLimitIsZero: limit !== null && Number(limit) === 0,
});

function deepOrder({ soldTo, company, items, currency, purchaseOrder, requestedDate, terms }: NewOrder): DeepRow {
  const row: Values = {
    SalesOrderType: 'OR',
    SalesOrganization: company,
    DistributionChannel: DISTRIBUTION_CHANNEL,
    OrganizationDivision: DIVISION,
    SoldToParty: padded(soldTo),
    TransactionCurrency: currency,
    PurchaseOrderByCustomer: purchaseOrder,
    RequestedDeliveryDate: requestedDate,
    CustomerPaymentTerms: terms,
  };
  return { row: given(row), children: { to_Item: items.map(deepItem) } };
}

const deepItem = ({ material, quantity, price, discountPercent }: NewItem): DeepRow => ({
  row: { Material: material, RequestedQuantity: quantity },
  children: {
    to_PricingElement: [
      ...(price === undefined ? [] : [leaf({ ConditionType: 'PPR0', ConditionRateValue: price })]),
      ...(discountPercent === undefined ? [] : [leaf({ ConditionType: 'DRV1', ConditionRateValue: `-${discountPercent}` })]),
    ],
  },
});

const deepDelivery = (
  order: string,
  items: readonly { readonly item: string; readonly quantity: string | undefined }[],
): DeepRow => ({
  row: {},
  children: {
    to_DeliveryDocumentItem: items.map(({ item, quantity }) =>
      leaf(given({ ReferenceSDDocument: order, ReferenceSDDocumentItem: item, ActualDeliveryQuantity: quantity })),
    ),
  },
});

const leaf = (row: Row): DeepRow => ({ row, children: {} });
const given = (values: Values): Row =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Row;
