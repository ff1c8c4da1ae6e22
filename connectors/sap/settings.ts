/**
 * What a connection to an S/4HANA system is set up with. What differs between systems and is told nowhere (time zone, numbers in filters,
 * which document types are payments, where our reference stands) is named here; nothing of it is guessed.
 */
import { z } from 'zod';

const code = (max: number, what: string) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_]{1,${max}}$`), `must be SAP's key of ${what}, at most ${max} letters or digits`);
const field = z.string().regex(/^[A-Za-z]\w{2,60}$/, 'must be the name of a field as the metadata of SAP has it');
const percent = z.string().regex(/^\d{1,2}(\.\d{1,3})?$/, 'must be a percentage such as "2" or "2.5"');
const days = z.int().min(0).max(999);
const METHODS = ['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER'] as const;

const terms = z.strictObject({
  key: code(4, 'payment terms'),
  name: z.string().max(100).optional(),
  netDays: days,
  discountDays: days.optional(),
  discountPercent: percent.optional(),
});

const salesArea = z.strictObject({
  companyCode: code(4, 'the company'),
  salesOrganization: code(4, 'the sales organization'),
  distributionChannel: code(2, 'the distribution channel').default('10'),
  division: code(2, 'the division').default('00'),
  orderType: code(4, 'the order type').default('OR').describe('Of orders that are made there.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .optional()
    .describe('Of customers that are made there and name none: SAP takes no address without one.'),
  partnerGrouping: code(4, 'the grouping')
    .optional()
    .describe('Of business partners that are made there; absent: as SAP decides.'),
  reconciliationAccount: code(10, 'the account').optional().describe('Of customers that are made in the company.'),
});
export type SalesArea = z.output<typeof salesArea>;

const DEFAULT_UNITS = {
  PC: 'C62',
  EA: 'EA',
  KG: 'KGM',
  G: 'GRM',
  TO: 'TNE',
  L: 'LTR',
  M: 'MTR',
  M2: 'MTK',
  M3: 'MTQ',
  H: 'HUR',
  DAY: 'DAY',
};

export const settings = z.strictObject({
  baseUrl: z.url().describe('Of the API: https://my123456-api.s4hana.cloud.sap (with -api), or https://host:port on premise.'),
  client: z
    .string()
    .regex(/^\d{3}$/, 'must be three digits')
    .optional()
    .describe('sap-client; absent: the default client of the system.'),
  language: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .default('EN')
    .describe('Of names and error texts.'),
  tokenUrl: z.url().optional().describe('OAuth 2.0: where tokens are fetched; absent: /sap/bc/sec/oauth2/token of the system.'),
  scope: z.string().max(2_000).optional().describe('OAuth 2.0: the scopes, parted by blanks.'),
  systemZone: z
    .string()
    .refine(isZone, 'must be a time zone such as Europe/Berlin')
    .optional()
    .describe('Of dates without a zone; absent: not known, so a day more is read each time.'),
  overlapMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .default(10)
    .describe('How far an incremental read looks back behind the begin of the last one.'),
  padsNumbers: z
    .boolean()
    .default(false)
    .describe('Numbers in filters are filled with zeros: only where the check of the connection says so.'),
  usesBatch: z.boolean().default(true).describe('Many reads go in one $batch; off where a gateway lets none through.'),
  concurrentMaxCount: z.int().min(1).max(8).default(3).describe('Requests at a time.'),
  requestsPerMinuteMaxCount: z.int().min(10).max(6_000).default(600),
  rereadsOpenOrders: z
    .boolean()
    .default(true)
    .describe('Each run reads orders that are under way again: their statuses change without a stamp.'),
  paymentTypes: z
    .array(code(2, 'a document type'))
    .max(20)
    .default(['DZ', 'AB'])
    .describe('Accounting documents whose credits to a customer are payments, or clear without money.'),
  billingTypes: z
    .array(code(2, 'a document type'))
    .max(20)
    .default(['RV'])
    .describe('Accounting documents that come from billing: they are never taken a second time as accounting invoices.'),
  discountAccounts: z
    .array(code(10, 'the G/L account'))
    .max(50)
    .default([])
    .describe('G/L accounts of cash discount and of the tax in it; none: what the line of the payment says counts.'),
  paymentMethods: z
    .record(z.string().length(1), z.enum(METHODS))
    .default({})
    .describe('How each payment method key of SAP pays; others are OTHER.'),
  terms: z
    .array(terms)
    .max(200)
    .default([])
    .describe('Payment terms that no accounting line tells the days of, or tells otherwise.'),
  units: z.record(z.string().max(3), z.string().max(3)).default(DEFAULT_UNITS).describe("UN/ECE code of each of SAP's units."),
  salesAreas: z
    .array(salesArea)
    .max(100)
    .default([])
    .describe('Where customers and orders are made in each company, and which company a sales organization belongs to.'),
  orderReference: field
    .default('PurchaseOrderByShipToParty')
    .describe(
      "The order's field that holds our reference, at least 30 characters, searchable, and used by nobody else: best a YY1_ field.",
    ),
  deliveryReference: field.default('DeliveryDocumentBySupplier').describe('The same of deliveries, where they are made there.'),
  accountReference: field.default('CustomerAccountNote').describe('The same of A_CustomerCompany.'),
  priceCondition: code(4, 'the condition type')
    .optional()
    .describe('For prices that an order brings; absent: SAP prices by itself.'),
  rejectionReason: code(2, 'the reason')
    .optional()
    .describe('Why items of a cancelled order are rejected; without it no order can be cancelled there.'),
  taxTypes: z
    .record(z.string().length(2), code(4, 'the tax number category'))
    .default({})
    .describe('Category of the tax number of customers that are made there, by their country, such as DE0 for DE.'),
  creditSegment: code(10, 'the credit segment')
    .optional()
    .describe('Whose limit counts; absent: the only one that a partner has.'),
  postsDeliveries: z.boolean().default(false).describe('What is shipped here becomes a delivery with goods issue there.'),
});
export type Settings = z.output<typeof settings>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

/** A communication user with its password, or an OAuth 2.0 client. */
export const credentials = z
  .strictObject({
    user: z.string().min(1).max(200).optional(),
    password: z.string().min(1).max(500).optional(),
    clientId: z.string().min(1).max(500).optional(),
    clientSecret: z.string().min(1).max(1_000).optional(),
    webhookSecret: z
      .string()
      .min(16)
      .max(500)
      .optional()
      .describe('What the event broker sends as a bearer token: proves events.'),
  })
  .check(({ value, issues }) => {
    const { user, password, clientId, clientSecret } = value;
    if ((user !== undefined && password !== undefined) || (clientId !== undefined && clientSecret !== undefined)) return;
    const message = 'Give user and password, or clientId and clientSecret.';
    issues.push({ code: 'custom', path: ['user'], message, input: undefined });
  });
export type Credentials = z.output<typeof credentials>;
