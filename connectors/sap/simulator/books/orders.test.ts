// Sales orders: what a deep insert makes of them, what is refused in SAP's words, what changes, rejections and deletions do.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeepRow, Row } from '../model.ts';
import {
  CUSTOMER,
  EXPORT_CUSTOMER,
  JPY_CUSTOMER,
  KWD_CUSTOMER,
  testCompany,
  type TestCompany,
  US_CUSTOMER,
} from './test-company.ts';

let company: TestCompany;
beforeEach(() => {
  company = testCompany();
});

const leaf = (row: Row): DeepRow => ({ row, children: {} });
const HEADER: Row = {
  SalesOrderType: 'OR',
  SalesOrganization: '1010',
  DistributionChannel: '10',
  OrganizationDivision: '00',
  SoldToParty: CUSTOMER,
};
const deep = (items: readonly DeepRow[], header: Row = {}): DeepRow => ({
  row: { ...HEADER, ...header },
  children: { to_Item: items },
});
const pump = (quantity = '2'): DeepRow => leaf({ Material: 'PUMP', RequestedQuantity: quantity });
const itemsOf = (order: Row): Row[] => [...company.books.related('A_SalesOrderItem', { SalesOrder: order.SalesOrder ?? '' })];
const create = (items: readonly DeepRow[], header?: Row): Row => company.books.create('A_SalesOrder', deep(items, header));

