/** Business partners and what hangs on them: numbers, defaults and rules of the rows that make up a customer. */
import type { DeepRow, Row, Value } from '../model.ts';
import { ACCOUNTS, DISTRIBUTION_CHANNEL, DIVISION, TERMS, taxSystemOf, USER } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { notFound, refuse, required, shown } from './refusals.ts';
import { SERVICES } from './sets/index.ts';

type Filled = Record<string, Value>;

const CUSTOMER_ROLES = new Set(['FLCU00', 'FLCU01']);
const FIRST_PARTNER = 1_000_001;
const FIRST_ADDRESS = 23_001;
const FOREVER = '9999-12-31T23:59:59.0000000Z';
const LONG_AGO = '0001-01-01T00:00:00.0000000Z';
const DAY_STARTS = 'T00:00:00.0000000Z';
const NAVIGATIONS = new Map(SERVICES.flatMap(({ sets }) => sets.map((set) => [set.name, set.navigations] as const)));

/** Makes a row of master data and all that was given inside it. */
export function createPartnerData(context: Context, set: string, { row, children }: DeepRow): Row {
  const made = add(context, set, { ...row });
  // customer data without a role give it the role of one
  if (set === 'A_BusinessPartner' && children.to_Customer?.length && !children.to_BusinessPartnerRole?.length)
    add(context, 'A_BusinessPartnerRole', { BusinessPartner: made.BusinessPartner ?? '', BusinessPartnerRole: 'FLCU01' });
  for (const navigation of NAVIGATIONS.get(set) ?? [])
    for (const child of children[navigation.name] ?? []) {
      const parent = set === 'A_BusinessPartner' ? (context.store.get(set, made) ?? made) : made;
      const inherited = Object.fromEntries(navigation.on.map(([ours, theirs]) => [theirs, parent[ours] ?? null]));
      createPartnerData(context, navigation.set, { ...child, row: { ...child.row, ...inherited } });
    }
  return context.store.get(set, made) ?? made;
}

function add(context: Context, set: string, values: Filled): Row {
  const { store } = context;
  const fill = FILL[set];
  if (fill === undefined) throw notFound(set);
  fill(context, values);
  if (store.get(set, values) !== undefined)
    throw refuse('R11/170', `${set.slice(2)} ${keyText(store.table(set).keyOf(values))} already exists`);
  const row = store.add(set, values);
  if (set === 'A_BusinessPartnerRole' && CUSTOMER_ROLES.has(textOf(row, 'BusinessPartnerRole')))
    makeCustomer(context, textOf(row, 'BusinessPartner'));
  if (set === 'A_BusinessPartner')
    context.happened('BusinessPartner', 'Created', { BusinessPartner: shown(textOf(row, 'BusinessPartner')) });
  return row;
}

/** Changes master data; the business partner that it belongs to is stamped. */
export function changePartnerData(context: Context, set: string, row: Row, changes: Row): Row {
  if (changes.CustomerPaymentTerms !== undefined) checkTerms(changes.CustomerPaymentTerms);
  if (changes.PaymentTerms !== undefined) checkTerms(changes.PaymentTerms);
  const changed = context.store.change(set, row, { ...changes, ...named(set, { ...row, ...changes }) });
  stampPartner(context, set, row);
  return context.store.get(set, changed) ?? changed;
}

/** The last change of the partner that a row belongs to is now. */
export function stampPartner(context: Context, set: string, of: Row): void {
  const { store } = context;
  const partner = partnerOf(context, set, of);
  const row = store.get('A_BusinessPartner', { BusinessPartner: partner });
  if (row === undefined) return;
  const { day, time } = store.moment;
  store.change('A_BusinessPartner', row, { LastChangeDate: day, LastChangeTime: time, LastChangedByUser: USER });
  context.happened('BusinessPartner', 'Changed', { BusinessPartner: shown(partner) });
}

