// Flat reports: the graph, the addresses and SQL give the same rows, and they foot to the books.
import { beforeAll, describe, expect, it } from 'vitest';
import { reports } from '../../src/o2c/insight/index.ts';
import { argumentsOf, fieldOf } from '../../src/o2c/insight/report.graphql.ts';
import { shownName } from '../../src/o2c/insight/report.read.ts';
import { ageing, BUCKETS, type ReportsCompany, reportsCompany } from '../domain/reports-company.ts';
import { withClient } from '../support/connection.ts';
import { type ReportingLogin, reportingLogin } from '../support/reporting.ts';
import { type Person, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
let company: ReportsCompany;
let login: ReportingLogin;

beforeAll(async () => {
  company = await reportsCompany(world);
  login = await reportingLogin(world.database, 'acme');
});

type Row = Readonly<Record<string, Shown>>;
const PERIOD = { from: '2026-01-01', to: '2026-03-31' };

/** Every row of a report, page by page. */
async function rowsOf(
  who: Person,
  name: string,
  { first = 1_000, ...args }: Record<string, unknown> = {},
): Promise<readonly Row[]> {
  const report = reports.find((one) => fieldOf(one) === name);
  if (!report) throw new Error(`There is no report ${name}.`);
  const asked = Object.entries(args).map(([key, value]) => `, ${key}: ${JSON.stringify(value)}`);
  const rows: Row[] = [];
  for (let after: string | null = null; ; ) {
    const query: string = `query($after: String) { page: ${name}(first: ${Number(first)}, after: $after${asked.join('')}) { rows { ${report.columns.map((c) => shownName(c.name)).join(' ')} } cursor hasMore } }`;
    const { page } = await who.ask(query, { after });
    rows.push(...page.rows);
    expect(page.hasMore).toBe(page.cursor !== null);
    if (page.cursor === null) return rows;
    after = page.cursor;
  }
}

/** The clock of the database is not the test's: what hangs on the day is asked for that day. */
const SQL_OF: Readonly<Record<string, string>> = {
  receivable_measures: `reporting.receivable_measures('${PERIOD.from}', '${PERIOD.to}')`,
};

describe.each(reports.map((report) => [fieldOf(report), report] as const))('%s', (name, report) => {
  const args = report.over === 'period' ? PERIOD : {};

  it('gives as SQL the rows that it gives in the graph', async () => {
    const shown = report.columns.map(({ name: column, type }) =>
      type === 'timestamptz'
        ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "${shownName(column)}"`
        : `${column}${type === 'numeric' || type === 'date' ? '::text' : ''} as "${shownName(column)}"`,
    );
    const sql = await login.rows<Row>(
      `select ${shown.join(', ')} from ${SQL_OF[report.name] ?? `reporting.${report.name}`} order by id collate "C"`,
    );
    const graph = await rowsOf(company.analyst, name, args);
    if (name !== 'syncHealthRows') expect(graph.length).toBeGreaterThan(1);
    const byDay = new Set(['asOf', 'daysOverdue', 'bucket', 'isOverdue', 'lagS']);
    const lasting = (rows: readonly Row[]) =>
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !byDay.has(key))));
    expect(lasting(sql)).toEqual(lasting(graph));
  });

  it('gives the same rows however it is cut into pages', async () => {
    const whole = await rowsOf(company.analyst, name, args);
    for (const first of [1, 3]) expect(await rowsOf(company.analyst, name, { ...args, first })).toEqual(whole);
  });

  it('is refused to portal users and warehouse staff', async () => {
    const needed = argumentsOf(report).some(({ name: arg }) => arg === 'from') && report.over === 'period';
    const query = `{ ${name}${needed ? '(from: "2026-01-01", to: "2026-01-31")' : ''} { cursor } }`;
    const { errors } = await (await world.as('warehouse')).send(query);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

const cents = (amount: string) => Math.round(Number(amount) * 100);
const total = (rows: readonly Row[], column: string) => rows.reduce((sum, row) => sum + cents(row[column] ?? '0'), 0);

it('the rows of ageing add up by bucket to ageing itself', async () => {
  const rows = await rowsOf(company.analyst, 'ageingRows');
  const NAMES: Readonly<Record<string, string>> = {
    notDue: 'NOT_DUE',
    days1To30: 'DAYS_1_TO_30',
    days31To60: 'DAYS_31_TO_60',
    days61To90: 'DAYS_61_TO_90',
    over90: 'OVER_90',
    unapplied: 'UNAPPLIED',
  };
  for (const wanted of await ageing(company.analyst)) {
    const own = rows.filter(
      (row) =>
        row['customerNumber'] === wanted['customerNumber'] &&
        row['legalEntityCode'] === wanted['legalEntityCode'] &&
        row['currency'] === wanted['currency'],
    );
    expect(own).toHaveLength(Number(wanted['itemCount']));
    for (const bucket of BUCKETS)
      expect(
        total(
          own.filter((row) => row['bucket'] === NAMES[bucket]),
          'open',
        ),
        bucket,
      ).toBe(cents(wanted[bucket] ?? ''));
  }
});

it('measures and rows foot to the trial balance of the period', async () => {
  const admin = await world.as('admin');
  const at = async (asOf: string) =>
    (await admin.ask(`{ trialBalance(asOf: "${asOf}") { legalEntityCode code baseBalance } }`))['trialBalance'] as readonly Row[];
  const [before, after] = [await at('2025-12-31'), await at(PERIOD.to)];
  const sales = await rowsOf(admin, 'salesRows', PERIOD);
  for (const row of (await rowsOf(admin, 'receivableMeasures', PERIOD)).filter(
    ({ legalEntityCode }) => legalEntityCode !== null,
  )) {
    const moved = (...codes: string[]) =>
      [after, before]
        .map((balances) =>
          total(
            balances.filter((b) => b['legalEntityCode'] === row['legalEntityCode'] && codes.includes(b['code'])),
            'baseBalance',
          ),
        )
        .reduce((a, b) => a - b);
    expect(cents(row['closing'])).toBe(
      total(
        after.filter((b) => b['legalEntityCode'] === row['legalEntityCode'] && b['code'] === 'RECEIVABLE'),
        'baseBalance',
      ),
    );
    expect(cents(row['opening'])).toBe(0);
    expect(cents(row['sales'])).toBe(-moved('BILLED', 'TAX'));
    expect(cents(row['cashReceived'])).toBe(moved('CASH_CLEARING'));
    expect(
      total(
        sales.filter((s) => s['legalEntityCode'] === row['legalEntityCode']),
        'baseTotal',
      ),
    ).toBe(cents(row['sales']));
  }
});

describe('GET /reports', () => {
  const get = async (path: string, who: Person = company.analyst) => {
    const response = await fetch(world.url.replace(/\/graphql$/, `/reports/${path}`), {
      headers: { authorization: `Bearer ${who.token}` },
    });
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Row };
  };

  it.each(reports.map((report) => [fieldOf(report), report] as const))('%s gives the rows of the graph', async (name, report) => {
    const args = report.over === 'period' ? PERIOD : {};
    const rows: Row[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { status, type, body } = await get(`${name}?${String(new URLSearchParams({ ...args, first: '4', after }))}`);
      expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
      expect(Object.keys(body)).toEqual(['rows', 'cursor', 'hasMore', 'position']);
      rows.push(...body['rows']);
      after = body['cursor'];
    }
    expect(rows).toEqual(await rowsOf(company.analyst, name, args));
  });

  it('filters as the graph does, and without `first` gives a page of the usual size', async () => {
    const { body } = await get(`salesRows?legalEntityId=${company.french.legalEntityId}&to=2026-03-31`);
    expect(body['rows']).toEqual(
      await rowsOf(company.analyst, 'salesRows', { legalEntityId: company.french.legalEntityId, to: '2026-03-31' }),
    );
    expect(body['rows']).not.toEqual([]);
  });

  it.each([
    ['nothing', 404, 'NOT_FOUND'],
    ['ageing', 404, 'NOT_FOUND'],
    ['salesRows?color=red', 400, 'BAD_REQUEST'],
    ['salesRows?first=x', 400, 'BAD_USER_INPUT'],
    ['salesRows?first=2000', 400, 'PAGE_TOO_LARGE'],
    ['salesRows?after=x', 400, 'CURSOR_INVALID'],
    ['salesRows?changedSince=x', 400, 'CURSOR_INVALID'],
    ['salesRows?customerId=inv_019b8d62-7a80-7b04-a6c4-d39ebe56a63f', 422, 'INVALID_ID'],
    ['salesRows?from=2026-02-30', 400, 'BAD_USER_INPUT'],
    ['receivableMeasures', 400, 'BAD_USER_INPUT'],
    ['receivableMeasures?from=2026-02-01&to=2026-01-01', 422, 'INVALID_INPUT'],
  ])('refuses %s with %i %s', async (path, status, code) => {
    const refused = await get(path);
    expect([refused.status, refused.body['errors']?.[0].extensions.code]).toEqual([status, code]);
  });

  it('refuses whoever is not signed in, and whoever may not', async () => {
    const url = world.url.replace(/\/graphql$/, '/reports/salesRows');
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await get('salesRows', await world.as('warehouse'))).status).toBe(403);
  });

  it('takes no cursor of another report or of other filters', async () => {
    const { body } = await get('salesRows?first=1');
    for (const path of [
      `paymentRows?after=${String(body['cursor'])}`,
      `salesRows?first=1&currency=EUR&after=${String(body['cursor'])}`,
    ])
      expect((await get(path)).body['errors']?.[0].extensions.code).toBe('CURSOR_ORDER_MISMATCH');
  });
});

it('measures are what one gets with pencil and paper', async () => {
  const [group, german, french] = await rowsOf(company.analyst, 'receivableMeasures', PERIOD);
  // billed 1,023 + 300 + 30.50 (¥5,000 at 0.0061), paid 250 of which 200 were set against an invoice after 36 days, 5 let off;
  // due before March 31: 64 + 128 + 256 + 512, the yen, and 95 that are left of 300
  expect(german).toMatchObject({
    legalEntityCode: 'DE01',
    days: 90,
    currency: 'EUR',
    opening: '0.00',
    sales: '1353.50',
    creditSales: '1353.50',
    cashReceived: '250.00',
    closing: '1098.50',
    owed: '1148.50',
    overdue: '1085.50',
    overdueShare: '0.9451',
    dso: '73.0',
    bestPossibleDso: '0.9',
    averageDaysDelinquent: '72.2',
    averageDaysToPay: '36.0',
  });
  // all was paid by then; what the bank took back later says nothing of how fast it was
  expect(french).toMatchObject({
    sales: '700.00',
    cashReceived: '700.00',
    closing: '0.00',
    overdueShare: null,
    dso: '0.0',
    averageDaysToPay: null,
  });
  expect(group).toMatchObject({
    legalEntityId: null,
    sales: '2053.50',
    closing: '1098.50',
    dso: '48.1',
    averageDaysToPay: '36.0',
  });
  const [, later] = await rowsOf(company.analyst, 'receivableMeasures', { from: '2026-04-01', to: '2026-04-30' });
  // nothing sold on credit: no days of sales, not 0 of them
  expect(later).toMatchObject({
    sales: '0.00',
    dso: null,
    bestPossibleDso: null,
    averageDaysDelinquent: null,
    opening: '1098.50',
    closing: '1098.50',
  });
});

it('today is that of the legal entity, by the business clock of the tenant', async () => {
  const [row] = await login.rows<{ same: boolean }>(
    `select bool_and(as_of = (now() at time zone 'Europe/Berlin')::date and days_overdue = as_of - due_on) as same from reporting.ageing_rows`,
  );
  expect(row).toEqual({ same: true });
  const admin = await world.as('admin');
  await admin.ask('mutation($to: DateTime!) { advanceClock(input: { to: $to }) { userErrors { code } } }', {
    to: '2026-09-01T09:00:00Z',
  });
  const offset = `(select clock_offset_ms * interval '1 millisecond' from tenant where slug = 'acme')`;
  const [ahead] = await withClient(
    world.database.connection,
    async (client) => (await client.query(`select ((now() + ${offset}) at time zone 'Europe/Berlin')::date::text as day`)).rows,
  );
  expect(await login.rows(`select distinct as_of::text as day from reporting.ageing_rows`)).toEqual([ahead]);
  const days = new Set((await rowsOf(company.analyst, 'ageingRows')).map(({ asOf }) => asOf));
  expect(days).toEqual(new Set(['2026-09-01']));
});