describe('a sales order', () => {
  it('gets its number, items 10, 20 …, prices, tax, schedule lines, partners and statuses', () => {
    const order = create([pump(), leaf({ Material: 'VISIT', RequestedQuantity: '1.5' })], { PurchaseOrderByCustomer: 'PO-7' });
    expect(order).toMatchObject({
      SalesOrder: '0000740501',
      TotalNetAmount: '320.00',
      TransactionCurrency: 'EUR',
      CustomerPaymentTerms: 'NT30',
      CreationDate: '2026-05-04',
      LastChangeDate: null,
      LastChangeDateTime: '2026-05-04T12:00:00.1230000Z',
      OverallSDProcessStatus: 'A',
      OverallTotalDeliveryStatus: 'A',
      OverallOrdReltdBillgStatus: 'A',
      OverallSDDocumentRejectionSts: 'A',
      TotalCreditCheckStatus: '',
    });
    const [goods, service] = itemsOf(order);
    expect(goods).toMatchObject({
      SalesOrderItem: '10',
      SalesOrderItemCategory: 'TAN',
      NetAmount: '200.00',
      TaxAmount: '38.00',
      DeliveryStatus: 'A',
      OrderRelatedBillingStatus: '',
    });
    expect(goods).toMatchObject({
      RequestedQuantityUnit: 'PC',
      RequestedQuantitySAPUnit: 'ST',
      RequestedQuantityISOUnit: 'PCE',
      PurchaseOrderByCustomer: 'PO-7',
    });
    expect(service).toMatchObject({
      SalesOrderItem: '20',
      RequestedQuantity: '1.500',
      NetAmount: '120.00',
      DeliveryStatus: '',
      OrderRelatedBillingStatus: 'A',
    });
    const [line] = company.books.related('A_SalesOrderScheduleLine', {
      SalesOrder: order.SalesOrder ?? '',
      SalesOrderItem: '10',
    });
    expect(line).toMatchObject({ ScheduleLine: '1', ConfdOrderQtyByMatlAvailCheck: '2', OpenConfdDelivQtyInOrdQtyUnit: '2' });
    const partners = [...company.books.related('A_SalesOrderHeaderPartner', { SalesOrder: order.SalesOrder ?? '' })];
    expect(partners.map((row) => [row.PartnerFunction, row.PartnerFunctionInternalCode, row.Customer])).toEqual([
      ['BP', 'RE', CUSTOMER],
      ['PY', 'RG', CUSTOMER],
      ['SH', 'WE', CUSTOMER],
      ['SP', 'AG', CUSTOMER],
    ]);
  });

  it('takes the price that was typed in before that of the price list, for so many units, and discounts by percent and amount', () => {
    const given = {
      row: { Material: 'BOLT', RequestedQuantity: '250' },
      children: {
        to_PricingElement: [
          leaf({ ConditionType: 'PMP0', ConditionRateValue: '33.33', ConditionCurrency: 'EUR', ConditionQuantity: '100' }),
          leaf({ ConditionType: 'DRV1', ConditionRateValue: '-10' }),
          leaf({ ConditionType: 'D100', ConditionRateValue: '-1.01', ConditionCurrency: 'EUR' }),
        ],
      },
    };
    const order = create([given]);
    // 83.325 is rounded to 83.33, less 8.33, less 1.01
    expect(order.TotalNetAmount).toBe('73.99');
    const elements = [
      ...company.books.related('A_SalesOrderItemPrElement', { SalesOrder: order.SalesOrder ?? '', SalesOrderItem: '10' }),
    ];
    expect(elements.map((row) => [row.PricingProcedureStep, row.ConditionType, row.ConditionAmount])).toEqual([
      ['10', 'PMP0', '83.33'],
      ['100', 'DRV1', '-8.33'],
      ['101', 'D100', '-1.01'],
      ['915', 'MWST', '14.06'],
    ]);
  });

  it('is priced anew when an element is changed or added, and keeps for how many units a price is', () => {
    const order = create([
      {
        row: { Material: 'BOLT', RequestedQuantity: '50' },
        children: { to_PricingElement: [leaf({ ConditionType: 'PPR0', ConditionRateValue: '40', ConditionQuantity: '100' })] },
      },
    ]);
    const item = { SalesOrder: order.SalesOrder ?? '', SalesOrderItem: '10' };
    const element = { ...item, PricingProcedureStep: '10', PricingProcedureCounter: '1' };
    expect(company.books.update('A_SalesOrderItemPrElement', element, { ConditionRateValue: '60' })).toMatchObject({
      ConditionType: 'PPR0',
      ConditionQuantity: '100',
      ConditionAmount: '30.00',
    });
    const discount = company.books.create(
      'A_SalesOrderItemPrElement',
      leaf({ ...item, ConditionType: 'DRV1', ConditionRateValue: '-50' }),
    );
    expect(discount).toMatchObject({ PricingProcedureStep: '100', ConditionAmount: '-15.00', ConditionIsManuallyChanged: true });
    expect(company.order(order).TotalNetAmount).toBe('15.00');
  });

  it('shows amounts with the decimals of their currency, and is without tax where the customer sits abroad', () => {
    const [yen] = itemsOf(create([pump('1')], { SoldToParty: JPY_CUSTOMER }));
    expect(yen).toMatchObject({ TransactionCurrency: 'JPY', NetAmount: expect.stringMatching(/^1\d{4}$/), TaxAmount: '0' });
    const [dinar] = itemsOf(create([pump('1')], { SoldToParty: KWD_CUSTOMER }));
    expect(dinar).toMatchObject({
      TransactionCurrency: 'KWD',
      NetAmount: expect.stringMatching(/^3\d\.\d{3}$/),
      TaxAmount: '0.000',
    });
    const [abroad] = itemsOf(create([pump('1')], { SoldToParty: EXPORT_CUSTOMER }));
    expect(abroad).toMatchObject({ NetAmount: '100.00', TaxAmount: '0.00' });
  });

  it.each([
    [{ SalesOrganization: '1710' }, 'Sold-to party 10100001 not maintained for sales area 1710 10 00'],
    [{ SalesOrderType: 'XX' }, 'Sales document type XX is not defined'],
    [{ SoldToParty: '0000000042' }, 'No customer master record exists for customer 42'],
    [{ CustomerPaymentTerms: 'Q9' }, 'Terms of payment Q9 are not defined'],
  ])('is refused with %j', (header, message) => {
    expect(() => create([pump()], header)).toThrow(message);
    expect([...company.books.rows('A_SalesOrder')]).toEqual([]);
  });

  it.each([
    [{ Material: 'NONE', RequestedQuantity: '1' }, 'Material NONE is not defined for sales org.1010, distr.chan.10, language EN'],
    [{ Material: 'PUMP', RequestedQuantity: '0' }, 'Please enter an order quantity'],
    [{ Material: 'PUMP', RequestedQuantity: '1', RequestedQuantityUnit: 'KG' }, 'Unit KG is not defined for material PUMP'],
  ])('is refused whole for an item %j', (item, message) => {
    expect(() => create([pump(), leaf(item)])).toThrow(message);
    expect([...company.books.rows('A_SalesOrderItem')]).toEqual([]);
    expect(create([pump()]).SalesOrder).toBe('0000740501');
  });

  it('is refused for a customer who is blocked at any level that counts', () => {
    company.books.update(
      'A_CustomerSalesArea',
      { Customer: CUSTOMER, SalesOrganization: '1010', DistributionChannel: '10', Division: '00' },
      { OrderIsBlockedForCustomer: '01' },
    );
    expect(() => create([pump()])).toThrow('Customer 10100001 is blocked for orders');
  });

  it('is changed item by item: amounts, statuses and the stamp of its header follow', () => {
    const order = create([pump(), pump('3')]);
    company.goTo('2026-05-05');
    company.books.update(
      'A_SalesOrderItem',
      { SalesOrder: order.SalesOrder ?? '', SalesOrderItem: '10' },
      { RequestedQuantity: '5' },
    );
    company.people.rejectItem(String(order.SalesOrder), '20');
    expect(company.order(order)).toMatchObject({
      TotalNetAmount: '800.00',
      OverallSDDocumentRejectionSts: 'B',
      LastChangeDate: '2026-05-05',
      LastChangeDateTime: '2026-05-05T12:00:00.1230000Z',
    });
    expect(itemsOf(order).map((row) => [row.SDProcessStatus, row.DeliveryStatus, row.SalesDocumentRjcnReason])).toEqual([
      ['A', 'A', ''],
      ['C', 'C', '10'],
    ]);
    expect(() => company.people.rejectItem(String(order.SalesOrder), '10', 'QQ')).toThrow(
      'Reason for rejection QQ is not defined',
    );
    expect(() => company.people.changeOrder(String(order.SalesOrder), { TransactionCurrency: 'USD' })).toThrow(
      'can no longer be changed',
    );
  });

  it('can be deleted without a trace as long as nothing came of it', () => {
    const [first, second] = [create([pump()]), create([pump()])];
    company.people.deleteOrder('740501');
    for (const set of ['A_SalesOrder', 'A_SalesOrderItem', 'A_SalesOrderScheduleLine'])
      expect([...company.books.related(set, { SalesOrder: first.SalesOrder ?? '' })]).toEqual([]);
    company.people.deliver({ order: String(second.SalesOrder) });
    expect(() => company.people.deleteOrder(String(second.SalesOrder))).toThrow('subsequent documents exist');
  });

  it('waits for its credit when the account is blocked or over its limit, until a person lets it go', () => {
    company.people.setCreditLimit(CUSTOMER, '1010', '500');
    const order = create([pump('4')]);
    expect(order.TotalCreditCheckStatus).toBe('A');
    // 476.00 with tax are on order already
    const second = create([pump('1')]);
    expect(second.TotalCreditCheckStatus).toBe('B');
    expect(() => company.people.deliver({ order: String(second.SalesOrder) })).toThrow('blocked for delivery: credit check');
    company.people.rejectItem(String(order.SalesOrder), '10');
    company.people.recheckCredit(String(second.SalesOrder));
    expect(company.order(second).TotalCreditCheckStatus).toBe('A');
    company.people.blockCredit(CUSTOMER, '1010');
    const third = create([pump('1')]);
    expect(third.TotalCreditCheckStatus).toBe('B');
    company.people.releaseCredit(String(third.SalesOrder));
    expect(company.people.deliver({ order: String(third.SalesOrder) }).OverallGoodsMovementStatus).toBe('C');
  });

  it('counts what is open and on order against the limit, and no more what was paid', () => {
    company.people.setCreditLimit(CUSTOMER, '1010', '1000');
    const billing = company.invoice('8');
    expect(create([pump('1')]).TotalCreditCheckStatus).toBe('B');
    company.people.receivePayment({ invoices: [String(billing.BillingDocument)] });
    expect(create([pump('1')]).TotalCreditCheckStatus).toBe('A');
    // a limit of nothing is another thing than none
    company.people.setCreditLimit(US_CUSTOMER, '1710', '0');
    expect(company.books.get('CreditManagementAccount', { BusinessPartner: US_CUSTOMER, CreditSegment: '1710' })).toMatchObject({
      CreditLimitIsZero: true,
      CreditSegmentCurrency: 'USD',
    });
    expect(
      company.people.createOrder({ soldTo: '17100001', company: '1710', items: [{ material: 'PUMP', quantity: '1' }] })
        .TotalCreditCheckStatus,
    ).toBe('B');
  });
});
