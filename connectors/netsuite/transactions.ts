/**
 * Transactions by queries: a page of headers, then their lines and links, put together into one record each. A change of a line or of what
 * is set against a document does not always move the header's time, so changes are looked for by all of them.
 */
import type { JsonObject, Period, SourceRecord } from '../../src/connect/index.ts';
import { withDiscounts } from './discounts.ts';
import { neededText, textAt } from './fields.ts';
import { fieldsOfLinks, linksOf } from './links.ts';
import type { Page, PageAsked, Source } from './reading.ts';
import {
  type Context,
  dayColumn,
  dayLiteral,
  idList,
  inChunks,
  isId,
  literal,
  query,
  queryAll,
  ROWS_MAX_COUNT,
  timeColumn,
  timeLiteral,
} from './suiteql.ts';
import { toUtcOf } from './zone.ts';

export interface Transactions {
  /** Their codes, such as CustInvc. */
  readonly types: readonly string[];
  /** A payment's lines are the ledger's business. */
  readonly hasLines: boolean;
  /** Which links between documents are part of them. */
  readonly links: 'ORDERS' | 'PAYMENTS' | 'NONE';
  /** In SQL: only these are records at all. */
  readonly only?: string;
}

export interface TransactionSource extends Source {
  count(context: Context, period: Period | null): Promise<number>;
}

const HEADER_COLUMNS = [
  't.id',
  't.tranid',
  't.type',
  't.status',
  dayColumn('t.trandate', 'trandate'),
  dayColumn('t.duedate', 'duedate'),
  't.entity',
  'cur.symbol AS currency',
  't.exchangerate',
  't.foreigntotal',
  't.foreignamountunpaid',
  't.voided',
  't.memo',
  't.otherrefnum',
  't.terms',
  't.externalid',
  timeColumn('t.createddate', 'createddate'),
  timeColumn('t.lastmodifieddate', 'lastmodifieddate'),
  'm.foreignamount AS mainamount',
  'm.foreignpaymentamountunused AS unused',
  'm.paymentmethod',
  'm.createdfrom',
  'cf.type AS createdfromtype',
];
export const HEADERS_FROM =
  "transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T' LEFT JOIN currency cur ON cur.id = t.currency";
const FROM = `${HEADERS_FROM} LEFT JOIN transaction cf ON cf.id = m.createdfrom`;

const LINE_COLUMNS = [
  'l.uniquekey',
  'l.transaction',
  'l.id',
  'l.linesequencenumber',
  'l.taxline',
  'l.item',
  'l.itemtype',
  'l.kitcomponent',
  'l.memo',
  'l.quantity',
  'l.rate',
  'l.foreignamount',
  'l.quantitybilled',
  'l.quantityshiprecv',
  'l.isclosed',
  'l.fulfillable',
  dayColumn('l.expectedshipdate', 'expectedshipdate'),
  'i.itemid',
];

/** Of the companies that are served. */
export const companyWhere = ({ config, legalEntities }: Context): readonly string[] =>
  config.oneWorld && legalEntities.length > 0 ? [`m.subsidiary IN (${idList(legalEntities)})`] : [];

const typeWhere = (types: readonly string[]): string => `t.type IN (${types.map(literal).join(', ')})`;

export function transactionSource(kind: Transactions): TransactionSource {
  const where = (context: Context) => [typeWhere(kind.types), ...companyWhere(context)];
  const only = kind.only === undefined ? [] : [kind.only];
  return {
    table: 'transaction',
    internalId: (id) => (isId(id) ? id : null),
    async page(context, { after, since, max }: PageAsked): Promise<Page> {
      const conditions = [
        ...where(context),
        ...(after === null ? [] : [`t.id > ${after}`]),
        ...(since === null ? [] : [changedSince(context, kind, since)]),
      ];
      const rows = await query(context, headers(context, conditions, max));
      const last = rows.at(-1);
      const records = await recordsOf(context, kind, rows);
      return {
        // what ceased to be one is told as a change only
        records: since === null ? records.filter(({ isDeleted }) => isDeleted !== true) : records,
        last: last === undefined ? null : neededText(last, 'id'),
        isLast: rows.length < max,
      };
    },
    async get(context, ids) {
      const found: SourceRecord[] = [];
      for (const some of inChunks(ids, PART_MAX_COUNT)) {
        const rows = await query(context, headers(context, [...where(context), `t.id IN (${idList(some)})`], PART_MAX_COUNT));
        found.push(...(await recordsOf(context, kind, rows)));
      }
      return found;
    },
    // of all transactions: the newest is found by an index, and is never older than that of some of them
    async newest(context) {
      const [row = {}] = await query(context, `SELECT ${timeColumn('MAX(x.lastmodifieddate)', 'newest')} FROM transaction x`);
      return textAt(row, 'newest') ?? null;
    },
    async count(context, period) {
      const days = period ? [`t.trandate >= ${dayLiteral(period.from)}`, `t.trandate <= ${dayLiteral(period.to)}`] : [];
      const conditions = [...where(context), ...only, ...days].join(' AND ');
      const [row = {}] = await query(context, `SELECT COUNT(*) AS n FROM ${HEADERS_FROM} WHERE ${conditions}`);
      return Number(neededText(row, 'n'));
    },
  };
}

