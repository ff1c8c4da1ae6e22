/** The header of an order: who may order, in which sales area, and what the customer's master data bring. Items stand elsewhere. */
import type { DeepRow, Row, Value } from '../model.ts';
import { TERMS } from './configuration.ts';
import { type Context, padded, textOf } from './context.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

const ORDER_TYPES: ReadonlySet<string> = new Set(['OR']);
/** What people may change of an order, whatever the metadata says. */
const FIXED = ['SalesOrderType', 'SalesOrganization', 'DistributionChannel', 'OrganizationDivision', 'TransactionCurrency'];

/** In the codes that people see in English, the internal ones, and where they are kept with an order. */
export const PARTNER_FUNCTIONS = [
  { external: 'SP', internal: 'AG', property: 'SoldToParty' },
  { external: 'SH', internal: 'WE', property: 'shipTo' },
  { external: 'BP', internal: 'RE', property: 'billTo' },
  { external: 'PY', internal: 'RG', property: 'payer' },
] as const;

/** @throws SapRefusal */
export function headerOf(context: Context, { row, children }: DeepRow): Record<string, Value> {
  const { store } = context;
  const type = textOf(row, 'SalesOrderType');
  if (!ORDER_TYPES.has(type)) throw refuse('V1/361', `Sales document type ${type} is not defined`, 'SalesOrderType');
  const soldTo = textOf(row, 'SoldToParty');
  if (soldTo === '') throw refuse('V1/331', 'Please enter sold-to party or ship-to party', 'SoldToParty');
  const customer = store.get('A_Customer', { Customer: soldTo });
  if (customer === undefined)
    throw refuse('VP/199', `No customer master record exists for customer ${shown(soldTo)}`, 'SoldToParty');
  const area = areaOf(context, row);
  checkBlocks(context, customer, area);
  const given = (name: string, otherwise: Value): Value => (row[name] === undefined || row[name] === '' ? otherwise : row[name]);
  const { day } = store.moment;
  const terms = given('CustomerPaymentTerms', textOf(area, 'CustomerPaymentTerms'));
  checkTerms(terms);
  return {
    ...row,
    SoldToParty: soldTo,
    SalesOrderDate: given('SalesOrderDate', day),
    PricingDate: given('PricingDate', day),
    RequestedDeliveryDate: given('RequestedDeliveryDate', day),
    TransactionCurrency: given('TransactionCurrency', textOf(area, 'Currency')),
    CustomerPaymentTerms: terms,
    IncotermsClassification: given('IncotermsClassification', textOf(area, 'IncotermsClassification')),
    IncotermsLocation1: given('IncotermsLocation1', textOf(area, 'IncotermsLocation1')),
    ShippingCondition: given('ShippingCondition', textOf(area, 'ShippingCondition')),
    CustomerPriceGroup: given('CustomerPriceGroup', textOf(area, 'CustomerPriceGroup')),
    CustomerGroup: given('CustomerGroup', textOf(area, 'CustomerGroup')),
    PriceDetnExchangeRate: given('PriceDetnExchangeRate', '1.00000'),
    AccountingExchangeRate: given('AccountingExchangeRate', '0.00000'),
    AdditionalValueDays: '0',
    ...partnersOf(context, area, children.to_Partner ?? []),
  };
}

/** @throws SapRefusal where the customer has no data for the sales area */
function areaOf({ store }: Context, row: Row): Row {
  const { SalesOrganization, DistributionChannel, OrganizationDivision: Division, SoldToParty: Customer } = row;
  for (const name of ['SalesOrganization', 'DistributionChannel', 'OrganizationDivision'])
    if (textOf(row, name) === '') throw refuse('V1/312', `Please enter a value for ${name}`, name);
  const area = store.get('A_CustomerSalesArea', { Customer, SalesOrganization, DistributionChannel, Division });
  if (area !== undefined && area.DeletionIndicator !== true) return area;
  const text = `${String(SalesOrganization)} ${String(DistributionChannel)} ${String(Division)}`;
  throw refuse(
    'VP/201',
    `Sold-to party ${shown(textOf(row, 'SoldToParty'))} not maintained for sales area ${text}`,
    'SoldToParty',
  );
}