function partnerOf({ store }: Context, set: string, row: Row): string {
  if (row.BusinessPartner !== undefined) return textOf(row, 'BusinessPartner');
  if (set.startsWith('A_Address')) {
    const [address] = store.table('A_BusinessPartnerAddress').related({ AddressID: row.AddressID ?? '' });
    return address === undefined ? '' : textOf(address, 'BusinessPartner');
  }
  const [partner] = store.table('A_BusinessPartner').related({ Customer: row.Customer ?? '' });
  return partner === undefined ? '' : textOf(partner, 'BusinessPartner');
}

/** In this system a customer has the number of its business partner. */
function makeCustomer({ store }: Context, number: string): void {
  const partner = store.get('A_BusinessPartner', { BusinessPartner: number });
  if (partner === undefined || textOf(partner, 'Customer') !== '') return;
  const name = textOf(partner, 'BusinessPartnerName');
  store.change('A_BusinessPartner', partner, { Customer: number });
  store.add('A_Customer', {
    Customer: number,
    CustomerAccountGroup: 'CUST',
    CustomerName: name,
    BPCustomerName: name,
    CustomerFullName: name,
    BPCustomerFullName: name,
    CreatedByUser: USER,
    CreationDate: store.moment.day,
  });
}

const FILL: Readonly<Record<string, (context: Context, values: Filled) => void>> = {
  A_BusinessPartner({ store }, values) {
    const category = values.BusinessPartnerCategory ?? '';
    if (category !== '1' && category !== '2' && category !== '3') throw required('A_BusinessPartner', 'BusinessPartnerCategory');
    if (named('A_BusinessPartner', values).BusinessPartnerName === '')
      throw refuse('R1/102', 'Specify at least a name for the business partner', 'OrganizationBPName1');
    // numbers that people choose take part in the same range
    const own = values.BusinessPartner;
    const isOwn = typeof own === 'string' && own !== '';
    const number = isOwn ? own : String(store.next('partner', FIRST_PARTNER)).padStart(10, '0');
    const { day, time } = store.moment;
    Object.assign(values, named('A_BusinessPartner', values), {
      BusinessPartner: number,
      BusinessPartnerUUID: uuidOf(store.next('partner uuid', 1)),
      BusinessPartnerGrouping: values.BusinessPartnerGrouping ?? 'BP02',
      CreatedByUser: USER,
      CreationDate: day,
      CreationTime: time,
      InternationalLocationNumber1: '0',
      InternationalLocationNumber2: '0',
      InternationalLocationNumber3: '0',
    });
  },
  A_BusinessPartnerAddress({ store }, values) {
    if (!values.Country) throw required('A_BusinessPartnerAddress', 'Country');
    const today = `${store.moment.day}${DAY_STARTS}`;
    Object.assign(values, {
      AddressID: String(store.next('address', FIRST_ADDRESS)).padStart(10, '0'),
      AddressUUID: uuidOf(store.next('address uuid', 1_000_000)),
      ValidityStartDate: values.ValidityStartDate ?? today,
      ValidityEndDate: values.ValidityEndDate ?? FOREVER,
    });
  },
  A_AddressEmailAddress({ store }, values) {
    const ordinal = next(store.table('A_AddressEmailAddress').related({ AddressID: values.AddressID ?? '' }));
    const email = String(values.EmailAddress ?? '');
    Object.assign(values, { Person: values.Person ?? '', OrdinalNumber: values.OrdinalNumber ?? ordinal });
    Object.assign(values, { SearchEmailAddress: email.toUpperCase().slice(0, 20), IsDefaultEmailAddress: ordinal === '1' });
  },
  A_AddressPhoneNumber({ store }, values) {
    const ordinal = next(store.table('A_AddressPhoneNumber').related({ AddressID: values.AddressID ?? '' }));
    Object.assign(values, { Person: values.Person ?? '', OrdinalNumber: values.OrdinalNumber ?? ordinal });
    Object.assign(values, { PhoneNumberType: values.PhoneNumberType ?? '1', IsDefaultPhoneNumber: ordinal === '1' });
  },
  A_BusinessPartnerBank({ store }, values) {
    const number = next(store.table('A_BusinessPartnerBank').related({ BusinessPartner: values.BusinessPartner ?? '' }));
    const name = `000${number}`.slice(-4);
    Object.assign(values, { BankIdentification: values.BankIdentification || name });
    Object.assign(values, { ValidityStartDate: LONG_AGO, ValidityEndDate: FOREVER });
  },
  A_BusinessPartnerRole({ store }, values) {
    if (!values.BusinessPartnerRole) throw required('A_BusinessPartnerRole', 'BusinessPartnerRole');
    Object.assign(values, { ValidFrom: `${store.moment.day}${DAY_STARTS}`, ValidTo: FOREVER });
  },
  A_BusinessPartnerTaxNumber(_, values) {
    if (!values.BPTaxType) throw required('A_BusinessPartnerTaxNumber', 'BPTaxType');
  },
  A_Customer(context, values) {
    // the role makes the customer: what was given with it is put on it
    const number = String(values.Customer ?? '');
    if (number === '') throw refuse('CVI_API/006', 'Assign a customer role before customer data is maintained', 'to_Customer');
    const made = context.store.get('A_Customer', { Customer: number });
    if (made === undefined) return;
    for (const name of Object.keys(made)) values[name] ??= made[name] ?? null;
    context.store.drop('A_Customer', made);
  },
  A_CustomerCompany(context, values) {
    context.company(String(values.CompanyCode ?? ''));
    checkCustomer(context, values);
    checkTerms(values.PaymentTerms);
    values.ReconciliationAccount ||= ACCOUNTS.receivables;
    values.CustomerAccountGroup = 'CUST';
    values.LayoutSortingRule ||= '031';
  },
  A_CustomerDunning(_, values) {
    values.DunningArea ??= '';
    values.DunningLevel ||= '0';
  },
  A_CustomerSalesArea(context, values) {
    const company = context.company(String(values.SalesOrganization ?? ''));
    checkCustomer(context, values);
    checkTerms(values.CustomerPaymentTerms);
    values.DistributionChannel ||= DISTRIBUTION_CHANNEL;
    values.Division ||= DIVISION;
    values.Currency ||= company.currency;
    values.ShippingCondition ||= '01';
    values.DeliveryPriority ||= '2';
    values.CustomerAccountGroup = 'CUST';
  },
  A_CustomerSalesAreaTax(context, values) {
    const country = context.company(String(values.SalesOrganization ?? '')).country;
    values.DepartureCountry ||= country;
    values.CustomerTaxCategory ||= taxSystemOf(country).category;
  },
  A_CustSalesPartnerFunc(_, values) {
    values.PartnerCounter ||= '0';
    if (!values.PartnerFunction) throw required('A_CustSalesPartnerFunc', 'PartnerFunction');
  },
};

