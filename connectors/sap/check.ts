/**
 * A first look at a system: which services answer and why others do not, which companies there are, and what of the things that no document of
 * SAP settles is to be seen here. It changes nothing; what will not work is said in a sentence that names what to do.
 */
import { type Checked, ExternalError, type JsonObject } from '../../src/connect/index.ts';
import { companyCodes, companyFilter, isServed, salesOrganizations } from './companies.ts';
import { CREDIT_ACCOUNTS } from './customers.ts';
import { keyAt, textAt } from './fields.ts';
import { nextOf } from './keyset.ts';
import { LINES, OF_CUSTOMERS } from './lines.ts';
import { all, any } from './literals.ts';
import { literalOf, readPage } from './query.ts';
import { type Context, forgetMetadata, metadataOf, SERVICES, type ServiceName, setOf } from './system.ts';
import { NO_PAYMENTS } from './unavailable.ts';

const WHAT: Readonly<Record<ServiceName, string>> = {
  partner: 'customers',
  product: 'products',
  order: 'orders',
  delivery: 'deliveries',
  billing: 'invoices and credit memos',
  items: 'open items and payments',
  credit: 'credit limits and blocks',
};

/** @throws ExternalError where the system can't be signed in to, or has not even customers for us */
export async function check(context: Context): Promise<Checked> {
  forgetMetadata(context);
  const closed = await closedServices(context);
  const open = (name: ServiceName) => !closed.has(name);
  const partner = closed.get('partner');
  if (partner) throw new ExternalError(partner.sentence, { kind: 'REJECTED', words: partner.sentence });
  const companies = await companiesOf(context, open('items'));
  const served = companies.filter(({ externalId }) => isServed(context, externalId));
  const [first] = served.length === 1 ? served : [];
  return {
    company:
      served.length === 0 ? `S/4HANA at ${new URL(context.config.baseUrl).host}` : served.map(({ name }) => name).join(', '),
    ...(first?.functionalCurrency === undefined ? {} : { functionalCurrency: first.functionalCurrency }),
    legalEntities: companies,
    warnings: [
      ...notServed(context, companies),
      ...[...closed.values()].map(({ sentence }) => sentence),
      ...(await missingFields(context, closed)),
      ...(await salesWarnings(context)),
      ...(open('billing') ? await numberWarnings(context) : []),
      ...(open('items') ? await lineWarnings(context) : []),
      ...settingWarnings(context),
    ],
  };
}

function notServed(context: Context, companies: readonly { readonly externalId: string; readonly name: string }[]): string[] {
  return companies
    .filter(({ externalId }) => !isServed(context, externalId))
    .map(({ name }) => `${name} is not served by this connection: nothing of it is read.`);
}

interface Closed {
  readonly sentence: string;
}

async function closedServices(context: Context): Promise<ReadonlyMap<ServiceName, Closed>> {
  const closed = new Map<ServiceName, Closed>();
  for (const name of Object.keys(SERVICES) as ServiceName[]) {
    try {
      await metadataOf(context, name);
    } catch (error) {
      if (!(error instanceof ExternalError) || (error.status !== 403 && error.status !== 404)) throw error;
      closed.set(name, { sentence: sentenceOf(name, error) });
    }
  }
  return closed;
}

function sentenceOf(name: ServiceName, { status, code, words }: ExternalError): string {
  const { path, scenario } = SERVICES[name];
  const why =
    code === '/IWFND/MED/170' || status === 404
      ? `is not activated: add a communication arrangement for the scenario ${scenario}, or activate the service on premise`
      : `may not be used by this user: give the communication user the arrangement of the scenario ${scenario}`;
  return `${path} ${why}. Without it no ${WHAT[name]} are read. SAP says: ${words === '' ? `status ${status ?? ''}` : words}`;
}

async function companiesOf(context: Context, hasLines: boolean) {
  const companies = [];
  for (const code of await companyCodes(context)) {
    const line = hasLines ? await lineOf(context, code) : null;
    const currency = line === null ? undefined : textAt(line, 'CompanyCodeCurrency');
    companies.push({
      externalId: code,
      name: nameOf(code, line && textAt(line, 'CompanyCodeName')),
      ...(currency === undefined ? {} : { functionalCurrency: currency }),
    });
  }
  return companies;
}

/** People there say the number as often as the name. */
const nameOf = (code: string, name: string | null | undefined): string =>
  name === null || name === undefined ? `Company code ${code}` : `${name} (${code})`;

async function lineOf(context: Context, company: string): Promise<JsonObject | null> {
  const filter = all(
    OF_CUSTOMERS,
    `CompanyCode eq ${await literalOf(context, 'items', { set: LINES, field: 'CompanyCode', value: company })}`,
  );
  const fields = ['CompanyCode', 'CompanyCodeName', 'CompanyCodeCurrency'];
  const { rows } = await readPage(context, 'items', { set: LINES, fields, filter, top: 1 });
  return rows[0] ?? null;
}

