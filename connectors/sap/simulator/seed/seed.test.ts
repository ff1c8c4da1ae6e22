// The history of a company that is made up: the same for the same seed, as large as asked, with all that happens in real ones.
import { describe, expect, it } from 'vitest';
import { createBooks, type SapBooks } from '../books/index.ts';
import type { Row } from '../model.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const LINES = 'A_OperationalAcctgDocItemCube';
const known = {
  name: 'Meridian Tools Ltd',
  country: 'US',
  taxId: '12-3456789',
  email: 'ap@meridian.example',
  street: 'Elm St',
  city: 'Austin',
  bankAccount: '0012345678',
  creditLimit: '25000',
  payer: 'LATE',
} as const;
const books = createBooks({ seed: 3, size: 500, now: () => NOW, companies: [known] });
const all = (set: string, of: SapBooks = books): Row[] => [...of.rows(set)];
const some = (set: string, isIt: (row: Row) => unknown): number => all(set).filter(isIt).length;

describe('a history', () => {
  it('has about as many invoices as asked, up to now, within eighteen months', () => {
    const invoices = all('A_BillingDocument').filter((row) => row.SDDocumentCategory === 'M');
    expect(Math.abs(invoices.length - 500)).toBeLessThan(75);
    const days = invoices.map((row) => String(row.BillingDocumentDate)).toSorted();
    expect(days[0]).toMatch(/^2025-0[56]/);
    expect(days.at(-1)).toMatch(/^2026-11-1/);
  });

  it('has everything that happens to real ones', () => {
    const line = (isIt: (row: Row) => unknown): number => some(LINES, (row) => row.FinancialAccountType === 'D' && isIt(row));
    const found = {
      cancelled: some('A_BillingDocument', (row) => row.BillingDocumentIsCancelled),
      credited: some('A_BillingDocument', (row) => row.SDDocumentCategory === 'O'),
      overdue: line(
        (row) => row.IsCleared === false && String(row.NetDueDate) < '2026-10-01' && row.AccountingDocumentType === 'RV',
      ),
      partial: line((row) => row.FollowOnDocumentType === 'Z'),
      residual: line((row) => row.FollowOnDocumentType === 'V'),
      downPayments: line((row) => row.SpecialGLCode === 'A'),
      returned: line((row) => row.AccountingDocumentType === 'DA'),
      disputed: line((row) => row.DunningBlockingReason === 'A'),
      dunned: line((row) => row.DunningLevel !== '0'),
      discounts: line((row) => Number(row.CashDiscountAmount) > 0),
      direct: line((row) => row.AccountingDocumentType === 'DR'),
      yen: line((row) => row.TransactionCurrency === 'JPY'),
      dinars: line((row) => row.TransactionCurrency === 'KWD'),
      rejected: some('A_SalesOrderItem', (row) => row.SalesDocumentRjcnReason !== ''),
      notIssued: some('A_OutbDeliveryHeader', (row) => row.OverallGoodsMovementStatus === 'A'),
      open: some('A_SalesOrder', (row) => row.OverallSDProcessStatus === 'A'),
      paidByOthers: some('A_BillingDocument', (row) => row.PayerParty !== row.SoldToParty),
      prospects: some('A_BusinessPartner', (row) => row.Customer === ''),
      blocked: some('A_BusinessPartner', (row) => row.BusinessPartnerIsBlocked),
      gone: some('A_CustomerCompany', (row) => row.DeletionIndicator),
      inBoth: some(
        'A_CustomerCompany',
        (row) =>
          row.CompanyCode === '1710' && books.get('A_CustomerCompany', { Customer: row.Customer ?? '', CompanyCode: '1010' }),
      ),
    };
    expect(Object.entries(found).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('takes customers that other systems know, with what tells them apart, into its trade', () => {
    const partner = all('A_BusinessPartner').find((row) => row.BusinessPartnerName === known.name);
    const BusinessPartner = partner?.BusinessPartner ?? '';
    const [address] = books.related('A_BusinessPartnerAddress', { BusinessPartner });
    const one = (set: string, where: Row): Row | undefined => [...books.related(set, where)][0];
    expect(one('A_BusinessPartnerTaxNumber', { BusinessPartner })).toMatchObject({ BPTaxNumber: known.taxId });
    expect(one('A_AddressEmailAddress', { AddressID: address?.AddressID ?? '' })).toMatchObject({ EmailAddress: known.email });
    expect(one('A_BusinessPartnerBank', { BusinessPartner })).toMatchObject({ BankAccount: known.bankAccount });
    expect(one('CreditManagementAccount', { BusinessPartner })).toMatchObject({
      CreditLimitAmount: known.creditLimit,
      CreditSegment: '1710',
    });
    expect([...books.related('A_BillingDocument', { PayerParty: BusinessPartner })].length).toBeGreaterThan(5);
  });

  it('is the same for the same seed, and another one for another', () => {
    const of = (seed: number) => JSON.stringify(createBooks({ seed, size: 25, now: () => NOW }).kept());
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  it('of no size has products only, for one company or as many as asked', () => {
    const companyCodes = [{ code: '2000', name: 'Single', country: 'DE', currency: 'EUR', fiscalYearStartMonth: 1 }];
    const empty = createBooks({ size: 0, now: () => NOW, settings: { companyCodes } });
    expect([all('A_BusinessPartner', empty), all(LINES, empty), empty.companyCodes]).toEqual([[], [], ['2000']]);
    expect(all('A_Product', empty).length).toBeGreaterThan(5);
    expect(new Set(all('A_ProductSalesDelivery', empty).map((row) => row.ProductSalesOrg))).toEqual(new Set(['2000']));
  });
});