function checkBlocks({ store }: Context, customer: Row, area: Row): void {
  const number = textOf(customer, 'Customer');
  const [partner] = store.table('A_BusinessPartner').related({ Customer: number });
  const isBlocked =
    textOf(customer, 'OrderIsBlockedForCustomer') !== '' ||
    textOf(area, 'OrderIsBlockedForCustomer') !== '' ||
    partner?.BusinessPartnerIsBlocked === true;
  if (isBlocked) throw refuse('V1/306', `Customer ${shown(number)} is blocked for orders`, 'SoldToParty');
  if (customer.DeletionIndicator === true)
    throw refuse('V1/307', `Customer ${shown(number)} is marked for deletion`, 'SoldToParty');
}

/** Ship-to, bill-to and payer: given, of the sales area, or the sold-to party itself. */
function partnersOf({ store }: Context, area: Row, given: readonly DeepRow[]): Values {
  const { Customer, SalesOrganization, DistributionChannel, Division } = area;
  const functions = [
    ...store.table('A_CustSalesPartnerFunc').related({ Customer, SalesOrganization, DistributionChannel, Division }),
  ];
  const values: Record<string, Value> = {};
  for (const { external, internal, property } of PARTNER_FUNCTIONS) {
    if (property === 'SoldToParty') continue;
    const isIt = (row: Row): boolean => ([external, internal] as string[]).includes(textOf(row, 'PartnerFunction'));
    const told = given.find(({ row }) => isIt(row));
    const known = functions.find(isIt);
    const number =
      (told && textOf(told.row, 'Customer')) || (known && textOf(known, 'BPCustomerNumber')) || textOf(area, 'Customer');
    if (store.get('A_Customer', { Customer: number }) === undefined)
      throw refuse('VP/199', `No customer master record exists for customer ${shown(number)}`, 'to_Partner');
    values[property] = padded(number);
  }
  return values;
}

/** What of a change of the header may be done. @throws SapRefusal */
export function checkedHeaderChange(context: Context, order: Row, changes: Row): Values {
  for (const name of FIXED)
    if (changes[name] !== undefined && changes[name] !== order[name])
      throw refuse(
        'V1/499',
        `Field ${name} of sales document ${shown(textOf(order, 'SalesOrder'))} can no longer be changed`,
        name,
      );
  if (changes.CustomerPaymentTerms !== undefined) checkTerms(changes.CustomerPaymentTerms);
  const soldTo = textOf(changes, 'SoldToParty');
  if (soldTo === '' || soldTo === textOf(order, 'SoldToParty')) return changes;
  areaOf(context, { ...keyOfArea(order), SoldToParty: soldTo });
  return { ...changes, shipTo: soldTo, billTo: soldTo, payer: soldTo };
}

const keyOfArea = (order: Row): Row => ({
  SalesOrganization: textOf(order, 'SalesOrganization'),
  DistributionChannel: textOf(order, 'DistributionChannel'),
  OrganizationDivision: textOf(order, 'OrganizationDivision'),
});

function checkTerms(terms: Value): void {
  if (terms !== '' && TERMS[String(terms)] === undefined)
    throw refuse('V1/317', `Terms of payment ${String(terms)} are not defined`, 'CustomerPaymentTerms');
}

/** The rows of `to_Partner`, as they follow from the order. */
export const headerPartners = (order: Row): Values[] =>
  PARTNER_FUNCTIONS.map(({ external, internal, property }) => ({
    SalesOrder: textOf(order, 'SalesOrder'),
    PartnerFunction: external,
    PartnerFunctionInternalCode: internal,
    Customer: textOf(order, property),
    ReferenceBusinessPartner: textOf(order, property),
    Personnel: '0',
    ContactPerson: '0',
  }));

/** The country that its tax depends on: that of whom it is shipped to. */
export function countryOfCustomer({ store }: Context, customer: string): string {
  const [partner] = store.table('A_BusinessPartner').related({ Customer: customer });
  const number = partner === undefined ? '' : textOf(partner, 'BusinessPartner');
  const [address] = store.table('A_BusinessPartnerAddress').related({ BusinessPartner: number });
  return address === undefined ? '' : textOf(address, 'Country');
}
