/**
 * Customers on their way to SAP: a business partner with its roles, its customer, the account with a company and a sales area, in one request;
 * or an account more for a customer that SAP has already. Our reference stands on the account, where only we write it.
 */
import type { Canonical, JsonObject, Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { refusal, strange } from './faults.ts';
import { given, keyAt, neededKey, neededText, textAt } from './fields.ts';
import { joined } from './keyset.ts';
import { customerSource } from './customers.ts';
import { accountOf, carrying, creatable, inWords, needReference, salesAreaOf } from './pushing.ts';
import { entityIn, readEntity } from './query.ts';
import { toReference } from './reference.ts';
import { fromReference } from './reference.ts';
import { send } from './session.ts';
import type { Settings } from './settings.ts';
import { type Context, rootOf } from './system.ts';
import { accountId } from './companies.ts';

type Request = PushRequest<'Customer'>;
type Customer = Canonical<'Customer'>;

const COMPANIES = 'A_CustomerCompany';
const AREAS = 'A_CustomerSalesArea';
const NAME_MAX_CHARS = 40;
const NAMES_MAX_COUNT = 4;
const ORGANIZATION = '2';
const ROLES = ['FLCU00', 'FLCU01'];

export const pushCustomer: Push<Settings, 'Customer'> = {
  kind: 'Customer',
  stream: 'customers',
  commands: ['CREATE'],
  find: (context, request) => inWords(() => findAccount(context, request)),
  send: (context, request) => inWords(() => create(context, request)),
};

async function findAccount(context: Context, { ours }: Request): Promise<SourceRecord | null> {
  const { accountReference: field } = context.config;
  await needReference(context, { service: 'partner', set: COMPANIES, field, setting: 'accountReference' });
  const at = { service: 'partner', set: COMPANIES, field, keys: ['Customer', 'CompanyCode'] } as const;
  const [row] = await carrying(context, at, toReference(ours));
  return row === undefined ? null : recordOf(context, neededKey(row, 'Customer'), neededText(row, 'CompanyCode'));
}

async function recordOf(context: Context, customer: string, company: string): Promise<SourceRecord> {
  const [record] = await customerSource.load(context, [joined([customer, company])]);
  if (record) return record;
  throw strange(`Customer ${accountId(customer, company)} was made, and is not read by its number.`);
}

/** The company that the account is to be with. */
function companyOf(context: Context, { legalEntity }: Customer): string {
  const [only, ...more] = context.legalEntities;
  const company = legalEntity ?? (more.length === 0 ? only : undefined);
  if (company !== undefined) return company;
  throw refusal('The connection serves several companies, and the customer does not say which one the account is to be with.');
}

async function create(context: Context, request: Request): Promise<PushResult> {
  const found = await findAccount(context, request);
  if (found) return { record: found, isFound: true };
  const { document } = request;
  const company = companyOf(context, document);
  if (document.party !== undefined) return extend(context, request, { customer: document.party, company });
  const body = await partnerOf(context, request, company);
  const path = `${rootOf('partner')}/A_BusinessPartner`;
  const { body: answer } = await send(context, 'partner', { method: 'post', path, body });
  const made = entityIn(answer, 'A_BusinessPartner');
  const customer = keyAt(made, 'Customer') ?? (await customerOf(context, neededKey(made, 'BusinessPartner')));
  return { record: await recordOf(context, customer, company) };
}

/** SAP may give the customer a number of its own, and tell it with the next read only. */
async function customerOf(context: Context, partner: string): Promise<string> {
  const row = await readEntity(context, 'partner', {
    set: 'A_BusinessPartner',
    fields: ['Customer'],
    key: { BusinessPartner: partner },
  });
  const customer = row && keyAt(row, 'Customer');
  if (customer) return customer;
  throw strange(`Business partner ${partner} was made, and is no customer yet.`);
}

async function partnerOf(context: Context, request: Request, company: string): Promise<JsonObject> {
  const { document } = request;
  const area = salesAreaOf(context, company);
  const { taxId, country } = document;
  const taxType = country === undefined ? undefined : context.config.taxTypes[country];
  const names = namesOf(document.name);
  const row = {
    BusinessPartnerCategory: ORGANIZATION,
    ...Object.fromEntries(names.map((name, i) => [`OrganizationBPName${i + 1}`, name])),
    ...given({ BusinessPartnerGrouping: area.partnerGrouping }),
    CorrespondenceLanguage: context.config.language,
    to_BusinessPartnerRole: ROLES.map((role) => ({ BusinessPartnerRole: role })),
    to_BusinessPartnerAddress: [addressOf(document, { language: context.config.language, home: area.country })],
    ...(taxId === undefined || taxType === undefined
      ? {}
      : { to_BusinessPartnerTax: [{ BPTaxType: taxType, BPTaxNumber: taxId }] }),
    to_Customer: {
      to_CustomerCompany: [await accountRow(context, request, company)],
      to_CustomerSalesArea: [areaRow(context, document, company)],
    },
  };
  return creatable(context, { service: 'partner', set: 'A_BusinessPartner' }, row);
}

/** SAP holds a name in four parts of forty characters, and reads them with blanks between: it is cut at blanks. */
function namesOf(name: string): readonly string[] {
  const parts: string[] = [];
  for (const word of name.trim().split(/\s+/)) {
    const last = parts.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && longer.length <= NAME_MAX_CHARS) parts[parts.length - 1] = longer;
    else parts.push(word);
  }
  if (parts.length <= NAMES_MAX_COUNT && parts.every((part) => part.length <= NAME_MAX_CHARS)) return parts;
  throw refusal(`The name ${name} does not fit into four parts of ${NAME_MAX_CHARS} characters, which is all that SAP holds.`);
}

