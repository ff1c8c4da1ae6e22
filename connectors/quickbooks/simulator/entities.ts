/** Which records this company has: their names in paths and queries, what may be written to them and what may be asked for. */
import { type Body, type Value } from './body.ts';
import { unknownProperty } from './fault.ts';

export type EntityName = keyof typeof WRITABLE;
export type Family = 'NAME' | 'LIST' | 'TRANSACTION' | 'SINGLE' | 'FIXED';

export interface Entity {
  readonly name: EntityName;
  /** The segment in the address. */
  readonly path: string;
  readonly family: Family;
  /** Which records draw their ids from the same numbers. */
  readonly ids: string;
  readonly writable: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Some answers count the rows in `totalCount`, others don't: as recorded. */
  readonly hasTotalCount: boolean;
  readonly canDelete: boolean;
  readonly canVoid: boolean;
}

const TRANSACTION =
  'CustomField DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote LinkedTxn Line TxnTaxDetail TxnSource TransactionLocationType ProjectRef GlobalTaxCalculation';
const SALES = `${TRANSACTION} CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr ClassRef SalesTermRef SalesRepRef PONumber ShipMethodRef ShipDate TrackingNum ApplyTaxAfterDiscount TemplateRef PrintStatus EmailStatus BillEmail BillEmailCc BillEmailBcc RemitToRef`;
const CASH = 'PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment DepositToAccountRef';
const PERSON =
  'CustomField Title GivenName MiddleName FamilyName Suffix CompanyName DisplayName PrintOnCheckName Active PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr OtherContactInfo DefaultTaxCodeRef BillAddr ShipAddr OtherAddr Notes CurrencyRef ParentRef AcctNum Source';

const WRITABLE = {
  Customer: `${PERSON} Taxable Job BillWithParent CustomerTypeRef SalesTermRef PaymentMethodRef OpenBalanceDate PreferredDeliveryMethod ResaleNum ARAccountRef TaxExemptionReasonId IsProject PrimaryTaxIdentifier SecondaryTaxIdentifier BusinessNumber GSTIN GSTRegistrationType`,
  Vendor: `${PERSON} TermRef TaxIdentifier BillRate CostRate Vendor1099 APAccountRef BusinessNumber`,
  Employee: `${PERSON} EmployeeNumber SSN PrimaryAddr BillableTime BillRate CostRate BirthDate Gender HiredDate ReleasedDate`,
  Item: 'CustomField Name Sku Description Active SubItem ParentRef Taxable SalesTaxIncluded UnitPrice RatePercent Type IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef COGSAccountRef AssetAccountRef PrefVendorRef TrackQtyOnHand QtyOnHand ReorderPoint ManPartNum SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate PrintGroupedItems ItemGroupDetail ItemCategoryType TaxClassificationRef ClassRef DeferredRevenue ServiceType UQCDisplayText UQCId CustomExtensions Source',
  Term: 'Name Active Type DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth',
  PaymentMethod: 'Name Active Type',
  Account:
    'CustomField Name SubAccount ParentRef Description Active Classification AccountType AccountSubType AcctNum CurrencyRef TaxCodeRef OpeningBalance OpeningBalanceDate TxnLocationType AccountAlias',
  TaxCode: '',
  TaxRate: '',
  Estimate: `${SALES} DueDate ExpirationDate AcceptedBy AcceptedDate TxnStatus`,
  Invoice: `${SALES} DueDate Deposit DepositToAccountRef ARAccountRef AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment InvoiceLinkSecurityCode`,
  CreditMemo: `${SALES} ARAccountRef PaymentMethodRef InvoiceRef`,
  SalesReceipt: `${SALES} ${CASH}`,
  RefundReceipt: `${SALES} ${CASH}`,
  Payment: `${TRANSACTION} CustomerRef ARAccountRef ${CASH} TotalAmt ProcessPayment`,
  Deposit: `${TRANSACTION} DepositToAccountRef CashBack`,
  JournalEntry: `${TRANSACTION} Adjustment HomeCurrencyAdjustment EnteredInHomeCurrency`,
  CompanyInfo:
    'CompanyName LegalName CompanyAddr CustomerCommunicationAddr LegalAddr PrimaryPhone CompanyStartDate FiscalYearStartMonth Country Email WebAddr NameValue CustomerCommunicationEmailAddr',
  Preferences:
    'AccountingInfoPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs VendorAndPurchasesPrefs TimeTrackingPrefs TaxPrefs CurrencyPrefs ReportPrefs OtherPrefs',
} as const;

