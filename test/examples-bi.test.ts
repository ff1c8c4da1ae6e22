// The examples for BI tools, run as far as they can be without the tools: the requests that a Power BI query and a Grafana dashboard make are
// sent to a server, page by page as the tools do it, and what they pick from the answers must be there. The script is run as it is.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReportsCompany, reportsCompany } from './domain/reports-company.ts';
import { reportingLogin } from './support/reporting.ts';
import { runNode } from './support/processes.ts';
import { makeScratchFolder } from './support/scratch.ts';
import { type Shown, startWorld } from './support/world.ts';

const FOLDER = join(import.meta.dirname, '../examples/bi');
const text = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
const base = world.url.replace(/\/graphql$/, '');
let company: ReportsCompany;
beforeAll(async () => {
  company = await reportsCompany(world);
});

type Row = Readonly<Record<string, Shown>>;
const FROM = '2026-01-01';
const TO = '2026-05-20';

interface Sent {
  readonly method: string;
  readonly body: string;
}

async function json(path: string, sent?: Sent): Promise<Row> {
  const headers = { authorization: `Bearer ${company.analyst.token}`, ...(sent ? { 'content-type': 'application/json' } : {}) };
  const response = await fetch(`${base}${path}`, { ...sent, headers });
  const body = (await response.json()) as Row;
  expect([response.status, body['errors']]).toEqual([200, undefined]);
  return body;
}

/** Pages as long as the cursor isn't null; a tool that finds none at all fails. */
async function paged(report: string, parameters: Readonly<Record<string, string>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after: string | undefined; ; ) {
    const page = await json(
      `/reports/${report}?${String(new URLSearchParams({ ...parameters, ...(after === undefined ? {} : { after }) }))}`,
    );
    rows.push(...page['rows']);
    expect(page).toHaveProperty('cursor');
    if (page['cursor'] === null) return rows;
    after = String(page['cursor']);
  }
}

describe('the query for Power BI', () => {
  const source = text('cashgraph.pq').replaceAll(/\/\/.*$/gm, (comment, at: number, whole: string) =>
    whole[at - 1] === ':' ? comment : '',
  );
  const calls = [...source.matchAll(/= Report\(\s*"(\w+)",\s*(\w+|\[\]),\s*\{([^]*?)\n {8}\}\s*\)/g)];

  it('has one address, as a literal, and everything else beside it', () => {
    expect([...source.matchAll(/Web\.Contents\(\s*([^,]+),/g)].map(([, address]) => address)).toEqual([
      '"http://127.0.0.1:4000"',
    ]);
    expect(source).toMatch(/RelativePath = "reports\/" & report/);
    expect(source).toMatch(/Query = \[first = "1000"\] & query/);
    expect(source).toMatch(/if \[cursor\] = null then null else Page\(report, query & \[after = \[cursor\]\]\)/);
    expect(source).toMatch(/from = Date\.ToText\(Date\.From\(RangeStart\), "yyyy-MM-dd"\)/);
    expect(calls.map(([, report]) => report)).toEqual(['salesRows', 'ageingRows', 'receivableMeasures']);
  });

  const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
    'type text': (value) => typeof value === 'string',
    'type logical': (value) => typeof value === 'boolean',
    'type date': (value) => /^\d{4}-\d\d-\d\d$/.test(String(value)),
    'type number': (value) => /^-?\d+(\.\d+)?$/.test(String(value)),
    'Int64.Type': (value) => Number.isInteger(value),
    // four decimals at most
    'Currency.Type': (value) => /^-?\d+(\.\d{1,4})?$/.test(String(value)),
  };

  it.each(calls.map(([, report = '', query, columns = '']) => [report, query, columns] as const))(
    '%s gives a row for each record with every column in the type that is declared',
    async (report, query, columns) => {
      const declared = [...columns.matchAll(/\{"(\w+)", ([\w. ]+)\}/g)].map(([, name = '', type = '']) => [name, type] as const);
      expect(declared.length).toBeGreaterThan(5);
      const rows = await paged(report, { first: '1000', ...(query === 'Days' ? { from: FROM, to: TO } : {}) });
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows)
        for (const [name, type] of declared) {
          expect(row, `${report}.${name}`).toHaveProperty(name);
          if (row[name] !== null) expect(FITS[type]?.(row[name]), `${report}.${name}: ${row[name]} as ${type}`).toBe(true);
        }
    },
  );

  it('gives the same rows in partitions as at once', async () => {
    const days = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01'];
    const parts: Row[] = [];
    for (const [i, from] of days.slice(0, -1).entries()) {
      const to = new Date(Date.parse(String(days[i + 1])) - 86_400_000).toISOString().slice(0, 10);
      parts.push(...(await paged('salesRows', { first: '3', from, to })));
    }
    const byId = (a: Row, b: Row) => (a['id'] < b['id'] ? -1 : 1);
    expect(parts.toSorted(byId)).toEqual(await paged('salesRows', {}));
  });
});

interface Target {
  readonly type: string;
  readonly url: string;
  readonly url_options: {
    readonly method: string;
    readonly params: readonly { key: string; value: string }[];
    readonly body_graphql_query?: string;
    readonly body_graphql_variables?: string;
  };
  readonly root_selector: string;
  readonly columns: readonly { selector: string; text: string; type: string }[];
  readonly pagination_param_size_field_name?: string;
  readonly pagination_param_cursor_field_name?: string;
  readonly pagination_param_cursor_extraction_path?: string;
}