function checkCustomer({ store }: Context, { Customer }: Filled): void {
  if (store.get('A_Customer', { Customer }) === undefined)
    throw refuse('F2/153', `Customer ${shown(String(Customer ?? ''))} has not been created`, 'Customer');
}

function checkTerms(terms: Value | undefined): void {
  if (terms && TERMS[String(terms)] === undefined)
    throw refuse('F2/021', `Payment terms ${String(terms)} are not defined`, 'PaymentTerms');
}

/** The names that follow from the parts of a name. */
function named(set: string, values: Readonly<Record<string, Value | undefined>>): Filled {
  if (set !== 'A_BusinessPartner') return {};
  const part = (name: string): string => String(values[name] ?? '');
  const isPerson = part('BusinessPartnerCategory') === '1';
  const parts = isPerson ? ['FirstName', 'LastName'] : ['OrganizationBPName1', 'OrganizationBPName2'];
  const name = parts.map(part).filter(Boolean).join(' ');
  return { BusinessPartnerName: name, BusinessPartnerFullName: name };
}

const next = (rows: Iterable<Row>): string => String([...rows].length + 1);
const keyText = (key: string): string => key.split('\u0001').map(shown).join(' ');
const uuidOf = (serial: number): string => `fa163e00-0000-1eef-8000-${serial.toString(16).padStart(12, '0')}`;
