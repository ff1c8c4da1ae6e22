// What the database would do for a statement, over tables that are large enough for it to matter: which tables it would read from end to end,
// and how much it really touches. Plans are those of prepared statements, so no value that a test happens to take decides.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

export interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Plan[];
}

export interface GoldenStatement {
  /** Of the golden read, and which of its statements. */
  readonly name: string;
  readonly text: string;
  readonly isOfPortal: boolean;
}

const GOLDEN = join(import.meta.dirname, '../../read-golden');
/** The portal user of the small company. */
const PORTAL = /^# who: nord$/m;

/** The statements of the golden reads, as they were reviewed. */
export function goldenStatements(): GoldenStatement[] {
  return readdirSync(GOLDEN)
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => {
      const name = file.slice(0, -'.sql'.length);
      const isOfPortal = PORTAL.test(readFileSync(join(GOLDEN, `${name}.graphql`), 'utf8'));
      // each ends with its values
      const texts = readFileSync(join(GOLDEN, file), 'utf8').split(/(?:^-- \$\d.*\n)+/m);
      return texts.filter((text) => text.trim() !== '').map((text, i) => ({ name: `${name} ${i + 1}`, text, isOfPortal }));
    });
}

export const scansOf = (plan: Plan): Plan[] => [...(plan['Relation Name'] ? [plan] : []), ...(plan.Plans ?? []).flatMap(scansOf)];

/** Tables that nobody may read from end to end. */
export async function bigTables(client: pg.ClientBase, rowsMin: number): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples >= $1`,
    [rowsMin],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Of those, the ones that the statement would read from end to end, for whatever values. */
export async function readWhole(client: pg.ClientBase, text: string, big: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  const scans = (rows[0]?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => scansOf(Plan));
  return scans
    .filter((scan) => /Seq Scan/.test(scan['Node Type']))
    .flatMap((scan) => (big.has(scan['Relation Name'] ?? '') ? [scan['Relation Name'] ?? ''] : []));
}
