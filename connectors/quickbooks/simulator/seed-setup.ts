/** What every company has before its first customer: accounts, terms, ways to pay, sales tax and settings. */
import type { Body } from './body.ts';
import type { Books } from './books.ts';
import type { EntityName } from './entities.ts';

export interface CompanySettings {
  /** The last day that the API may not touch any more; null for none. */
  readonly bookCloseDate?: string | null;
  /** Documents are numbered by those who write them. */
  readonly customTxnNumbers?: boolean;
  readonly multiCurrency?: boolean;
  /** Tax is worked out by QuickBooks, whatever is sent. */
  readonly automaticSalesTax?: boolean;
}

const ACCOUNTS: readonly (readonly [id: string, name: string, type: string, classification: string])[] = [
  ['1', 'Services', 'Income', 'Revenue'],
  ['4', 'Undeposited Funds', 'Other Current Asset', 'Asset'],
  ['33', 'Accounts Payable (A/P)', 'Accounts Payable', 'Liability'],
  ['35', 'Checking', 'Bank', 'Asset'],
  ['36', 'Savings', 'Bank', 'Asset'],
  ['58', 'Bad Debts', 'Expense', 'Expense'],
  ['79', 'Sales of Product Income', 'Income', 'Revenue'],
  ['80', 'Cost of Goods Sold', 'Cost of Goods Sold', 'Expense'],
  ['81', 'Inventory Asset', 'Other Current Asset', 'Asset'],
  ['84', 'Accounts Receivable (A/R)', 'Accounts Receivable', 'Asset'],
  ['86', 'Discounts given', 'Income', 'Revenue'],
  ['90', 'Sales Tax Payable', 'Other Current Liability', 'Liability'],
];
const TERMS: readonly Body[] = [
  { Name: 'Due on receipt', DueDays: 0 },
  { Name: 'Net 10', DueDays: 10 },
  { Name: 'Net 15', DueDays: 15 },
  { Name: 'Net 30', DueDays: 30 },
  { Name: 'Net 60', DueDays: 60 },
  { Name: '2% 10 Net 30', DueDays: 30, DiscountDays: 10, DiscountPercent: 2 },
];
const METHODS = ['Cash', 'Check', 'Visa', 'MasterCard', 'ACH', 'Wire'];
const RATES: readonly (readonly [id: string, name: string, percent: number])[] = [
  ['1', 'AZ State tax', 7.1],
  ['2', 'Tucson City', 2],
  ['3', 'California', 8],
];
const CODES: readonly (readonly [id: string, name: string, rates: readonly string[]])[] = [
  ['TAX', 'TAX', []],
  ['NON', 'NON', []],
  ['2', 'California', ['3']],
  ['3', 'Tucson', ['1', '2']],
];
export const CHECKING = '35';

export function setUp(books: Books, name: string): void {
  const put = (entity: EntityName, body: Body, id?: string): void => {
    books.insert(entity, body, id);
  };
  put('CompanyInfo', companyInfo(name), '1');
  put('Preferences', preferences(), '1');
  for (const [id, Name, AccountType, Classification] of ACCOUNTS)
    put('Account', { Name, SubAccount: false, Active: true, Classification, AccountType, CurrencyRef: books.ref('USD') }, id);
  for (const term of TERMS) put('Term', { ...term, Active: true, Type: 'STANDARD' });
  put('Term', { Name: '15th of next month', Active: true, Type: 'DATE_DRIVEN', DayOfMonthDue: 15, DueNextMonthDays: 15 });
  for (const Name of METHODS)
    put('PaymentMethod', { Name, Active: true, Type: /Visa|Master/.test(Name) ? 'CREDIT_CARD' : 'NON_CREDIT_CARD' });
  for (const [id, Name, RateValue] of RATES)
    put(
      'TaxRate',
      {
        Name,
        Description: 'Sales Tax',
        Active: true,
        RateValue,
        AgencyRef: { value: '1' },
        SpecialTaxType: 'NONE',
        DisplayType: 'ReadOnly',
      },
      id,
    );
  for (const [id, Name, rates] of CODES) put('TaxCode', taxCode(Name, rates, id !== 'NON'), id);
}

