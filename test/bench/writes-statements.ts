// Where the database spends its time on one input: `--statements` prints, after each turn of ours, the statements that cost most, with planning
// apart. Only to look at: counting takes time itself, so figures of such a run are not to be compared with others.
import type pg from 'pg';

/** For the server, which must be started with it. */
export const COUNTING = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_planning': 'on',
};

const SHOWN = 30;
const TEXT_LENGTH = 150;

interface Row {
  readonly query: string;
  readonly calls: string;
  readonly exec: number;
  readonly plan: number;
  readonly toplevel: boolean;
}

export async function startCounting(client: pg.Client): Promise<void> {
  await client.query('create extension if not exists pg_stat_statements');
  await client.query('select pg_stat_statements_reset()');
}

export async function printCounted(client: pg.Client, { name, answers }: { name: string; answers: number }): Promise<void> {
  const { rows } = await client.query<Row>(
    `select regexp_replace(query, '\\s+', ' ', 'g') as query, calls, total_exec_time as exec, total_plan_time as plan, toplevel
     from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) order by total_exec_time + total_plan_time desc`,
  );
  const top = rows.filter((row) => row.toplevel);
  const each = (of: (row: Row) => number) => (top.reduce((sum, row) => sum + of(row), 0) / answers).toFixed(3);
  const calls = each((row) => Number(row.calls));
  process.stdout.write(
    `\n${name}: ${each((r) => r.exec)} ms executing and ${each((r) => r.plan)} ms planning in ${calls} statements each\n`,
  );
  for (const { query, calls: count, exec, plan, toplevel } of rows.slice(0, SHOWN)) {
    const figures = [exec / answers, plan / answers].map((ms) => ms.toFixed(3).padStart(8)).join('');
    const times = (Number(count) / answers).toFixed(2).padStart(7);
    process.stdout.write(`${figures}${times} ${toplevel ? ' ' : '>'} ${query.slice(0, TEXT_LENGTH)}\n`);
  }
}