interface Defaults {
  readonly language: string;
  readonly home: string | undefined;
}

function addressOf({ address, country, region, email, phone, name }: Customer, { language, home }: Defaults): JsonObject {
  const where = address?.country ?? country ?? home;
  if (where === undefined)
    throw refusal(`${name} has no country, and SAP takes no address without one: give them one, or set that of the sales area.`);
  const [street, ...more] = address?.lines ?? [];
  return {
    Language: language,
    ...given({
      Country: where,
      Region: address?.region ?? region,
      PostalCode: address?.postalCode,
      CityName: address?.city,
      StreetName: street,
      StreetSuffixName: more.length === 0 ? undefined : more.join(', '),
      to_EmailAddress: email === undefined ? undefined : [{ EmailAddress: email, IsDefaultEmailAddress: true }],
      to_PhoneNumber: phone === undefined ? undefined : [{ PhoneNumber: phone, IsDefaultPhoneNumber: true }],
    }),
  };
}

function accountRow(context: Context, { document, ours }: Request, company: string): Promise<JsonObject> {
  const { parent, terms } = document;
  const row = {
    CompanyCode: company,
    [context.config.accountReference]: toReference(ours),
    ...given({
      ReconciliationAccount: salesAreaOf(context, company).reconciliationAccount,
      PaymentTerms: terms,
      CustomerHeadOffice: parent === undefined ? undefined : accountOf(parent).customer,
    }),
  };
  return creatable(context, { service: 'partner', set: COMPANIES }, row);
}

function areaRow(context: Context, { currency, terms }: Customer, company: string): JsonObject {
  const { salesOrganization, distributionChannel, division } = salesAreaOf(context, company);
  return {
    SalesOrganization: salesOrganization,
    DistributionChannel: distributionChannel,
    Division: division,
    ...given({ Currency: currency, CustomerPaymentTerms: terms }),
  };
}

/** Another account of a customer that is there: what is missing of it is added. */
async function extend(
  context: Context,
  request: Request,
  { customer, company }: { customer: string; company: string },
): Promise<PushResult> {
  const { accountReference } = context.config;
  const key = { Customer: customer, CompanyCode: company };
  const there = await readEntity(context, 'partner', {
    set: COMPANIES,
    fields: ['Customer', 'CompanyCode', accountReference],
    key,
  });
  const held = there === null ? undefined : fromReference(textAt(there, accountReference));
  if (held !== undefined && held !== request.ours)
    throw refusal(`Customer ${accountId(customer, company)} stands for ${held} here already.`);
  if (there === null) {
    const body = { Customer: customer, ...(await accountRow(context, request, company)) };
    await send(context, 'partner', { method: 'post', path: `${rootOf('partner')}/${COMPANIES}`, body });
  }
  const { salesOrganization, distributionChannel, division } = salesAreaOf(context, company);
  const areaKey = {
    Customer: customer,
    SalesOrganization: salesOrganization,
    DistributionChannel: distributionChannel,
    Division: division,
  };
  const area = await readEntity(context, 'partner', { set: AREAS, fields: ['Customer'], key: areaKey });
  if (area === null) {
    const body = { Customer: customer, ...areaRow(context, request.document, company) };
    await send(context, 'partner', { method: 'post', path: `${rootOf('partner')}/${AREAS}`, body });
  }
  return { record: await recordOf(context, customer, company), ...(there === null ? {} : { isFound: true }) };
}