/** As many documents' lines are asked for at once. */
const PART_MAX_COUNT = 200;

function headers({ config }: Context, where: readonly string[], max: number): string {
  const columns = [...HEADER_COLUMNS, ...(config.oneWorld ? ['m.subsidiary'] : [])];
  return `SELECT ${columns.join(', ')} FROM ${FROM} WHERE ${where.join(' AND ')} ORDER BY t.id FETCH FIRST ${max} ROWS ONLY`;
}

/** By the header, a line, an accounting line, or a deposit's application. */
function changedSince({ config }: Context, { types }: Transactions, since: string): string {
  const time = timeLiteral(since);
  const ways = [
    `t.lastmodifieddate >= ${time}`,
    `t.id IN (SELECT l.transaction FROM transactionline l WHERE l.linelastmodifieddate >= ${time})`,
    ...(config.accountingLineDates
      ? [`t.id IN (SELECT g.transaction FROM transactionaccountingline g WHERE g.lastmodifieddate >= ${time})`]
      : []),
    ...(types.includes('CustDep')
      ? [
          `t.id IN (SELECT k.previousdoc FROM previoustransactionlinelink k JOIN transaction d ON d.id = k.nextdoc WHERE k.nexttype = 'DepAppl' AND d.lastmodifieddate >= ${time})`,
        ]
      : []),
  ];
  return `(${ways.join(' OR ')})`;
}

async function recordsOf(context: Context, kind: Transactions, rows: readonly JsonObject[]): Promise<readonly SourceRecord[]> {
  if (rows.length === 0) return [];
  const toUtc = await toUtcOf(context);
  const records: SourceRecord[] = [];
  for (const some of inChunks(rows, PART_MAX_COUNT)) {
    const ids = some.map((row) => neededText(row, 'id'));
    const lines = groupedBy(kind.hasLines ? await linesOf(context, ids) : [], 'transaction');
    const links = await linksOf(context, kind.links, some);
    for (const row of some) {
      const id = neededText(row, 'id');
      const plain = {
        ...row,
        ...(kind.hasLines ? { lines: inSequence(lines.get(id) ?? []) } : {}),
        ...fieldsOfLinks(kind.links, links.get(id) ?? []),
      };
      const raw = kind.links === 'PAYMENTS' ? await withDiscounts(context, plain) : plain;
      const version = textAt(row, 'lastmodifieddate');
      // a credit memo that is set against nothing any more is a settlement that is gone
      const isGone = kind.only !== undefined && textAt(row, 'type') === 'CustCred' && (links.get(id) ?? []).length === 0;
      records.push({
        externalId: id,
        version: version ?? null,
        updatedAt: toUtc(version),
        raw,
        ...(isGone ? { isDeleted: true } : {}),
      });
    }
  }
  return records;
}

/** Main lines are in the header, and costs of goods are no lines of a sale. */
async function linesOf(context: Context, ids: readonly string[]): Promise<readonly JsonObject[]> {
  const { lineTaxColumn } = context.config;
  const columns = [...LINE_COLUMNS, ...(lineTaxColumn === undefined ? [] : [`l.${lineTaxColumn} AS linetax`])];
  const from = `transactionline l LEFT JOIN item i ON i.id = l.item`;
  const where = `l.transaction IN (${idList(ids)}) AND l.mainline = 'F' AND l.iscogs = 'F'`;
  return queryAll(context, {
    statement: (after) => `SELECT ${columns.join(', ')} FROM ${from} WHERE ${where} AND ${after} ORDER BY l.uniquekey`,
    key: [['l.uniquekey', 'uniquekey']],
    max: ROWS_MAX_COUNT,
  });
}

function groupedBy(rows: readonly JsonObject[], column: string): ReadonlyMap<string, readonly JsonObject[]> {
  const groups = new Map<string, JsonObject[]>();
  for (const row of rows) {
    const key = textAt(row, column) ?? '';
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const orderOf = (row: JsonObject): number => Number(textAt(row, 'linesequencenumber') ?? textAt(row, 'id') ?? 0);

function inSequence(rows: readonly JsonObject[]): JsonObject[] {
  return [...rows].sort((a, b) => orderOf(a) - orderOf(b)).map(({ uniquekey: _key, transaction: _transaction, ...row }) => row);
}
