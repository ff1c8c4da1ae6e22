/** The rows of billing documents: headers, items and totals. Amounts are positive in all of them; nothing is posted here. */
import type { Row } from '../model.ts';
import { amountText, minorOf, quantityText } from './amounts.ts';
import type { Source } from './billing-sources.ts';
import { USER } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { countryOfCustomer } from './order-header.ts';
import { shareOf } from './order-pricing.ts';
import { orderedOf } from './order-status.ts';
import { LINES } from './posting.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const FIRST_BILLING = 90_500_001;

export const INVOICE = { BillingDocumentType: 'F2', SDDocumentCategory: 'M', BillingDocumentCategory: 'L' };

export const NOT_POSTED = {
  BillingDocumentIsCancelled: false,
  FiscalYear: '0000',
  AccountingDocument: '',
  AccountingPostingStatus: 'A',
  AccountingTransferStatus: 'A',
  InvoiceClearingStatus: '',
};

interface Header {
  readonly kind: Values;
  readonly BillingDocument: string;
  readonly items: readonly Row[];
  readonly order: Row;
  readonly values: Values;
}

export function addHeader(context: Context, { kind, BillingDocument, items, order, values }: Header): Row {
  const company = textOf(order, 'SalesOrganization');
  const payer = textOf(order, 'payer');
  const currency = textOf(order, 'TransactionCurrency');
  const customer = context.store.get('A_Customer', { Customer: payer });
  return context.store.add('A_BillingDocument', {
    ...kind,
    ...headStamps(context),
    ...NOT_POSTED,
    ...totalsOf(items, currency),
    BillingDocument,
    SalesOrganization: company,
    CompanyCode: company,
    DistributionChannel: textOf(order, 'DistributionChannel'),
    Division: textOf(order, 'OrganizationDivision'),
    SoldToParty: textOf(order, 'SoldToParty'),
    PayerParty: payer,
    billTo: textOf(order, 'billTo'),
    shipTo: textOf(order, 'shipTo'),
    TransactionCurrency: currency,
    CustomerPaymentTerms: textOf(order, 'CustomerPaymentTerms'),
    PurchaseOrderByCustomer: textOf(order, 'PurchaseOrderByCustomer'),
    IncotermsClassification: textOf(order, 'IncotermsClassification'),
    IncotermsLocation1: textOf(order, 'IncotermsLocation1'),
    Country: countryOfCustomer(context, payer),
    VATRegistration: customer === undefined ? '' : textOf(customer, 'VATRegistration'),
    DocumentReferenceID: shown(BillingDocument),
    AssignmentReference: shown(BillingDocument),
    PaymentReference: shown(BillingDocument),
    AdditionalValueDays: '0',
    OverallSDProcessStatus: 'A',
    ...values,
  });
}

export function addItem(context: Context, keys: Values, { order, orderItem, quantity, delivery }: Source): Row {
  const currency = textOf(orderItem, 'TransactionCurrency');
  const share = (name: string): bigint => shareOf(minorOf(textOf(orderItem, name), currency), quantity, orderedOf(orderItem));
  const [net, tax] = [share('NetAmount'), share('TaxAmount')];
  const unit = textOf(orderItem, 'RequestedQuantityUnit');
  const reference = delivery ?? orderItem;
  return context.store.add('A_BillingDocumentItem', {
    ...keys,
    ...createdNow(context),
    ...amounts({ net, tax, currency }),
    ...Object.fromEntries(PRICING.map((name) => [name, orderItem[name]])),
    SalesDocumentItemCategory: textOf(orderItem, 'SalesOrderItemCategory'),
    OrganizationDivision: textOf(order, 'OrganizationDivision'),
    Material: textOf(orderItem, 'Material'),
    MaterialGroup: textOf(orderItem, 'MaterialGroup'),
    Plant: textOf(orderItem, 'ProductionPlant'),
    BillingDocumentItemText: textOf(orderItem, 'SalesOrderItemText'),
    BillingQuantity: quantityText(quantity),
    BillingQuantityUnit: unit,
    BillingQuantityInBaseUnit: quantityText(quantity),
    BaseUnit: unit,
    BillingToBaseQuantityDnmntr: '1',
    BillingToBaseQuantityNmrtr: '1',
    PricingDate: textOf(orderItem, 'PricingDate'),
    ServicesRenderedDate: context.store.moment.day,
    SalesDocument: textOf(order, 'SalesOrder'),
    SalesDocumentItem: textOf(orderItem, 'SalesOrderItem'),
    SalesSDDocumentCategory: 'C',
    ReferenceSDDocument: textOf(reference, delivery === null ? 'SalesOrder' : 'DeliveryDocument'),
    ReferenceSDDocumentItem: shown(textOf(reference, delivery === null ? 'SalesOrderItem' : 'DeliveryDocumentItem')),
    ReferenceSDDocumentCategory: delivery === null ? 'C' : 'J',
    HigherLevelItem: '0',
    OriginSDDocumentItem: '0',
    BillingPlanItem: '0',
  });
}

const PRICING = ['priceType', 'price', 'per', 'taxType', 'taxPercent', 'taxCode', 'discounts', 'isManual'];

export const amounts = ({
  net,
  tax,
  currency,
}: {
  readonly net: bigint;
  readonly tax: bigint;
  readonly currency: string;
}): Values => ({
  TransactionCurrency: currency,
  NetAmount: amountText(net, currency),
  TaxAmount: amountText(tax, currency),
  GrossAmount: amountText(net, currency),
});

export function totalsOf(items: readonly Row[], currency: string): Values {
  const total = (name: string): bigint => items.reduce((sum, item) => sum + minorOf(textOf(item, name), currency), 0n);
  const [net, tax] = [total('NetAmount'), total('TaxAmount')];
  return {
    TotalNetAmount: amountText(net, currency),
    TaxAmount: amountText(tax, currency),
    TotalGrossAmount: amountText(net + tax, currency),
  };
}

export const nextBilling = ({ store }: Context): string => String(store.next('billing', FIRST_BILLING)).padStart(10, '0');

export function headStamps({ store }: Context): Values {
  const { day, time, stamp } = store.moment;
  return { CreationDate: day, CreationTime: time, LastChangeDate: null, LastChangeDateTime: stamp };
}

export function createdNow({ store }: Context): Values {
  const { day, time } = store.moment;
  return { CreatedByUser: USER, CreationDate: day, CreationTime: time };
}

export function billingOf({ store }: Context, BillingDocument: string): Row {
  const billing = store.get('A_BillingDocument', { BillingDocument });
  if (billing === undefined)
    throw refuse('VF/001', `Billing document ${shown(BillingDocument)} does not exist`, 'BillingDocument');
  return billing;
}

export const billingItems = ({ store }: Context, BillingDocument: string): Row[] => [
  ...store.table('A_BillingDocumentItem').related({ BillingDocument }),
];

/** The lines of its accounting document. */
export const linesOf = ({ store }: Context, billing: Row): Row[] =>
  textOf(billing, 'AccountingDocument') === ''
    ? []
    : [
        ...store.table(LINES).related({
          AccountingDocument: billing.AccountingDocument ?? '',
          CompanyCode: billing.CompanyCode ?? '',
          FiscalYear: billing.FiscalYear ?? '',
        }),
      ];
