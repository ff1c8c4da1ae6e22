/**
 * What a connection to a QuickBooks company is set up with. What differs between companies (its tax codes, payment methods, custom
 * fields) is named here by QuickBooks' own ids; nothing of it is guessed.
 */
import { z } from 'zod';

const id = z.string().regex(/^[\w-]{1,50}$/, 'must be the id that QuickBooks has for it, such as "2"');
const METHODS = ['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER'] as const;
export type Method = (typeof METHODS)[number];

/** A way to tax a line: how the platform and how QuickBooks say it. */
const tax = z.strictObject({
  category: z.string().min(1).max(2).describe('UNCL5305, such as S or Z.'),
  rate: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,6})?$/, 'must be a rate in percent such as "8" or "7.1"')
    .describe('In percent.'),
  lineCode: id.describe('The tax code on lines: TAX or NON in the United States, an id elsewhere.'),
  documentCode: id.optional().describe('The tax code of the whole document, as companies in the United States need it.'),
});
export type TaxSetting = z.output<typeof tax>;

export const settings = z.strictObject({
  realmId: z
    .string()
    .regex(/^\d{1,30}$/, 'must be the company id, all digits, that came back with the consent')
    .describe('The company (realm) id.'),
  baseUrl: z.url().default('https://quickbooks.api.intuit.com').describe('Of the API; the sandbox has another.'),
  tokenUrl: z.url().default('https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer').describe('Where tokens are renewed.'),
  minorVersion: z.int().min(1).max(999).nullable().default(75).describe('Of the API; null: none is sent.'),
  taxes: z.array(tax).max(50).default([]).describe('How lines are taxed: needed to write documents with tax.'),
  untaxedCode: id.nullable().default('NON').describe('The tax code of lines without tax; null: none is sent.'),
  freeTextItem: id.optional().describe('The item for lines that name no product.'),
  cashSaleCustomer: id.optional().describe('Who buys where a sales receipt or a refund names no customer.'),
  paymentMethods: z
    .partialRecord(z.enum(METHODS), id)
    .default({})
    .describe('The payment method of QuickBooks for each way of paying; others are read as OTHER.'),
  depositTo: id.optional().describe('The account that payments go to; absent: undeposited funds.'),
  sendsNumbers: z.boolean().default(true).describe("Documents get the platform's numbers there, where it gave them one."),
  pendingEstimates: z
    .enum(['IGNORE', 'ORDER'])
    .default('IGNORE')
    .describe('An estimate that nobody has accepted yet is no order, unless the platform made it or this says ORDER.'),
  customFields: z
    .strictObject({ customerReference: id.optional() })
    .default({})
    .describe('DefinitionIds of custom fields of sales forms; without one the reference is kept in the private note.'),
  taxIdField: z
    .enum(['PrimaryTaxIdentifier', 'BusinessNumber', 'GSTIN', 'ResaleNum'])
    .optional()
    .describe("The field of a customer that holds the tax id; absent: it isn't carried."),
  overlapMinutes: z.int().min(0).max(1_440).default(5).describe('How far an incremental read looks back behind the last change.'),
});
export type Settings = z.output<typeof settings>;

/** To begin with either a refresh token, or the code of a consent and the address it was asked with. */
export const credentials = z
  .strictObject({
    clientId: z.string().min(1).max(200),
    clientSecret: z.string().min(1).max(200),
    refreshToken: z.string().min(1).max(2_000).optional(),
    authorizationCode: z.string().min(1).max(2_000).optional(),
    redirectUri: z.url().optional(),
    webhookVerifier: z.string().min(1).max(500).optional().describe('The verifier token of the app: proves webhooks.'),
  })
  .check(({ value, issues }) => {
    const { refreshToken, authorizationCode, redirectUri } = value;
    const hasCode = authorizationCode !== undefined && redirectUri !== undefined;
    if (refreshToken !== undefined || hasCode) return;
    const message = 'Give refreshToken, or authorizationCode together with redirectUri.';
    issues.push({ code: 'custom', path: ['refreshToken'], message, input: undefined });
  });
export type Credentials = z.output<typeof credentials>;