/** What a person sets in the company's settings. */
export function settingsBody({ bookCloseDate, customTxnNumbers, multiCurrency, automaticSalesTax }: CompanySettings): Body {
  return {
    ...(bookCloseDate === undefined ? {} : { AccountingInfoPrefs: { BookCloseDate: bookCloseDate ?? '' } }),
    ...(customTxnNumbers === undefined ? {} : { SalesFormsPrefs: { CustomTxnNumbers: customTxnNumbers } }),
    ...(multiCurrency === undefined ? {} : { CurrencyPrefs: { MultiCurrencyEnabled: multiCurrency } }),
    ...(automaticSalesTax === undefined ? {} : { TaxPrefs: { PartnerTaxEnabled: automaticSalesTax } }),
  };
}

function taxCode(Name: string, rates: readonly string[], Taxable: boolean): Body {
  const list = rates.map((id, index) => ({
    TaxRateRef: { value: id, name: RATES.find(([rate]) => rate === id)?.[1] ?? '' },
    TaxTypeApplicable: 'TaxOnAmount',
    TaxOrder: index,
  }));
  return {
    Name,
    Description: Name,
    Active: true,
    Taxable,
    TaxGroup: rates.length > 0,
    ...(rates.length > 0 ? { SalesTaxRateList: { TaxRateDetail: list }, PurchaseTaxRateList: { TaxRateDetail: [] } } : {}),
  };
}

function companyInfo(name: string): Body {
  const address = {
    Id: '1',
    Line1: '123 Sierra Way',
    City: 'San Pablo',
    Country: 'USA',
    CountrySubDivisionCode: 'CA',
    PostalCode: '94806',
  };
  return {
    CompanyName: name,
    LegalName: `${name} LLC`,
    CompanyAddr: address,
    CustomerCommunicationAddr: address,
    LegalAddr: address,
    PrimaryPhone: { FreeFormNumber: '(510) 555-0100' },
    CompanyStartDate: '2019-01-01',
    FiscalYearStartMonth: 'January',
    Country: 'US',
    Email: { Address: 'books@example.com' },
    WebAddr: {},
    SupportedLanguages: 'en',
    NameValue: [
      { Name: 'OfferingSku', Value: 'QuickBooks Online Plus' },
      { Name: 'SubscriptionStatus', Value: 'PAID' },
      { Name: 'IndustryType', Value: 'Landscaping Services' },
    ],
  };
}

function preferences(): Body {
  return {
    AccountingInfoPrefs: {
      FirstMonthOfFiscalYear: 'January',
      TaxYearMonth: 'January',
      UseAccountNumbers: false,
      CustomerTerminology: 'Customers',
    },
    ProductAndServicesPrefs: { ForSales: true, ForPurchase: true, QuantityWithPriceAndRate: true, QuantityOnHand: true },
    SalesFormsPrefs: {
      CustomTxnNumbers: false,
      AllowDeposit: true,
      AllowDiscount: true,
      AllowEstimates: true,
      AllowShipping: true,
      AutoApplyCredit: false,
      AutoApplyPayments: false,
      DefaultTerms: { value: '4' },
      ETransactionEnabledStatus: 'NotApplicable',
    },
    TaxPrefs: { UsingSalesTax: true, PartnerTaxEnabled: false },
    CurrencyPrefs: { MultiCurrencyEnabled: false, HomeCurrency: { value: 'USD' } },
    ReportPrefs: { ReportBasis: 'Accrual', CalcAgingReportFromTxnDate: false },
    OtherPrefs: { NameValue: [{ Name: 'SalesFormsPrefs.DefaultItem', Value: '1' }] },
  };
}
