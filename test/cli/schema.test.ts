// The emitted contracts: whole, the same each time, and checked against what is committed.
import 'reflect-metadata';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FIRST_QUERY, OPERATIONS } from '../../src/cli/operations.ts';
import { accessMd, errorsMd, eventsJson, machinesMd, postingsMd } from '../../src/cli/schema/contracts.ts';
import { databaseSql } from '../../src/cli/schema/database-listing.ts';
import { firstDifference } from '../../src/cli/schema/difference.ts';
import { sinceRelease } from '../../src/transport/schema-release.ts';
import { ERROR_CODES } from '../../src/kernel/errors.ts';
import { modules } from '../../src/transport/modules.ts';
import { createGraph, createPlatformCatalogue } from '../../src/platform-graph.ts';
import { printGraph } from '../../src/read/schema.ts';
import { freshDatabase } from '../support/database.ts';

const database = await freshDatabase();
const catalogue = createPlatformCatalogue();

describe('the contracts', () => {
  it('name every event, error, machine, posting, permission, command and record', () => {
    const { events } = JSON.parse(eventsJson(modules)) as {
      events: Record<string, Record<string, { payload: { type: string } }>>;
    };
    const unnamed = modules
      .flatMap((module) => module.events)
      .filter(({ type, version }) => events[type]?.[version]?.payload.type !== 'object');
    expect(unnamed).toEqual([]);
    for (const code of Object.keys(ERROR_CODES)) expect(errorsMd()).toContain(`| \`${code}\` |`);
    for (const { record } of modules.flatMap((module) => module.machines))
      expect(machinesMd(modules)).toContain(`## ${record}\n\n\`\`\`mermaid\nstateDiagram-v2`);
    for (const { on, description } of modules.flatMap((module) => module.postings))
      expect(postingsMd(modules)).toMatch(new RegExp(`\\| ${on} .*${description.slice(0, 10)}`));
    const access = accessMd(modules, catalogue.records);
    for (const { permission } of modules.flatMap((module) => module.policy)) expect(access).toContain(`| \`${permission}\` |`);
    for (const { name } of modules.flatMap((module) => module.commands)) expect(access).toContain(`| \`${name}\` |`);
    for (const { name } of catalogue.records)
      expect(access).toMatch(new RegExp(`^\\| ${name}( \\(through its root\\))? \\|`, 'm'));
  });

  it('the database listing is the same twice, and shows the wall around every tenant’s rows', async () => {
    const address = { connection: database.connection, rolePrefix: 'cashgraph' };
    const text = await databaseSql(address);
    expect(await databaseSql(address)).toBe(text);
    const { rows } = await database.as('owner').query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows) {
      expect(text).toContain(`alter table ${name} force row level security;`);
      expect(text).toContain(`create table ${name} `);
    }
    for (const part of [
      'create policy of_portal on invoice',
      'grant select (tenant_id)',
      'CREATE TRIGGER allocation_append_only',
      'constraint customer_pk PRIMARY KEY',
      'comment on column ',
      'CREATE OR REPLACE FUNCTION public.money_text',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/create table _private/);
  });

  it('a check names the first line that differs', () => {
    expect(firstDifference('a\nb\nc\n', 'a\nx\nc\n')).toBe(', from line 2 on:\n  is      b\n  must be x');
    expect(firstDifference('a\nb\n', 'a\n')).toBe(', from line 2 on:\n  is      b\n  must be ');
    expect(firstDifference('a', 'a\nb')).toBe(', from line 2 on:\n  is      (the end)\n  must be b');
    expect(firstDifference(null, 'a')).toBe(': it is missing.');
  });

  it('what breaks clients of the last release has to be said in the unreleased part of the change log', () => {
    const released = 'type Query { a: String b(x: Int): Int state: State } enum State { ON OFF } input I { x: Int }';
    const now =
      'type Query { a: Int! b(x: Int, y: Int!): Int state: State new: String } enum State { ON BROKEN } input I { x: Int z: Int! }';
    const breaks = (changeLog: string) => sinceRelease({ released, now, changeLog });
    const sentences = [
      'Query.a changed type from String to Int!.',
      'A required arg y on Query.b was added.',
      'A required field z on input type I was added.',
      'OFF was removed from enum type State.',
    ];
    const all = breaks('# Changes\n\n## 1.0.0\n\n- Query.a changed type from String to Int!.\n');
    expect([...all.unnamed].sort()).toEqual(sentences.sort());
    expect([all.named, all.dangerous]).toEqual([[], ['BROKEN was added to enum type State.']]);
    const some = breaks(
      '## 2.0.0 (unreleased)\n\n- `OFF` was removed\n  from enum type `State`: use BROKEN.\n\n## 1.0.0\n\n- A required arg y on Query.b was added.\n',
    );
    expect(some.named).toEqual(['OFF was removed from enum type State.']);
    expect(some.unnamed).toHaveLength(3);
    expect(sinceRelease({ released, now: released, changeLog: '' })).toEqual({ unnamed: [], named: [], dangerous: [] });
  });

  it('a graph that is the released one with more in it breaks nothing', async () => {
    const now = printGraph(await createGraph(catalogue));
    const { unnamed } = sinceRelease({ released: now, now: `${now}\nextend type Query { added: String }`, changeLog: '' });
    expect(unnamed).toEqual([]);
    const gone = sinceRelease({ released: now, now: now.replace(/^  """[^"]+"""\n  isIntact: Boolean!\n/m, ''), changeLog: '' });
    expect(gone.unnamed).toEqual(['AuditTrail.isIntact was removed.']);
  });

  it('the ready-made operations fit the graph', async () => {
    const graph = await createGraph(catalogue);
    for (const { query } of [...OPERATIONS, { query: FIRST_QUERY }]) expect(validate(graph, parse(query))).toEqual([]);
  });
});
