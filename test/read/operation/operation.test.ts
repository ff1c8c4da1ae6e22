// Random operations by people of two tenants: executed field by field and answered whole they are the same, in either form, byte for byte once parsed;
// and a template that others made gives what a fresh one gives. RANDOM_READS sets how many (60 unless told), RANDOM_SEED which.
import { type ExecutionResult, execute, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/access/principal.ts';
import { createReadEngine } from '../../../src/read/engine.ts';
import { wholeOperation } from '../../../src/read/operation/operation.ts';
import type { ReadPool } from '../../../src/read/pool.ts';
import { fieldResolver } from '../../../src/read/schema.ts';
import { dice } from '../../access/random-where.ts';
import { NOW, principal, reading } from '../reading.ts';
import { catalogue } from '../small-catalogue.ts';
import { type Pool, type RandomOperation, randomOperation } from './random-operation.ts';

const COUNT = Number(process.env['RANDOM_READS'] ?? 60);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);

const { pools, schema, data } = await reading();
/** The texts that the engine sent for whole operations. */
const sent = new Set<string>();
const watched = ({ bytes, ...pool }: ReadPool): ReadPool => ({
  ...pool,
  bytes: {
    ...bytes,
    run(statement, settings, sink) {
      sent.add(statement.text);
      return bytes.run(statement, settings, sink);
    },
  },
});
const options = { catalogue, pools, clock: { now: () => NOW } };
const fast = { ...options, pools: { read: watched(pools.read), portal: watched(pools.portal) } };
const engines = { rows: createReadEngine(fast), json: createReadEngine({ ...fast, form: 'JSON' }) };
type Form = keyof typeof engines;

const also = ['customers:secrets', 'invoices:words'] as const;
const ENTITY = (tenant: number, n: number) =>
  `00000000-0000-7001-8${String(tenant).padStart(3, '0')}-${String(n).padStart(12, '0')}`;
const PEOPLE: readonly Principal[] = [1, 2].flatMap((tenant) => [
  principal({ tenant, also }),
  principal({ tenant }),
  principal({ tenant, also, grant: [ENTITY(tenant, 1)] }),
  principal({ tenant, also, grant: [ENTITY(tenant, 2)] }),
  principal({ tenant, grant: [ENTITY(tenant, 1), ENTITY(tenant, 2)] }),
  principal({ tenant, without: ['payments:read'] }),
  principal({ tenant, portal: { customers: [1], accounts: [2, 3] } }),
  principal({ tenant, portal: { customers: [0, 2], accounts: [0, 4, 5] } }),
  principal({ tenant, portal: { customers: [], accounts: [] } }),
]);

async function poolOf(): Promise<Pool> {
  const ids: Record<string, string[]> = {};
  const cursors: Record<string, string[]> = { any: [] };
  for (const tenant of [1, 2]) {
    for (const { name, definition } of catalogue.records) {
      const { many } = definition.root ?? {};
      if (many === undefined) continue;
      const list = (await data(`{ list: ${many}(first: 100) { edges { cursor node { id } } } }`, { tenant, also })).list;
      ids[name] = [...(ids[name] ?? []), ...list.edges.map(({ node }: { node: { id: string } }) => node.id)];
      cursors[many] = [...(cursors[many] ?? []), ...list.edges.map(({ cursor }: { cursor: string }) => cursor)];
    }
  }
  const byDay = await data(
    '{ invoices(orderBy: [{ field: ISSUED_ON, direction: DESC }, { field: NUMBER }]) { edges { cursor } } }',
  );
  cursors['any'] = byDay.invoices.edges.map(({ cursor }: { cursor: string }) => cursor);
  const texts = [
    'INV-1',
    'INV-2',
    'C1',
    'N30',
    'Müller & Söhne',
    'müller',
    'ab',
    '😀',
    '"',
    '',
    '%',
    'LE1',
    'ref 2',
    'a\u0000b',
    '\\',
  ];
  return { ids, cursors, texts };
}

const pool = await poolOf();
/** Texts that no statement has by itself. */
const POOL_TEXTS = pool.texts.filter((text) => text.length > 2);
const operationAt = (i: number): RandomOperation =>
  randomOperation({ schema, catalogue, pool, dice: dice(SEED * 1_000_003 + i) });

