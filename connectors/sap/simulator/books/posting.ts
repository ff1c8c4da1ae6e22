/** Accounting documents: lines that balance in the currency of the document and in that of the company. Nothing unbalanced is ever written. */
import type { Row } from '../model.ts';
import { amountText, converted } from './amounts.ts';
import { addDays, fiscalPeriodOf } from './calendar.ts';
import { CHART_OF_ACCOUNTS, rateOf, TERMS, USER } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { checkOpenPeriod } from './periods.ts';
import { shown } from './refusals.ts';
import type { Values } from './table.ts';

export const LINES = 'A_OperationalAcctgDocItemCube';

export interface Line {
  readonly account: string;
  /** D of customers, S of the general ledger. */
  readonly type: 'D' | 'S';
  readonly postingKey: string;
  /** Debit is positive. */
  readonly minor: bigint;
  /** In the currency of the company: at the rate of the day where absent, REST for what is left of all others. */
  readonly local?: bigint | 'REST';
  readonly values?: Values;
}

export interface Posting {
  readonly company: string;
  readonly documentType: 'RV' | 'DZ' | 'DR' | 'DG' | 'AB' | 'DA';
  readonly postingDate: string;
  readonly documentDate: string;
  readonly currency: string;
  /** The day whose exchange rate counts; that of the posting where absent. What turns another document round has that one's. */
  readonly rateDate?: string;
  readonly lines: readonly Line[];
  /** On every line. */
  readonly values?: Values;
}

/** Number ranges, which begin anew in each company and fiscal year. */
const RANGES = { RV: 9_400_000_001, DZ: 1_400_000_001, DR: 1_800_000_001, DG: 1_600_000_001, AB: 100_000_001, DA: 1_700_000_001 };
const TYPE_NAMES = {
  RV: 'Billing doc.transfer',
  DZ: 'Customer payment',
  DR: 'Customer invoice',
  DG: 'Customer credit memo',
  AB: 'Journal entry',
  DA: 'Customer document',
};

export interface Posted {
  readonly company: string;
  readonly year: string;
  /** Padded. */
  readonly document: string;
  readonly lines: readonly Row[];
}

/** Lines that amount to nothing in either currency are left out. @throws SapRefusal when the period is closed */
export function post(context: Context, posting: Posting): Posted {
  const { company, postingDate } = posting;
  checkOpenPeriod(context, company, postingDate);
  const { year } = fiscalPeriodOf(postingDate, context.company(company).fiscalYearStartMonth);
  const document = nextDocument(context, company, year, posting.documentType);
  const common = commonValues(context, posting, document);
  const counted = inCompanyCurrency(context, posting);
  const kept = counted.filter(({ line, inLocal }) => line.minor !== 0n || inLocal !== 0n);
  if (sum(kept.map(({ line }) => line.minor)) !== 0n || sum(kept.map(({ inLocal }) => inLocal)) !== 0n)
    throw new Error(`The lines of ${document} do not balance.`);
  const currency = context.company(company).currency;
  const lines = kept.map(({ line, inLocal }, at) =>
    context.store.add(LINES, {
      ...common,
      AccountingDocumentItem: String(at + 1),
      FinancialAccountType: line.type,
      PostingKey: line.postingKey,
      DebitCreditCode: line.minor < 0n || (line.minor === 0n && inLocal < 0n) ? 'H' : 'S',
      GLAccount: line.account,
      OperationalGLAccount: line.account,
      AmountInTransactionCurrency: amountText(line.minor, posting.currency),
      AmountInCompanyCodeCurrency: amountText(inLocal, currency),
      ...line.values,
    }),
  );
  context.happened('JournalEntry', 'Created', { CompanyCode: company, FiscalYear: year, AccountingDocument: shown(document) });
  return { company, year, document, lines };
}

function inCompanyCurrency(context: Context, { company, currency, postingDate, rateDate = postingDate, lines }: Posting) {
  const home = context.company(company).currency;
  const rate = rateOf(currency, home, rateDate);
  const inHome = (line: Line): bigint =>
    typeof line.local === 'bigint' ? line.local : converted(line.minor, rate, currency, home);
  const rest = sum(lines.map((line) => (line.local === 'REST' ? 0n : inHome(line))));
  return lines.map((line) => ({ line, inLocal: line.local === 'REST' ? -rest : inHome(line) }));
}

/** Also for documents that have no lines, such as a clearing that is even. */
export const nextDocument = ({ store }: Context, company: string, year: string, type: keyof typeof RANGES): string =>
  String(store.next(`accounting ${company} ${year} ${type}`, RANGES[type])).padStart(10, '0');

function commonValues(context: Context, posting: Posting, document: string): Values {
  const { company, documentType, postingDate, documentDate, currency, rateDate = postingDate, values } = posting;
  const { name, currency: home, fiscalYearStartMonth } = context.company(company);
  const { year, period } = fiscalPeriodOf(postingDate, fiscalYearStartMonth);
  const { day, time } = context.store.moment;
  return {
    CompanyCode: company,
    FiscalYear: year,
    AccountingDocument: document,
    CompanyCodeName: name.slice(0, 25),
    ChartOfAccounts: CHART_OF_ACCOUNTS,
    FiscalPeriod: period,
    PostingDate: postingDate,
    DocumentDate: documentDate,
    AccountingDocumentType: documentType,
    AccountingDocumentTypeName: TYPE_NAMES[documentType],
    AccountingDocumentCreationDate: day,
    CreationTime: time,
    AccountingDocCreatedByUser: USER,
    TransactionCurrency: currency,
    CompanyCodeCurrency: home,
    ExchangeRate: rateOf(currency, home, rateDate),
    Ledger: '0L',
    ClearingDocFiscalYear: '0000',
    InvoiceReferenceFiscalYear: '0000',
    ReverseDocumentFiscalYear: '0000',
    InvoiceItemReference: '0',
    SalesDocumentItem: '0',
    DunningLevel: '0',
    NumberOfItems: '1',
    ...values,
  };
}

export interface CustomerLine {
  readonly customer: string;
  readonly terms: string;
  /** From which its days run. */
  readonly baseDate: string;
}

/** What a line on a customer's account says beside its amount. */
export function customerValues({ store }: Context, { customer, terms, baseDate }: CustomerLine): Values {
  const { netDays, discount } = TERMS[terms] ?? { netDays: 0 };
  const row = store.get('A_Customer', { Customer: customer });
  return {
    Customer: customer,
    CustomerName: row === undefined ? '' : textOf(row, 'CustomerName').slice(0, 80),
    IsOpenItemManaged: 'X',
    IsUsedInPaymentTransaction: true,
    PaymentTerms: terms,
    DueCalculationBaseDate: baseDate,
    NetPaymentDays: discount === undefined ? '0' : String(netDays),
    CashDiscount1Days: String(discount?.days ?? netDays),
    CashDiscount1Percent: discount?.percent ?? '0.000',
    CashDiscount1DueDate: addDays(baseDate, discount?.days ?? netDays),
    NetDueDate: addDays(baseDate, netDays),
  };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
