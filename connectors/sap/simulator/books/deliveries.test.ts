// Deliveries and invoices: what may leave and be billed, and what each of them says of the others.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeepRow, Row } from '../model.ts';
import { accountingOf, CUSTOMER, numberOf, receivables, testCompany, type TestCompany, US_CUSTOMER } from './test-company.ts';

let company: TestCompany;
beforeEach(() => {
  company = testCompany();
});

const order = (quantity = '5', material = 'PUMP'): Row =>
  company.people.createOrder({ soldTo: CUSTOMER, company: '1010', items: [{ material, quantity }] });
const orderNumber = (row: Row): string => numberOf(row, 'SalesOrder');
const delivery = (row: Row, quantity?: string): DeepRow => ({
  row: {},
  children: {
    to_DeliveryDocumentItem: [
      {
        row: {
          ReferenceSDDocument: orderNumber(row),
          ReferenceSDDocumentItem: '000010',
          ...(quantity === undefined ? {} : { ActualDeliveryQuantity: quantity }),
        },
        children: {},
      },
    ],
  },
});
const header = (row: Row): Row =>
  company.books.get('A_OutbDeliveryHeader', { DeliveryDocument: row.DeliveryDocument ?? '' }) ?? {};

describe('a delivery', () => {
  it('is made of order items, picked and issued; its items are 000010, the order’s are 10', () => {
    const sold = order();
    const made = company.books.create('A_OutbDeliveryHeader', delivery(sold, '2'));
    expect(made).toMatchObject({
      DeliveryVersion: '0001',
      OverallPickingStatus: 'A',
      OverallGoodsMovementStatus: 'A',
      LastChangeDate: null,
      ActualGoodsMovementDate: null,
    });
    const items = [...company.books.related('A_OutbDeliveryItem', { DeliveryDocument: made.DeliveryDocument ?? '' })];
    expect(items).toMatchObject([
      {
        DeliveryDocumentItem: '000010',
        ReferenceSDDocumentItem: '000010',
        ActualDeliveryQuantity: '2',
        ReferenceSDDocumentCategory: 'C',
      },
    ]);
    expect(company.order(sold)).toMatchObject({ OverallTotalDeliveryStatus: 'B', LastChangeDate: null });
    const call = (name: string) =>
      company.books.call('API_OUTBOUND_DELIVERY_SRV;v=0002', name, { DeliveryDocument: made.DeliveryDocument ?? '' });
    expect(() => call('PostGoodsIssue')).toThrow('Delivery has not yet been put away/picked (completely)');
    call('PickAllItems');
    company.goTo('2026-05-06');
    call('PostGoodsIssue');
    expect(header(made)).toMatchObject({
      DeliveryVersion: '0003',
      OverallGoodsMovementStatus: 'C',
      ActualGoodsMovementDate: '2026-05-06',
      LastChangeDate: '2026-05-06',
    });
    const flow = [...company.books.related('A_OutbDeliveryDocFlow', { PrecedingDocument: made.DeliveryDocument ?? '' })];
    expect(flow.map((row) => row.SubsequentDocumentCategory)).toEqual(['R']);
  });

  it('never holds more than was ordered, nor what was rejected, blocked or is a service', () => {
    const sold = order();
    company.books.create('A_OutbDeliveryHeader', delivery(sold, '2'));
    expect(() => company.books.create('A_OutbDeliveryHeader', delivery(sold, '4'))).toThrow(
      'Only 3 PC of item 10 are open for delivery',
    );
    company.books.create('A_OutbDeliveryHeader', delivery(sold));
    expect(() => company.books.create('A_OutbDeliveryHeader', delivery(sold))).toThrow('No schedule lines due for delivery');
    const blocked = order();
    company.people.changeOrder(orderNumber(blocked), { DeliveryBlockReason: '01' });
    expect(() => company.books.create('A_OutbDeliveryHeader', delivery(blocked))).toThrow('delivery block 01');
    expect(() => company.books.create('A_OutbDeliveryHeader', delivery(order('1', 'VISIT')))).toThrow(
      'is not relevant for delivery',
    );
    const rejected = order();
    company.people.rejectItem(orderNumber(rejected), '10');
    expect(() => company.books.create('A_OutbDeliveryHeader', delivery(rejected))).toThrow('was rejected');
  });

  it('can be changed and deleted before the goods leave: what it held is open again', () => {
    const sold = order();
    const made = company.books.create('A_OutbDeliveryHeader', delivery(sold, '5'));
    const key = { DeliveryDocument: made.DeliveryDocument ?? '', DeliveryDocumentItem: '10' };
    company.books.update('A_OutbDeliveryItem', key, { ActualDeliveryQuantity: '1' });
    expect(
      company.books.get('A_SalesOrderScheduleLine', {
        SalesOrder: sold.SalesOrder ?? '',
        SalesOrderItem: '10',
        ScheduleLine: '1',
      }),
    ).toMatchObject({ DeliveredQtyInOrderQtyUnit: '1', OpenConfdDelivQtyInOrdQtyUnit: '4' });
    company.books.remove('A_OutbDeliveryHeader', made);
    expect(company.order(sold).OverallTotalDeliveryStatus).toBe('A');
  });

  it('can have its goods issue taken back until it is billed', () => {
    const sold = order();
    const made = company.people.deliver({ order: orderNumber(sold) });
    company.people.reverseGoodsIssue(numberOf(made, 'DeliveryDocument'));
    expect(header(made)).toMatchObject({ OverallGoodsMovementStatus: 'A', ActualGoodsMovementDate: null });
    expect(() => company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')] })).toThrow('goods issue not posted');
    company.people.issueGoods(numberOf(made, 'DeliveryDocument'));
    company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')] });
    expect(() => company.people.reverseGoodsIssue(numberOf(made, 'DeliveryDocument'))).toThrow('cancel the invoice first');
  });
});

describe('an invoice', () => {
  it('of a delivery names both documents, and posts a debit of the payer, revenue and tax', () => {
    const billing = company.invoice('2');
    expect(billing).toMatchObject({
      BillingDocumentType: 'F2',
      SDDocumentCategory: 'M',
      TotalNetAmount: '200.00',
      TaxAmount: '38.00',
      TotalGrossAmount: '238.00',
      PayerParty: CUSTOMER,
      CompanyCode: '1010',
      FiscalYear: '2026',
      AccountingPostingStatus: 'C',
      InvoiceClearingStatus: 'A',
      LastChangeDateTime: '2026-05-04T12:00:00.1230000Z',
    });
    const [item] = company.books.related('A_BillingDocumentItem', { BillingDocument: numberOf(billing) });
    expect(item).toMatchObject({
      BillingDocumentItem: '10',
      ReferenceSDDocumentCategory: 'J',
      ReferenceSDDocumentItem: '10',
      SalesDocumentItem: '10',
      SalesSDDocumentCategory: 'C',
    });
    expect(
      accountingOf(company.books, billing).map((line) => [
        line.FinancialAccountType,
        line.PostingKey,
        line.DebitCreditCode,
        line.AmountInTransactionCurrency,
      ]),
    ).toEqual([
      ['D', '01', 'S', '238.00'],
      ['S', '50', 'H', '-200.00'],
      ['S', '50', 'H', '-38.00'],
    ]);
    expect(receivables(company.books)).toMatchObject([
      {
        AccountingDocumentType: 'RV',
        AccountingDocument: '9400000001',
        NetDueDate: '2026-06-03',
        CashDiscount1Days: '30',
        NetPaymentDays: '0',
        IsCleared: false,
        LastChangeDate: null,
      },
    ]);
  });

  it('of services refers to the order itself, whose billing status follows; its own stamp stays', () => {
    const sold = order('3', 'VISIT');
    company.goTo('2026-05-07');
    const billing = company.people.bill({ order: orderNumber(sold) });
    const [item] = company.books.related('A_BillingDocumentItem', { BillingDocument: numberOf(billing) });
    expect(item).toMatchObject({ ReferenceSDDocumentCategory: 'C', ReferenceSDDocument: sold.SalesOrder, BillingQuantity: '3' });
    expect(company.order(sold)).toMatchObject({
      OverallOrdReltdBillgStatus: 'C',
      OverallSDProcessStatus: 'C',
      LastChangeDateTime: sold.LastChangeDateTime,
    });
    const flow = [...company.books.related('A_SalesOrderSubsqntProcFlow', { SalesOrder: orderNumber(sold) })];
    expect(flow).toMatchObject([{ SubsequentDocument: billing.BillingDocument, SubsequentDocumentCategory: 'M' }]);
  });

  it('of a part is its share of the order, each rounded by itself', () => {
    const sold = company.people.createOrder({
      soldTo: CUSTOMER,
      company: '1010',
      items: [{ material: 'PUMP', quantity: '3', price: '33.335' }],
    });
    const totals = ['1', '1', '1'].map((quantity) => {
      const made = company.people.deliver({ order: orderNumber(sold), items: [{ item: '10', quantity }] });
      return company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')] }).TotalNetAmount;
    });
    expect(sold.TotalNetAmount).toBe('100.01');
    expect(totals).toEqual(['33.34', '33.34', '33.34']);
  });

  it('is cancelled by a document of its own with positive amounts; their accounting lines clear each other, and it can be billed again', () => {
    const billing = company.invoice('2');
    company.goTo('2026-05-09');
    const [result] = company.books.call('API_BILLING_DOCUMENT_SRV', 'Cancel', { BillingDocument: numberOf(billing) }) as Row[];
    const cancelling = company.books.get('A_BillingDocument', { BillingDocument: result?.CancellationBillingDocument ?? '' });
    expect(cancelling).toMatchObject({
      BillingDocumentType: 'S1',
      SDDocumentCategory: 'N',
      TotalNetAmount: '200.00',
      CancelledBillingDocument: billing.BillingDocument,
    });
    const original = company.books.get('A_BillingDocument', billing);
    expect(original).toMatchObject({
      BillingDocumentIsCancelled: true,
      InvoiceClearingStatus: 'C',
      LastChangeDateTime: '2026-05-09T12:00:00.1230000Z',
    });
    const lines = receivables(company.books);
    expect(
      lines.map((line) => [line.AmountInTransactionCurrency, line.IsCleared, line.ClearingAccountingDocument, line.ClearingDate]),
    ).toEqual([
      ['238.00', true, cancelling?.AccountingDocument, '2026-05-09'],
      ['-238.00', true, cancelling?.AccountingDocument, '2026-05-09'],
    ]);
    expect(lines[0]).toMatchObject({ IsReversed: true, ReverseDocument: cancelling?.AccountingDocument, LastChangeDate: null });
    expect(() => company.people.cancelBilling(numberOf(billing))).toThrow('was already cancelled');
    const [item] = company.books.related('A_BillingDocumentItem', { BillingDocument: numberOf(billing) });
    expect(company.people.bill({ deliveries: [String(item?.ReferenceSDDocument)] }).TotalNetAmount).toBe('200.00');
  });

  it('that is cancelled after it was paid leaves the payment cleared and its own credit open', () => {
    const billing = company.invoice('1');
    company.people.receivePayment({ invoices: [numberOf(billing)] });
    company.people.cancelBilling(numberOf(billing));
    const open = receivables(company.books).filter((line) => line.IsCleared !== true);
    expect(open.map((line) => line.AmountInTransactionCurrency)).toEqual(['-119.00']);
  });

  it('is credited by a memo of category O, whose line refers to the invoice', () => {
    const billing = company.invoice('4');
    const memo = company.people.creditMemo({ invoice: numberOf(billing), percent: 25n });
    expect(memo).toMatchObject({
      BillingDocumentType: 'G2',
      SDDocumentCategory: 'O',
      TotalNetAmount: '100.00',
      TotalGrossAmount: '119.00',
    });
    const [line] = receivables(company.books, { BillingDocument: numberOf(memo) });
    expect(line).toMatchObject({
      PostingKey: '11',
      AmountInTransactionCurrency: '-119.00',
      InvoiceReference: billing.AccountingDocument,
      InvoiceReferenceFiscalYear: '2026',
      IsCleared: false,
    });
    const undone = company.people.cancelBilling(numberOf(memo));
    expect(undone).toMatchObject({ BillingDocumentType: 'S2', SDDocumentCategory: 'S' });
    expect(receivables(company.books, { BillingDocument: numberOf(undone) })).toMatchObject([
      { AmountInTransactionCurrency: '119.00', IsCleared: true },
    ]);
  });

  it('has no accounting document as long as it is held back', () => {
    const made = company.people.deliver({ order: orderNumber(order()) });
    const billing = company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')], isHeld: true });
    expect(billing).toMatchObject({
      AccountingDocument: '',
      FiscalYear: '0000',
      AccountingPostingStatus: 'A',
      InvoiceClearingStatus: '',
    });
    expect(() => company.people.receivePayment({ invoices: [numberOf(billing)] })).toThrow('is not posted to accounting');
    expect(company.people.releaseBilling(numberOf(billing))).toMatchObject({
      AccountingDocument: '9400000001',
      AccountingPostingStatus: 'C',
    });
  });

  it('belongs to the fiscal year of its company, which may begin in April', () => {
    company.goTo('2026-03-31');
    const us = { soldTo: US_CUSTOMER, company: '1710' };
    expect(company.invoice('1', us)).toMatchObject({ FiscalYear: '2025', AccountingDocument: '9400000001' });
    expect(company.invoice()).toMatchObject({ FiscalYear: '2026', AccountingDocument: '9400000001' });
    company.goTo('2026-04-01');
    expect(company.invoice('1', us)).toMatchObject({ FiscalYear: '2026', AccountingDocument: '9400000001' });
    expect(receivables(company.books, { CompanyCode: '1710' }).map((line) => line.FiscalPeriod)).toEqual(['012', '001']);
  });

  it('is refused in a closed period, and nothing of it is kept', () => {
    const made = company.people.deliver({ order: orderNumber(order()) });
    company.people.closePeriod('2026-05-31');
    expect(() => company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')] })).toThrow(
      'Period 005/2026 is not open',
    );
    expect([...company.books.rows('A_BillingDocument')]).toEqual([]);
    expect(company.people.bill({ deliveries: [numberOf(made, 'DeliveryDocument')], date: '2026-06-01' }).FiscalYear).toBe('2026');
  });

  it('is printed as a PDF', () => {
    const value = company.books.call('API_BILLING_DOCUMENT_SRV', 'GetPDF', {
      BillingDocument: numberOf(company.invoice()),
    }) as Row;
    expect(Buffer.from(String(value.BillingDocumentBinary), 'base64').toString('latin1')).toMatch(
      /^%PDF-1\.4[^]*Invoice 90500001[^]*119\.00 EUR[^]*%%EOF\n$/,
    );
  });
});
