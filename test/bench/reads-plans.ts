// Before anything is timed at the full size: no golden read goes through a big table, and page 10,000 of a list looks at as much as page 1, in
// rows and blocks. The suite checks the same over small tables.
import type pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';
import { bigTables, goldenStatements, readWhole } from '../read/large/plans.ts';
import { openTouching, type Touched } from '../read/large/touching.ts';
import { withClient } from '../support/connection.ts';
import { READER } from './data/books.ts';
import type { KeptBooks } from './data/kept.ts';

const BIG_ROWS = 10_000;
const PAGE = 4;
const PAGES = 10_000;
const JUMP = 1_000;

export interface PlanFigures {
  readonly goldenStatements: number;
  /** Golden statements that read a big table from end to end. */
  readonly wholeTables: readonly string[];
  readonly firstPage: Touched;
  /** And which one it is: as deep as the largest tenant goes. */
  readonly lastPage: Touched & { readonly number: number };
}

export function checkPlans(books: KeptBooks): Promise<PlanFigures> {
  return withClient(books.connection, async (admin) => {
    const golden = goldenStatements();
    const big = await bigTables(admin, BIG_ROWS);
    const wholeTables: string[] = [];
    for (const { name, text, isOfPortal } of golden) {
      await admin.query(`set role ${isOfPortal ? 'cashgraph_portal' : 'cashgraph_read'}`);
      for (const table of await readWhole(admin, text, big)) wholeTables.push(`${name}: ${table}`);
    }
    await admin.query('reset role');
    return { goldenStatements: golden.length, wholeTables, ...(await farPages(books, admin)) };
  });
}

async function farPages({ connection, dataDir, tokenIssuer }: KeptBooks, admin: pg.Client) {
  const config = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir });
  const platform = await createPlatform({
    connection,
    rolePrefix: 'cashgraph',
    clock: systemClock,
    randomness: systemRandom,
    config,
  });
  const tenant = await largestTenant(admin);
  const { ask, touched, end } = openTouching({
    connection,
    admin,
    catalogue: platform.catalogue,
    schema: platform.schema,
    clock: systemClock,
    principal: () => platform.signIn.bySubject({ issuer: tokenIssuer, subject: READER, tenant }),
  });
  const page = `query ($after: String) { invoices(first: ${PAGE}, after: $after, orderBy: [{ field: CREATED_AT }]) { nodes { id number open { amount } }
    pageInfo { hasNextPage } } }`;
  const jump = `query ($after: String) { invoices(first: ${JUMP}, after: $after, orderBy: [{ field: CREATED_AT }]) { pageInfo { endCursor hasNextPage } } }`;
  let after: string | null = null;
  let skipped = 0;
  for (let hasNextPage = true; hasNextPage && skipped < PAGE * (PAGES - 1); skipped += JUMP) {
    const { invoices } = await ask({ source: jump, variables: { after } });
    hasNextPage = invoices.pageInfo.hasNextPage;
    if (hasNextPage) after = invoices.pageInfo.endCursor;
  }
  const firstPage = await touched({ source: page, variables: { after: null } });
  const lastPage = { ...(await touched({ source: page, variables: { after } })), number: Math.ceil(skipped / PAGE) };
  await end();
  await platform.close();
  return { firstPage, lastPage };
}

async function largestTenant(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ slug: string }>(
    'select t.slug from tenant t join invoice i using (tenant_id) group by t.slug order by count(*) desc limit 1',
  );
  return rows[0]?.slug ?? '';
}

/** @throws Error when one of both doesn't hold */
export function requireGood({ wholeTables, firstPage, lastPage }: PlanFigures): void {
  if (wholeTables.length > 0) throw new Error(`Golden reads go through big tables: ${wholeTables.join('; ')}`);
  if (lastPage.rows > firstPage.rows + PAGE || lastPage.blocks > firstPage.blocks * 2)
    throw new Error(`Page ${lastPage.number} costs more than page 1: ${JSON.stringify({ firstPage, lastPage })}`);
}
