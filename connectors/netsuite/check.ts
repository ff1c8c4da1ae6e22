/** A first look at an account: its subsidiaries, what the role may see, what its clocks say, and what will not work. */
import { type Checked, ExternalError, type JsonObject } from '../../src/connect/index.ts';
import { hiddenSentence } from './companies.ts';
import { isTrue, neededText, textAt } from './fields.ts';
import { countryCode } from './mapping-customer.ts';
import { readRecord } from './record-service.ts';
import { type Context, query, timeColumn } from './suiteql.ts';
import { offsetAt, offsetThere } from './zone.ts';

export async function check(context: Context): Promise<Checked> {
  const { config } = context;
  // without queries nothing can be read: that is a failure, whoever asks
  const currencies = await query(context, 'SELECT c.id, c.symbol, c.isbasecurrency FROM currency c FETCH FIRST 200 ROWS ONLY');
  const symbols = new Map(currencies.map((row) => [textAt(row, 'id'), textAt(row, 'symbol')]));
  const companies = config.oneWorld ? await subsidiaries(context, symbols) : [];
  const base = currencies.find((row) => isTrue(row, 'isbasecurrency'));
  const functionalCurrency = companies[0]?.functionalCurrency ?? (base && textAt(base, 'symbol'));
  const warnings = [
    ...(config.oneWorld && companies.length === 0
      ? ['The role sees no subsidiary: give it one, or set oneWorld to false for an account without subsidiaries.']
      : []),
    ...unseen(context, companies),
    ...(await probes(context)),
    ...(await zoneWarnings(context)),
    ...settingWarnings(context),
  ];
  return {
    company: companies[0]?.name ?? `NetSuite ${config.account}`,
    ...(functionalCurrency === undefined ? {} : { functionalCurrency }),
    ...(companies[0]?.country === undefined ? {} : { country: companies[0].country }),
    ...(config.oneWorld ? { legalEntities: companies } : {}),
    warnings,
  };
}

type Company = NonNullable<Checked['legalEntities']>[number];

async function subsidiaries(context: Context, symbols: ReadonlyMap<string | undefined, string | undefined>): Promise<Company[]> {
  const rows = await query(
    context,
    `SELECT s.id, s.name, s.currency, s.country, s.iselimination, s.isinactive FROM subsidiary s ORDER BY s.id FETCH FIRST 1000 ROWS ONLY`,
  );
  const own = rows.filter((row) => !isTrue(row, 'iselimination') && !isTrue(row, 'isinactive'));
  return own.map((row) => companyOf(row, symbols.get(textAt(row, 'currency'))));
}

function companyOf(row: JsonObject, currency: string | undefined): Company {
  const country = countryCode(textAt(row, 'country'));
  return {
    externalId: neededText(row, 'id'),
    name: textAt(row, 'name') ?? `Subsidiary ${neededText(row, 'id')}`,
    ...(currency === undefined ? {} : { functionalCurrency: currency }),
    ...(country === undefined ? {} : { country }),
  };
}

/** What a role may not see is missing from every query without a word. */
function unseen({ config, legalEntities }: Context, companies: readonly Company[]): string[] {
  const seen = new Set(companies.map(({ externalId }) => externalId));
  const missing = config.oneWorld ? legalEntities.filter((id) => !seen.has(id)) : [];
  return missing.map(hiddenSentence);
}

interface Probe {
  readonly statement: string;
  readonly warning: string;
}