describe('the dashboard for Grafana', () => {
  const dashboard = JSON.parse(text('grafana-dashboard.json')) as {
    panels: readonly {
      title: string;
      targets: readonly Target[];
      transformations?: readonly { options: { fields: object } }[];
    }[];
  };
  const filled = (value: string) => value.replaceAll('${__from:date:YYYY-MM-DD}', FROM).replaceAll('${__to:date:YYYY-MM-DD}', TO);
  const select = (body: Row, path: string) => path.split('.').reduce<Shown>((at, name) => at?.[name], body);

  async function answer({ url, url_options, root_selector, ...target }: Target): Promise<readonly Row[]> {
    if (url_options.method === 'POST') {
      const variables = JSON.parse(filled(url_options.body_graphql_variables ?? '{}')) as object;
      const body = JSON.stringify({ query: url_options.body_graphql_query, variables });
      return select(await json(url, { method: 'POST', body }), root_selector);
    }
    expect([
      target.pagination_param_size_field_name,
      target.pagination_param_cursor_field_name,
      target.pagination_param_cursor_extraction_path,
    ]).toEqual(['first', 'after', 'cursor']);
    expect([url.startsWith('/reports/'), root_selector]).toEqual([true, 'rows']);
    return paged(
      url.slice('/reports/'.length),
      Object.fromEntries([...url_options.params.map(({ key, value }) => [key, filled(value)] as const), ['first', '2']]),
    );
  }

  it.each(dashboard.panels.map((panel) => [panel.title, panel] as const))(
    '%s finds what its columns name',
    async (title, { targets, transformations = [] }) => {
      for (const target of targets) {
        const rows = await answer(target);
        if (title !== 'ERPs') expect(rows.length).toBeGreaterThan(1);
        for (const row of rows)
          for (const { selector, type } of target.columns) {
            expect(row).toHaveProperty(selector);
            if (row[selector] !== null && type === 'number') expect(Number(row[selector])).not.toBeNaN();
            if (row[selector] !== null && type === 'timestamp') expect(Date.parse(row[selector])).not.toBeNaN();
          }
        const texts = target.columns.map((column) => column.text);
        for (const { options } of transformations) expect(texts).toEqual(expect.arrayContaining(Object.keys(options.fields)));
      }
    },
  );

  it('ageing as it is drawn is ageing', async () => {
    const panel = dashboard.panels.find(({ title }) => title === 'Ageing');
    const [target] = panel?.targets ?? [];
    if (!target) throw new Error('There is no panel of ageing.');
    const drawn = (await answer(target)).reduce((sum, row) => sum + Math.round(Number(row['openInGroupCurrency']) * 100), 0);
    const { ageing } = await company.analyst.ask('{ ageing(currency: GROUP, groupBy: LEGAL_ENTITY) { total } }');
    expect(drawn).toBe((ageing as readonly Row[]).reduce((sum, row) => sum + Math.round(Number(row['total']) * 100), 0));
  });
});

it('the script makes a copy, brings it up to date with what changed alone, and fetches totals and a file', async () => {
  const folder = makeScratchFolder();
  const run = async () => {
    const script = runNode([join(FOLDER, 'pull.mjs'), base, folder], {
      env: { PATH: process.env['PATH'], CASHGRAPH_KEY: (await world.as('admin')).token },
    });
    expect([await script.ended, script.stderr()]).toEqual([0, '']);
    return script.stdout();
  };
  const kept = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const rowsOf = (name: string) => kept(`${name}.jsonl`).map((line) => JSON.parse(line) as Row);
  try {
    const first = await run();
    const all = await paged('openItemRows', {});
    expect(first).toContain(`openItemRows: ${all.length} read, ${all.length} kept`);
    expect(rowsOf('openItemRows')).toEqual(all);
    expect(rowsOf('ageingRows')).toEqual(await paged('ageingRows', {}));
    expect(kept('customers.csv')).toHaveLength(4);
    expect(JSON.parse(kept('invoices-by-status.json').join('\n'))).not.toEqual([]);
    await (await world.as('cash')).do(
      'recordPayment',
      { accountId: company.french.accountId, amount: { amount: '1.00', currency: 'EUR' } },
      'payment',
    );
    await world.platform.sealer.sealed();
    expect(await run()).toContain(`openItemRows: 1 read, ${all.length + 1} kept`);
    const byId = (a: Row, b: Row) => (a['id'] < b['id'] ? -1 : 1);
    expect(rowsOf('openItemRows').toSorted(byId)).toEqual(await paged('openItemRows', {}));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('every statement of SQL in the README runs', async () => {
  const login = await reportingLogin(world.database, 'acme');
  const statements = [...text('README.md').matchAll(/```sql\n([^]*?)```/g)].flatMap(([, sql = '']) =>
    sql
      .split(';')
      .map((one) => one.trim())
      .filter(Boolean),
  );
  expect(statements).toHaveLength(2);
  for (const statement of statements)
    expect((await login.rows(statement)).length, statement).toBeGreaterThanOrEqual(statement.includes('measures') ? 3 : 0);
});
