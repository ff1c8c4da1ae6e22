// The emitted contracts: whole, the same each time, and checked against what is committed.
import 'reflect-metadata';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FIRST_QUERY, OPERATIONS } from '../../src/cli/operations.ts';
import { accessMd, errorsMd, eventsJson, machinesMd, postingsMd } from '../../src/cli/schema/contracts.ts';
import { databaseSql } from '../../src/cli/schema/database-listing.ts';
import { firstDifference } from '../../src/cli/schema/difference.ts';
import { ERROR_CODES } from '../../src/kernel/errors.ts';
import { modules } from '../../src/sync/modules.ts';
import { createGraph, createPlatformCatalogue } from '../../src/platform.ts';
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

  it('the ready-made operations fit the graph', async () => {
    const graph = await createGraph(catalogue);
    for (const { query } of [...OPERATIONS, { query: FIRST_QUERY }]) expect(validate(graph, parse(query))).toEqual([]);
  });
});