type Variables = Readonly<Record<string, unknown>>;
interface Asked {
  readonly source: string;
  readonly variables: Variables;
  readonly person: Principal;
}

/** Documents are kept as the server keeps them. */
const documents = new Map<string, ReturnType<typeof parse>>();
function documentOf(source: string): ReturnType<typeof parse> {
  const document = documents.get(source) ?? parse(source);
  documents.set(source, document);
  return document;
}

async function fieldByField({ source, variables, person }: Asked): Promise<ExecutionResult> {
  const contextValue = { principal: person, read: createReadEngine(options) };
  return execute({ schema, document: documentOf(source), variableValues: variables, fieldResolver, contextValue });
}

async function whole({ source, variables, person }: Asked, form: Form): Promise<string | null> {
  const document = documentOf(source);
  const definition = getOperationAST(document);
  const operation = definition && wholeOperation({ schema, document, operation: definition });
  if (!operation) throw new Error(`Not the engine's: ${source}`);
  const answer = await engines[form].operation({ operation, variables, principal: person });
  if (!answer) return null;
  if ('failure' in answer) throw answer.failure;
  return JSON.stringify(JSON.parse(Buffer.concat(answer.data).toString('utf8')));
}

const seen = { whole: 0, ordinary: 0, unanswered: [] as string[] };

async function compared(asked: Asked, what: string): Promise<void> {
  const ordinary = await fieldByField(asked);
  for (const form of ['rows', 'json'] as const) {
    comparedTo(ordinary, await whole(asked, form), `${what}, ${form}: ${asked.source} ${JSON.stringify(asked.variables)}`);
  }
}

function comparedTo(ordinary: ExecutionResult, answer: string | null, told: string): void {
  if (ordinary.errors) {
    seen.ordinary += 1;
    expect(answer, `${told} ${JSON.stringify(ordinary.errors)}`).toBeNull();
    return;
  }
  // nothing of the database is asked
  if (Object.values(ordinary.data ?? {}).every((value) => value === 'Query')) return;
  // U+0000 may stand in a variable that is skipped
  if (answer === null && !told.includes('\\u0000')) seen.unanswered.push(told);
  else if (answer !== null) expect(answer, told).toBe(JSON.stringify(ordinary.data));
  seen.whole += answer === null ? 0 : 1;
}

describe('whole operations', () => {
  it('keep the order of more fields than one function of the database takes', async () => {
    const fields = Array.from({ length: 120 }, (_, i) => `${'z'.repeat(1 + (i % 5))}${120 - i}: ${i % 2 ? 'number' : 'id'}`).join(
      ' ',
    );
    const list = `invoices(first: 2) { nodes { ${fields} customer { ${fields} } } }`;
    const person = PEOPLE[0] as Principal;
    for (const source of [`{ ${list} }`, `{ ${list} other: ${list} }`]) await compared({ source, variables: {}, person }, source);
    expect(seen.unanswered).toEqual([]);
  });

  it(`${COUNT} random operations are answered alike field by field and whole`, { timeout: 60_000 + COUNT * 100 }, async () => {
    for (let i = 0; i < COUNT; i++) {
      const { source, variables, others } = operationAt(i);
      const errors = validate(schema, documentOf(source));
      // one name for two things: rare, and nothing to run
      if (errors.length > 0 && errors.every(({ message }) => /conflict/.test(message))) continue;
      expect(errors, source).toEqual([]);
      const what = `RANDOM_SEED=${SEED}, operation ${i}`;
      const first = PEOPLE[i % PEOPLE.length] as Principal;
      await compared({ source, variables, person: first }, what);
      // the same document by somebody else and with other values: what is bound must be theirs
      for (const [at, other] of [variables, ...others].entries()) {
        const person = PEOPLE[(i * 7 + at * 9 + 9) % PEOPLE.length] as Principal;
        await compared({ source, variables: other, person }, what);
      }
    }
    // most are right, and then nothing but the engine answers them
    expect(seen.whole).toBeGreaterThan(2 * COUNT);
    expect(seen.unanswered).toEqual([]);
    // one text serves many, and nothing in it is anybody's
    expect(sent.size).toBeLessThan(seen.whole / 2);
    expect(
      [...sent].filter(
        (text) => /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}/.test(text) || POOL_TEXTS.some((one) => text.includes(one)),
      ),
    ).toEqual([]);
  });
});