/** Fields without which something is not read, by set. */
const NEEDED: readonly (readonly [ServiceName, string, readonly string[]])[] = [
  ['order', 'A_SalesOrder', ['LastChangeDateTime', 'TotalNetAmount', 'TransactionCurrency', 'OverallSDProcessStatus']],
  [
    'billing',
    'A_BillingDocument',
    ['SDDocumentCategory', 'BillingDocumentIsCancelled', 'CancelledBillingDocument', 'PayerParty', 'TaxAmount'],
  ],
  ['delivery', 'A_OutbDeliveryHeader', ['OverallGoodsMovementStatus', 'ActualGoodsMovementDate', 'SalesOrganization']],
  [
    'items',
    LINES,
    [
      'ClearingAccountingDocument',
      'ClearingDocFiscalYear',
      'ClearingCreationDate',
      'NetDueDate',
      'SpecialGLCode',
      'BillingDocument',
    ],
  ],
  ['partner', 'A_BusinessPartner', ['Customer', 'LastChangeDate', 'BusinessPartnerFullName']],
];

async function missingFields(context: Context, closed: ReadonlyMap<ServiceName, Closed>): Promise<string[]> {
  const { orderReference, accountReference } = context.config;
  const needed = [
    ...NEEDED,
    ['order', 'A_SalesOrder', [orderReference]],
    ['partner', 'A_CustomerCompany', [accountReference]],
  ] as const;
  const warnings: string[] = [];
  for (const [service, name, fields] of needed) {
    if (closed.has(service)) continue;
    const set = await setOf(context, service, name);
    const missing = fields.filter((field) => set?.fields.has(field) !== true);
    if (missing.length > 0) warnings.push(`${name} has no ${missing.join(', ')} in this release: what they say is not read.`);
    const deaf = fields.filter((field) => set?.fields.get(field)?.isFilterable === false);
    if (deaf.length > 0) warnings.push(`${name} can't be searched by ${deaf.join(', ')} in this release.`);
  }
  if (!closed.has('credit') && (await setOf(context, 'credit', CREDIT_ACCOUNTS)) === null)
    warnings.push(`${SERVICES.credit.path} has no ${CREDIT_ACCOUNTS} here: credit limits are not read.`);
  return warnings;
}

async function salesWarnings(context: Context): Promise<string[]> {
  const known = await salesOrganizations(context);
  const served = [...known.values()].some((company) => isServed(context, company));
  const named = [...known].map(([organization, company]) => `${organization} to ${company}`).join(', ');
  if (served) return [];
  return [
    `No sales organization is known to belong to the companies that are served (${named === '' ? 'none at all' : named}): no orders are read. Name them in salesAreas.`,
  ];
}

/** Are numbers in filters what they are in keys? And do rows come in the order of their keys? */
async function numberWarnings(context: Context): Promise<string[]> {
  const set = 'A_BillingDocument';
  const filter = await companyFilter(context, 'billing', set);
  const { rows } = await readPage(context, 'billing', {
    set,
    fields: ['BillingDocument'],
    filter,
    orderBy: 'BillingDocument',
    top: 2,
  });
  const [first, second] = rows.map((row) => keyAt(row, 'BillingDocument'));
  if (first === undefined || second === undefined) return [];
  const found = await readPage(context, 'billing', {
    set,
    fields: ['BillingDocument'],
    filter: `BillingDocument eq ${await literalOf(context, 'billing', { set, field: 'BillingDocument', value: first })}`,
  });
  const next = await nextOf(
    context,
    { service: 'billing', set, by: ['BillingDocument'], filter },
    { after: first, max: 1 },
  ).catch(() => null);
  if (found.rows.length === 1 && next?.keys.map((key) => key.replace(/^0+(?=\d)/, '')).includes(second)) return [];
  const other = context.config.padsNumbers ? 'Switch padsNumbers off' : 'Switch padsNumbers on';
  return [
    `Billing document ${first} is not found by its number, or what comes behind it is not: numbers in filters are not as expected here. ${other}.`,
  ];
}

async function lineWarnings(context: Context): Promise<string[]> {
  const special = await readPage(context, 'items', {
    set: LINES,
    fields: ['CompanyCode', 'FiscalYear', 'AccountingDocument', 'AccountingDocumentItem'],
    filter: all(OF_CUSTOMERS, await companyFilter(context, 'items', LINES), "IsCleared eq false and SpecialGLCode ne ''"),
    top: 1,
  });
  const stamped = await readPage(context, 'items', {
    set: LINES,
    fields: ['ClearingCreationDate', 'LastChangeDate'],
    filter: all(OF_CUSTOMERS, any(['IsCleared eq true'])),
    top: 20,
  });
  const isStamped = stamped.rows.length === 0 || stamped.rows.some((row) => row['ClearingCreationDate'] !== null);
  return [
    ...(special.rows.length === 0
      ? []
      : [
          'There are open down payments or bills of exchange (special G/L): they are no receivables, and are in no balance that is compared.',
        ]),
    ...(isStamped ? [] : ['Cleared lines have no ClearingCreationDate here: clearings show with the next full read only.']),
  ];
}

function settingWarnings({ config }: Context): string[] {
  const { systemZone, salesAreas, rejectionReason, priceCondition } = config;
  return [
    ...(systemZone === undefined
      ? ['The time zone of the system is not set (systemZone): a day more is read each time, so that nothing is missed.']
      : []),
    ...(salesAreas.length === 0 ? ['No sales areas are set (salesAreas): neither customers nor orders can be made there.'] : []),
    ...(rejectionReason === undefined
      ? ['No reason is set for rejected items (rejectionReason): orders can not be cancelled there.']
      : []),
    ...(priceCondition === undefined
      ? ['No condition is set for prices (priceCondition): orders that are made there have the prices of SAP.']
      : []),
    `Payments are read and never posted: ${NO_PAYMENTS}`,
  ];
}
