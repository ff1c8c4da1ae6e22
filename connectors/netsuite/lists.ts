/** Terms, items and customers by queries: one row is one record, a customer has one for each subsidiary that is served. */
import type { JsonObject, SourceRecord } from '../../src/connect/index.ts';
import { neededText, textAt } from './fields.ts';
import type { Page, PageAsked, Source } from './reading.ts';
import { type Context, idList, inChunks, isId, query, ROWS_MAX_COUNT, timeColumn, timeLiteral } from './suiteql.ts';
import { type ToUtc, toUtcOf } from './zone.ts';

interface Listed {
  readonly table: string;
  readonly columns: (context: Context) => readonly string[];
  readonly from: (context: Context) => string;
  readonly where?: (context: Context) => readonly string[];
  /** By which pages go on, a whole number, and its name in a row. */
  readonly key: (context: Context) => readonly [column: string, name: string];
  /** Of the last change; null: it has none, and every read has all of them. */
  readonly changed: string | null;
  readonly externalId: (row: JsonObject) => string;
  readonly internalId: (externalId: string) => string | null;
  readonly externalIds?: NonNullable<Source['externalIds']>;
}

export interface ListSource extends Source {
  count(context: Context): Promise<number>;
}

function listSource(list: Listed): ListSource {
  const { table, changed, internalId, externalIds } = list;
  const select = (context: Context, where: readonly string[], max: number) => {
    const [key] = list.key(context);
    const all = [...(list.where?.(context) ?? []), ...where];
    return `SELECT ${list.columns(context).join(', ')} FROM ${list.from(context)} WHERE ${all.join(' AND ')} ORDER BY ${key} FETCH FIRST ${max} ROWS ONLY`;
  };
  const records = async (context: Context, rows: readonly JsonObject[]) => {
    const toUtc = rows.length === 0 ? () => null : await toUtcOf(context);
    return rows.map((row) => recordOf(row, list.externalId(row), toUtc));
  };
  return {
    table,
    internalId,
    ...(externalIds ? { externalIds } : {}),
    async page(context, { after, since, max }: PageAsked): Promise<Page> {
      const [key, name] = list.key(context);
      const where = [
        after === null ? '1 = 1' : `${key} > ${after}`,
        ...(since === null || changed === null ? [] : [`${changed} >= ${timeLiteral(since)}`]),
      ];
      const rows = await query(context, select(context, where, max));
      const last = rows.at(-1);
      return {
        records: await records(context, rows),
        last: last === undefined ? null : neededText(last, name),
        isLast: rows.length < max,
      };
    },
    async get(context, ids) {
      const wanted = new Set(ids);
      const found: SourceRecord[] = [];
      // a customer has as many rows as companies
      for (const some of inChunks([...new Set(ids.flatMap((id) => internalId(id) ?? []))], GET_MAX_COUNT)) {
        const where = [`${table === 'customer' ? 'c' : 'x'}.id IN (${idList(some)})`];
        found.push(...(await records(context, await query(context, select(context, where, ROWS_MAX_COUNT)))));
      }
      return found.filter(({ externalId }) => wanted.has(externalId));
    },
    async newest(context) {
      if (changed === null) return null;
      const [row = {}] = await query(context, `SELECT ${timeColumn(`MAX(x.lastmodifieddate)`, 'newest')} FROM ${table} x`);
      return textAt(row, 'newest') ?? null;
    },
    async count(context) {
      const where = list.where?.(context) ?? [];
      const condition = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
      const [row = {}] = await query(context, `SELECT COUNT(*) AS n FROM ${list.from(context)}${condition}`);
      return Number(neededText(row, 'n'));
    },
  };
}

const GET_MAX_COUNT = 50;

function recordOf(row: JsonObject, externalId: string, toUtc: ToUtc): SourceRecord {
  const version = textAt(row, 'lastmodifieddate') ?? null;
  return { externalId, version, updatedAt: toUtc(version ?? undefined), raw: row };
}

const plainId = { externalId: (row: JsonObject) => neededText(row, 'id'), internalId: (id: string) => (isId(id) ? id : null) };

