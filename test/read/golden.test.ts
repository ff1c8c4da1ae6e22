// Golden triples: a query, the one statement it becomes, and its answer. Reviewed like code; UPDATE_GOLDEN=1 writes them anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { expect, it } from 'vitest';
import { createReadEngine } from '../../src/read/engine.ts';
import type { ReadPool } from '../../src/read/pool.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import type { Statement } from '../../src/read/sql.ts';
import { NOW, principal, reading, type Who } from './reading.ts';
import { catalogue } from './small-catalogue.ts';

const { pools, schema } = await reading();
const folder = join(import.meta.dirname, 'golden');
const isUpdate = process.env.UPDATE_GOLDEN === '1';

/** A line break before each clause, indented by its brackets. */
function laidOut({ text, values }: Statement): string {
  let depth = 0;
  const indent = () => `\n${'  '.repeat(depth)}`;
  const parts = text.replace(/\s+/g, ' ').split(/('(?:[^']|'')*'|[()]| (?=(?:from|left join|where|order by|limit|union all) ))/);
  const lines = parts.map((part) => {
    if (part === '(') depth += 1;
    if (part === ')') depth -= 1;
    return part === ' ' ? indent() : part;
  });
  const given = values.map((value, i) => `-- $${i + 1} ${JSON.stringify(value)}`);
  return `${[lines.join(''), ...given].join('\n')}\n`;
}

function compared(file: string, text: string): void {
  if (isUpdate || !existsSync(file)) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length));

it.each(names)('%s', async (name) => {
  const source = readFileSync(join(folder, `${name}.graphql`), 'utf8');
  const who = JSON.parse(/^# who: (.*)$/m.exec(source)?.[1] ?? '{}') as Who;
  const statements: Statement[] = [];
  const watched = (pool: ReadPool): ReadPool => ({
    ...pool,
    run: (statement, settings) => {
      statements.push(statement);
      return pool.run(statement, settings);
    },
  });
  const engine = createReadEngine({
    catalogue,
    pools: { read: watched(pools.read), portal: watched(pools.portal) },
    clock: { now: () => NOW },
  });
  const answer = await graphql({ schema, source, fieldResolver, contextValue: { principal: principal(who), read: engine } });
  expect(statements).toHaveLength(1);
  compared(join(folder, `${name}.sql`), statements.map(laidOut).join('\n'));
  compared(join(folder, `${name}.json`), `${JSON.stringify(answer, null, 2)}\n`);
});
