/**
 * What a connection to a NetSuite account is set up with. Where accounts differ, or NetSuite does not say for certain how it behaves,
 * the way is named here; nothing of it is guessed.
 */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

const id = z.string().regex(/^-?\d{1,18}$/, 'must be the internal id that NetSuite has for it, such as "5"');
/** A column of SuiteQL or a field of the record service: goes into queries, so nothing else may be in it. */
const name = z.string().regex(/^[A-Za-z]\w{0,60}$/, 'must be the script id of a field, such as custbody_reference');
const METHODS = ['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER'] as const;
export type Method = (typeof METHODS)[number];

/** A way to tax a line: how the platform and how NetSuite say it. */
const tax = z.strictObject({
  category: z.string().min(1).max(2).describe('UNCL5305, such as S or Z.'),
  rate: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,6})?$/, 'must be a rate in percent such as "20" or "7.5"')
    .describe('In percent.'),
  code: id.describe('The internal id of the tax code on lines.'),
  subsidiary: id
    .optional()
    .describe('Whose documents have that code, as each country has its own; absent: of each that none is named for.'),
});
export type TaxSetting = z.output<typeof tax>;

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
};

export const settings = z.strictObject({
  account: z
    .string()
    .regex(/^[A-Za-z0-9]+([_-][A-Za-z0-9]+)?$/, 'must be the account id such as 1234567 or 1234567_SB1')
    .describe('The account id, as Setup > Company > Company Information shows it.'),
  baseUrl: z.url().optional().describe('Of the API; absent: the host that NetSuite gives the account.'),
  oneWorld: z.boolean().default(true).describe('The account has subsidiaries (OneWorld).'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as America/Los_Angeles')
    .optional()
    .describe("The integration user's time zone (Home > Set Preferences). Absent: measured with each read, by the clocks there."),
  concurrency: z
    .int()
    .min(1)
    .max(50)
    .default(4)
    .describe('Requests at once; NetSuite counts those of all integrations together.'),
  taxes: z.array(tax).max(100).default([]).describe('How lines are taxed: needed to write documents with tax.'),
  lineTaxColumn: name
    .optional()
    .describe('The column of transactionline with the tax code of a line, where the account has one.'),
  sendsTaxAmounts: z
    .boolean()
    .default(false)
    .describe("Lines are sent with the platform's tax on them (tax1Amt, legacy tax only); else NetSuite works it out."),
  taxId: z
    .strictObject({ column: name.describe('Of the table customer.'), field: name.describe('Of the record customer.') })
    .optional()
    .describe("Where a customer's tax id stands, such as vatregnumber and vatRegNumber; absent: it isn't carried."),
  bankAccountColumn: name.optional().describe('The column of customer with an IBAN or account number, such as custentity_iban.'),
  leads: z
    .enum(['IGNORE', 'CUSTOMER'])
    .default('IGNORE')
    .describe('Leads and prospects are no customers yet, unless this says so.'),
  freeTextItem: id.optional().describe('The item for lines that name no product.'),
  location: id.optional().describe('The location that goods leave from, where fulfilments need one.'),
  depositAccount: id.optional().describe('The account that payments go to; absent: undeposited funds.'),
  paymentMethods: z
    .partialRecord(z.enum(METHODS), id)
    .default({})
    .describe('The payment method of NetSuite for each way of paying; others are read as OTHER.'),
  referenceField: name
    .nullable()
    .default('checkNumber')
    .describe("The field of a payment for its reference; null: it isn't written."),
  sendsNumbers: z
    .boolean()
    .default(false)
    .describe("Documents get the platform's numbers (tranId), where the account's numbering allows that."),
  takesBack: z
    .enum(['REFUSE', 'DELETE'])
    .default('REFUSE')
    .describe('What is voided here is deleted there, or left for a person to void: the API has no way to void.'),
  accountingLineDates: z
    .boolean()
    .default(true)
    .describe('Changes are looked for by transactionaccountingline.lastmodifieddate, too: it moves when something is paid.'),
  deletedRecords: z
    .strictObject({ id: name.default('recordid'), date: name.default('deleteddate') })
    .nullable()
    .prefault({})
    .describe('The columns of the table deletedrecord; null: deletes are found by comparing ids only.'),
  overlapMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .default(65)
    .describe('How far an incremental read looks back; more than an hour covers the end of summer time.'),
});
export type Settings = z.output<typeof settings>;

const secret = z.string().min(1).max(500);

const isKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType !== undefined;
  } catch {
    return false;
  }
};

/** Either the certificate of OAuth 2.0, or the four values of token-based authentication, which NetSuite is giving up. */
export const credentials = z
  .strictObject({
    clientId: secret.optional().describe('OAuth 2.0: of the integration record.'),
    certificateId: secret.optional().describe('OAuth 2.0: of the client credentials mapping.'),
    privateKey: z
      .string()
      .max(10_000)
      .refine(isKey, 'must be a private key in PEM form')
      .optional()
      .describe('OAuth 2.0: PEM, the key of the certificate that was uploaded.'),
    consumerKey: secret.optional().describe('Token-based authentication.'),
    consumerSecret: secret.optional(),
    tokenId: secret.optional(),
    tokenSecret: secret.optional(),
    webhookSecret: secret.optional().describe('Of the optional bundle: proves what it posts.'),
  })
  .check(({ value, issues }) => {
    const oauth2 = [value.clientId, value.certificateId, value.privateKey];
    const tba = [value.consumerKey, value.consumerSecret, value.tokenId, value.tokenSecret];
    const isGiven = (list: readonly (string | undefined)[]) => list.every((one) => one !== undefined);
    const isAbsent = (list: readonly (string | undefined)[]) => list.every((one) => one === undefined);
    if ((isGiven(oauth2) && isAbsent(tba)) || (isAbsent(oauth2) && isGiven(tba))) return;
    const message =
      'Give clientId, certificateId and privateKey (OAuth 2.0), or consumerKey, consumerSecret, tokenId and tokenSecret, and nothing of the other.';
    issues.push({ code: 'custom', path: ['clientId'], message, input: undefined });
  });
export type Credentials = z.output<typeof credentials>;

/** Lower case with a hyphen, as hosts have it. @example baseUrlOf({ account: '1234567_SB1' }) // 'https://1234567-sb1.suitetalk.api.netsuite.com' */
export const baseUrlOf = ({ account, baseUrl }: Pick<Settings, 'account' | 'baseUrl'>): string =>
  baseUrl ?? `https://${account.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`;

/** Upper case with an underscore, as a realm has it. */
export const realmOf = ({ account }: Pick<Settings, 'account'>): string => account.toUpperCase().replaceAll('-', '_');