export const termSource = listSource({
  ...plainId,
  table: 'term',
  columns: () => ['x.id', 'x.name', 'x.daysuntilnetdue', 'x.discountpercent', 'x.daysuntilexpiry', 'x.isinactive'],
  from: () => 'term x',
  key: () => ['x.id', 'id'],
  // the table has no time of change: there are few of them
  changed: null,
});

export const itemSource = listSource({
  ...plainId,
  table: 'item',
  columns: () => [
    ...['id', 'itemid', 'fullname', 'displayname', 'description', 'itemtype', 'isinactive'].map((name) => `x.${name}`),
    timeColumn('x.lastmodifieddate', 'lastmodifieddate'),
  ],
  from: () => 'item x',
  key: () => ['x.id', 'id'],
  changed: 'x.lastmodifieddate',
});

const CUSTOMER_COLUMNS = [
  'c.id',
  'c.entityid',
  'c.companyname',
  'c.firstname',
  'c.lastname',
  'c.altname',
  'c.isperson',
  'c.isinactive',
  'c.email',
  'c.phone',
  'c.parent',
  'c.terms',
  'c.creditlimit',
  'c.creditholdoverride',
  'c.searchstage',
  'c.externalid',
  'cur.symbol AS currency',
  'a.addr1',
  'a.addr2',
  'a.addr3',
  'a.city',
  'a.state',
  'a.zip',
  'a.country',
  timeColumn('c.datecreated', 'datecreated'),
  timeColumn('c.lastmodifieddate', 'lastmodifieddate'),
];
const CUSTOMER_FROM =
  'customer c LEFT JOIN currency cur ON cur.id = c.currency LEFT JOIN entityaddress a ON a.nkey = c.defaultbillingaddress';

/** `107/2`: customer and subsidiary; the customer alone where the account has no subsidiaries. */
export const accountId = (customer: string, subsidiary: string | undefined): string =>
  subsidiary === undefined ? customer : `${customer}/${subsidiary}`;

const ACCOUNT = /^(-?\d{1,18})(?:\/(\d{1,18}))?$/;

/** @example partsOf('107/2') // { customer: '107', subsidiary: '2' } */
export function partsOf(id: string): { readonly customer: string; readonly subsidiary: string | undefined } | null {
  const [, customer, subsidiary] = ACCOUNT.exec(id) ?? [];
  return customer === undefined ? null : { customer, subsidiary };
}

export const customerSource = listSource({
  table: 'customer',
  columns: ({ config: { oneWorld, taxId, bankAccountColumn } }) => [
    ...CUSTOMER_COLUMNS,
    ...(oneWorld ? ['r.id AS relationship', 'r.subsidiary'] : []),
    ...(taxId ? [`c.${taxId.column} AS taxid`] : []),
    ...(bankAccountColumn === undefined ? [] : [`c.${bankAccountColumn} AS bankaccount`]),
  ],
  from: ({ config }) =>
    config.oneWorld
      ? CUSTOMER_FROM.replace('customer c', 'customersubsidiaryrelationship r JOIN customer c ON c.id = r.entity')
      : CUSTOMER_FROM,
  where: ({ config, legalEntities }) =>
    config.oneWorld && legalEntities.length > 0 ? [`r.subsidiary IN (${idList(legalEntities)})`] : [],
  key: ({ config }) => (config.oneWorld ? ['r.id', 'relationship'] : ['c.id', 'id']),
  changed: 'c.lastmodifieddate',
  externalId: (row) => accountId(neededText(row, 'id'), textAt(row, 'subsidiary')),
  internalId: (id) => partsOf(id)?.customer ?? null,
  async externalIds(context, id) {
    const { config, legalEntities } = context;
    if (!config.oneWorld) return [id];
    return (legalEntities.length > 0 ? legalEntities : await subsidiaryIds(context)).map((one) => accountId(id, one));
  },
});

async function subsidiaryIds(context: Context): Promise<readonly string[]> {
  const rows = await query(context, `SELECT x.id FROM subsidiary x ORDER BY x.id FETCH FIRST ${ROWS_MAX_COUNT} ROWS ONLY`);
  return rows.map((row) => neededText(row, 'id'));
}