/** Each asks for what some part of reading needs. */
function probesOf({ config }: Context): readonly Probe[] {
  const { deletedRecords, lineTaxColumn, taxId, bankAccountColumn, accountingLineDates, oneWorld } = config;
  const one = (statement: string, warning: string): Probe => ({ statement: `${statement} FETCH FIRST 1 ROWS ONLY`, warning });
  return [
    one(
      'SELECT t.id FROM transaction t',
      'The role may not query transactions: give it "Find Transaction" and "SuiteAnalytics Workbook".',
    ),
    one(
      'SELECT l.uniquekey, l.linelastmodifieddate, l.foreignpaymentamountunused, l.paymentmethod, l.expectedshipdate FROM transactionline l',
      'The lines of transactions can not be read whole: see the list of columns in the README of the connector.',
    ),
    one(
      'SELECT k.previousdoc, k.foreignamount FROM previoustransactionlinelink k',
      'Links between transactions can not be read: payments come without what they are set against.',
    ),
    one(
      'SELECT c.id, c.searchstage, c.defaultbillingaddress FROM customer c',
      'The role may not query customers: give it "Customers" (view).',
    ),
    one('SELECT a.nkey, a.country FROM entityaddress a', 'The addresses of customers can not be read.'),
    one('SELECT x.id FROM item x', 'The role may not query items: give it "Items" (view).'),
    one('SELECT x.id FROM term x', 'The role may not query payment terms: give it "Accounting Lists" (view).'),
    ...(oneWorld
      ? [
          one(
            'SELECT r.id FROM customersubsidiaryrelationship r',
            'It is not told which customers have business with which subsidiary: set oneWorld to false for an account without subsidiaries.',
          ),
        ]
      : []),
    ...(accountingLineDates
      ? [
          one(
            'SELECT g.lastmodifieddate FROM transactionaccountingline g',
            'The account has no times on accounting lines: set accountingLineDates to false.',
          ),
        ]
      : []),
    ...(deletedRecords === null
      ? []
      : [
          one(
            `SELECT d.${deletedRecords.id}, d.${deletedRecords.date} FROM deletedrecord d`,
            'Deletes are not told: give the role "Deleted Records" (view), or name the columns in deletedRecords. Until then they are found when ids are compared.',
          ),
        ]),
    ...(lineTaxColumn === undefined
      ? []
      : [
          one(
            `SELECT l.${lineTaxColumn} FROM transactionline l`,
            `There is no column ${lineTaxColumn} (lineTaxColumn) in transactionline.`,
          ),
        ]),
    ...[taxId?.column, bankAccountColumn].flatMap((name) =>
      name === undefined
        ? []
        : [one(`SELECT c.${name} FROM customer c`, `There is no column ${name} in customer, or the role may not see it.`)],
    ),
  ];
}

async function probes(context: Context): Promise<string[]> {
  const warnings: string[] = [];
  for (const { statement, warning } of probesOf(context)) {
    const words = await refusedWith(context, statement);
    if (words !== null) warnings.push(`${warning} (NetSuite: ${words})`);
  }
  return warnings;
}

async function refusedWith(context: Context, statement: string): Promise<string | null> {
  try {
    await query(context, statement);
    return null;
  } catch (error) {
    if (error instanceof ExternalError && error.kind === 'REJECTED') return error.words;
    throw error;
  }
}

const HOUR_MS = 3_600_000;

/** How times that were told to others would be wrong; cursors are right in any zone. */
async function zoneWarnings(context: Context): Promise<string[]> {
  const { timeZone } = context.config;
  const ofColumns = await offsetOfColumns(context);
  if (ofColumns === null) return [];
  const used = timeZone === undefined ? await offsetThere(context) : offsetAt(timeZone, ofColumns.atMs);
  const [is, should] = [used, ofColumns.offsetMs].map((ms) => `${ms / HOUR_MS} h`);
  // a day of a change of clocks may lie between what was measured and now
  if (Math.abs(used - ofColumns.offsetMs) <= (timeZone === undefined ? HOUR_MS : 0)) return [];
  return [
    `Times of changes are taken to be ${is} from UTC (${timeZone ?? 'by the clock of SuiteQL'}), and are ${should}: set timeZone to that of the integration user.`,
  ];
}

/** The zone in which columns are written, by a record that tells its last change in UTC, too. */
async function offsetOfColumns(context: Context): Promise<{ readonly offsetMs: number; readonly atMs: number } | null> {
  const [row] = await query(
    context,
    `SELECT c.id, ${timeColumn('c.lastmodifieddate', 'changed')} FROM customer c ORDER BY c.lastmodifieddate DESC FETCH FIRST 1 ROWS ONLY`,
  );
  const id = row && textAt(row, 'id');
  if (row === undefined || id === undefined) return null;
  const record = await readRecord(context, 'customer', { id }).catch((error: unknown) => {
    if (error instanceof ExternalError && error.kind === 'REJECTED') return null;
    throw error;
  });
  const atMs = Date.parse((record && textAt(record, 'lastModifiedDate')) ?? '');
  const offsetMs = Date.parse(`${textAt(row, 'changed') ?? ''}Z`) - atMs;
  return Number.isNaN(offsetMs) ? null : { offsetMs: Math.round(offsetMs / MINUTE_MS) * MINUTE_MS, atMs };
}

const MINUTE_MS = 60_000;

function settingWarnings({ config }: Context): string[] {
  return [
    ...(config.taxes.length > 0 ? [] : ['No tax codes are set (taxes): documents with tax can be read, but not written.']),
    ...(config.freeTextItem === undefined
      ? ['No item for free text is set (freeTextItem): documents with lines that name no product can not be written.']
      : []),
    ...(config.takesBack === 'DELETE' ? [] : ['What is voided here has to be voided in NetSuite by a person (takesBack).']),
  ];
}
