// Golden reads over the real nouns: a query, the statements it becomes, and its answer, reviewed like code. UPDATE_GOLDEN=1 writes them
// anew. `# who:` names a role or a portal user; `{{name}}` is an id or cursor of the small company.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql, parse, visit } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { createReadEngine } from '../../src/read/engine.ts';
import { createReadPool, type ReadPool } from '../../src/read/pool.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import type { Statement } from '../../src/read/sql.ts';
import { desk } from '../access/company-erp.ts';
import { startWorld } from '../support/world.ts';
import { smallCompany } from './company.ts';
import type { Names } from './orders.ts';
import { Shown } from './shown.ts';

const world = await startWorld({ now: '2026-01-05T09:00:00.000Z', connectors: [desk] });
const folder = import.meta.dirname;
const isUpdate = process.env.UPDATE_GOLDEN === '1';
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.graphql') ? [file.slice(0, -'.graphql'.length)] : []));
let ids: Names;
let statements: Statement[] = [];

const watched = (pool: ReadPool): ReadPool => ({
  ...pool,
  run: (statement, settings) => {
    statements.push(statement);
    return pool.run(statement, settings);
  },
});
const poolOf = (role: string) =>
  watched(createReadPool({ connection: world.database.connection, role, max: 2, statementTimeoutMs: 10_000 }));
const pools = { read: poolOf('cashgraph_read'), portal: poolOf('cashgraph_portal') };
const read = createReadEngine({ catalogue: world.platform.catalogue, pools, clock: world.clock });

beforeAll(async () => {
  ids = await smallCompany(world);
  return () => Promise.all([pools.read.end(), pools.portal.end()]);
});

const textOf = (file: string): string | null => (existsSync(file) ? readFileSync(file, 'utf8') : null);

/** Written when it is asked for and new; `same` says what counts as the same, since JSON may be laid out in other ways. */
function compared(file: string, text: string, same: (text: string) => unknown = (one) => one): void {
  const before = textOf(file);
  if (isUpdate && (before === null || JSON.stringify(same(before)) !== JSON.stringify(same(text)))) writeFileSync(file, text);
  expect(same(text)).toEqual(same(textOf(file) ?? '""'));
}

const sourceOf = (name: string) => readFileSync(join(folder, `${name}.graphql`), 'utf8');
const rootsOf = (source: string): string[] => {
  const fields: string[] = [];
  visit(parse(source.replace(/\{\{(\w+)\}\}/g, '$1')), {
    OperationDefinition: (node) =>
      void fields.push(...node.selectionSet.selections.flatMap((s) => (s.kind === 'Field' ? [s.name.value] : []))),
  });
  return fields;
};
/** Answered without the database. */
const WITHOUT_STATEMENT = new Set(['me', '__typename', 'verifyAuditTrail', 'connectors']);

it.each(names)('%s', async (name) => {
  const file = sourceOf(name);
  const subject = /^# who: (.*)$/m.exec(file)?.[1] ?? 'admin';
  const principal = await world.platform.signIn.bySubject({ issuer: 'urn:cashgraph:local', subject, tenant: 'acme' });
  if (!principal) throw new Error(`There is no ${subject}.`);
  const source = file.replace(/\{\{(\w+)\}\}/g, (_, id: string) => ids[id] ?? `no ${id}`);
  statements = [];
  const contextValue = Object.assign(world.platform.contextOf(principal, { requestId: name, idempotencyKey: null }), { read });
  const answer = await graphql({ schema: world.platform.schema, source, contextValue, fieldResolver: fieldResolver as never });
  if (!name.startsWith('refused')) {
    expect(answer.errors).toBeUndefined();
    expect(statements).toHaveLength(rootsOf(file).filter((field) => !WITHOUT_STATEMENT.has(field)).length);
  }
  const shown = new Shown();
  const value = shown.value(JSON.parse(JSON.stringify(answer)));
  compared(join(folder, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`, JSON.parse);
  compared(join(folder, `${name}.sql`), statements.map((s) => shown.statement(s)).join('\n'));
});

it('has every root field of the graph in some golden read, but what routers ask and where the log is', () => {
  const asked = new Set(names.flatMap((name) => rootsOf(sourceOf(name))));
  const fields = Object.keys(world.platform.schema.getQueryType()?.getFields() ?? {});
  expect(fields.filter((field) => !asked.has(field) && !field.startsWith('_') && field !== 'logPosition')).toEqual([]);
});

it('keeps no statement or answer whose query is gone', () => {
  const rest = readdirSync(folder).filter((file) => /\.(sql|json)$/.test(file));
  expect(rest.filter((file) => !names.includes(file.replace(/\.\w+$/, '')))).toEqual([]);
});