/** Known everywhere, and nobody writes them: what a client sends back of a record that it read is no mistake. */
const READ_ONLY =
  'Id SyncToken MetaData domain sparse status AttachableRef FullyQualifiedName Level Balance BalanceWithJobs HomeBalance HomeTotalAmt TotalAmt UnappliedAmt RemainingCredit DeliveryInfo InvoiceLink V4IDPseudonym ClientEntityId ClientCompanyId IntuitId Organization UserId TxnStatus RecurDataRef RecurringInfo HomeTotalCostAmount TotalCostAmount AutoDocNumber DiscountAmt DiscountRate TaxFormType TaxFormNum CurrentBalance CurrentBalanceWithSubAccounts Description Taxable TaxGroup Active SalesTaxRateList PurchaseTaxRateList RateValue AgencyRef SpecialTaxType DisplayType EffectiveTaxRate Name SupportedLanguages Hidden TaxCodeConfigType CreditLimit OverDueBalance AvgCost QtyOnPurchaseOrder QtyOnSalesOrder time';

const FAMILIES: Readonly<Record<EntityName, readonly [Family, ids: string]>> = {
  Customer: ['NAME', 'names'],
  Vendor: ['NAME', 'names'],
  Employee: ['NAME', 'names'],
  Item: ['LIST', 'items'],
  Term: ['LIST', 'terms'],
  PaymentMethod: ['LIST', 'methods'],
  Account: ['LIST', 'accounts'],
  TaxCode: ['FIXED', 'tax codes'],
  TaxRate: ['FIXED', 'tax rates'],
  Estimate: ['TRANSACTION', 'transactions'],
  Invoice: ['TRANSACTION', 'transactions'],
  CreditMemo: ['TRANSACTION', 'transactions'],
  SalesReceipt: ['TRANSACTION', 'transactions'],
  RefundReceipt: ['TRANSACTION', 'transactions'],
  Payment: ['TRANSACTION', 'transactions'],
  Deposit: ['TRANSACTION', 'transactions'],
  JournalEntry: ['TRANSACTION', 'transactions'],
  CompanyInfo: ['SINGLE', 'company'],
  Preferences: ['SINGLE', 'preferences'],
};

const COUNTED: ReadonlySet<EntityName> = new Set<EntityName>(['Invoice', 'Deposit', 'JournalEntry']);
const VOIDABLE: ReadonlySet<EntityName> = new Set<EntityName>([
  'Invoice',
  'Payment',
  'SalesReceipt',
  'CreditMemo',
  'RefundReceipt',
]);

/** QuickBooks has them, this company has none: they can be asked for, and are always empty. */
const EMPTY_ENTITIES =
  'Attachable Bill BillPayment Budget Class CompanyCurrency CustomerType Department ExchangeRate JournalCode Purchase PurchaseOrder ReimburseCharge TaxAgency TimeActivity Transfer VendorCredit';

const ENTITIES: ReadonlyMap<EntityName, Entity> = new Map(
  (Object.keys(WRITABLE) as EntityName[]).map((name) => [name, entityOf(name)]),
);
const BY_LOWER = new Map([...ENTITIES.values()].map((one) => [one.path, one]));
const EMPTY_BY_LOWER = new Set(EMPTY_ENTITIES.toLowerCase().split(' '));

export function entity(name: EntityName): Entity {
  return ENTITIES.get(name) as Entity;
}

/** By its name in any case, which for a path means lower case. */
export const entityNamed = (name: string): Entity | undefined => BY_LOWER.get(name.toLowerCase());
export const isEmptyEntity = (name: string): boolean => EMPTY_BY_LOWER.has(name.toLowerCase());

/** What of a request is kept: known properties that nobody writes are passed over, unknown ones are refused; an empty value is none. */
export function writablePart({ writable, known }: Entity, body: Body): Body {
  const kept: Record<string, Value> = {};
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (writable.has(name)) {
      if (value !== undefined && value !== null && value !== '') kept[name] = value;
    } else if (!known.has(name)) throw unknownProperty(name);
  }
  return kept;
}

function entityOf(name: EntityName): Entity {
  const [family, ids] = FAMILIES[name];
  const writable = new Set(WRITABLE[name].split(' '));
  return {
    name,
    path: name.toLowerCase(),
    family,
    ids,
    writable,
    known: new Set([...writable, ...READ_ONLY.split(' ')]),
    hasTotalCount: COUNTED.has(name),
    canDelete: family === 'TRANSACTION',
    canVoid: VOIDABLE.has(name),
  };
}
