/**
 * Whose books are read: the company codes that the connection serves, and the sales organizations that belong to them. No service tells which
 * company a sales organization belongs to, so the settings do, or the invoices that it has billed, or a company of the same key.
 */
import { textAt } from './fields.ts';
import { amongOf, distinctOf } from './keyset.ts';
import { literalOf, readPage } from './query.ts';
import { type Context, isOpen, once, type ServiceName } from './system.ts';

/** As documents name them. Empty: all. */
const servedCompanies = ({ legalEntities }: Context): readonly string[] => legalEntities;

export const isServed = (context: Context, company: string | undefined): boolean =>
  company !== undefined && (context.legalEntities.length === 0 || context.legalEntities.includes(company));

/** Of rows that name their company. */
export const companyFilter = (context: Context, service: ServiceName, set: string): Promise<string> =>
  amongOf(context, { service, set, field: 'CompanyCode', values: servedCompanies(context) });

/** Sales organization → company code, as far as it is known; of those that have customers. */
export const salesOrganizations = (context: Context): Promise<ReadonlyMap<string, string>> =>
  once(context, 'sales organizations', async () => {
    const found = await distinctOf(context, { service: 'partner', set: 'A_CustomerSalesArea', field: 'SalesOrganization' });
    const companies = new Map<string, string>();
    for (const organization of new Set([...found, ...context.config.salesAreas.map((one) => one.salesOrganization)])) {
      const company = await companyOf(context, organization);
      if (company !== undefined) companies.set(organization, company);
    }
    return companies;
  });

async function companyOf(context: Context, organization: string): Promise<string | undefined> {
  const { salesAreas } = context.config;
  const set = salesAreas.find((one) => one.salesOrganization === organization);
  if (set) return set.companyCode;
  if (await isOpen(context, 'billing')) {
    const at = { set: 'A_BillingDocument', field: 'SalesOrganization', value: organization };
    const filter = `SalesOrganization eq ${await literalOf(context, 'billing', at)} and CompanyCode ne ''`;
    const { rows } = await readPage(context, 'billing', { set: 'A_BillingDocument', fields: ['CompanyCode'], filter, top: 1 });
    const billed = rows[0] && textAt(rows[0], 'CompanyCode');
    if (billed !== undefined) return billed;
  }
  return (await companyCodes(context)).includes(organization) ? organization : undefined;
}

/** Those that customers have accounts with. */
export const companyCodes = (context: Context): Promise<readonly string[]> =>
  once(context, 'company codes', () =>
    distinctOf(context, { service: 'partner', set: 'A_CustomerCompany', field: 'CompanyCode' }),
  );

/** Sales organizations of the companies that are served; none: nothing may be read. */
export async function servedOrganizations(context: Context): Promise<readonly string[]> {
  const all = await salesOrganizations(context);
  return [...all].flatMap(([organization, company]) => (isServed(context, company) ? [organization] : []));
}

/** The customer's account with a company: how documents name it. @example accountId('17100001', '1710') // '17100001/1710' */
export const accountId = (customer: string, company: string): string => `${customer}/${company}`;

/** Null for what is no such id. */
export function accountIn(id: string): { readonly customer: string; readonly company: string } | null {
  const [customer = '', company = '', ...more] = id.split('/');
  return customer === '' || company === '' || more.length > 0 ? null : { customer, company };
}
