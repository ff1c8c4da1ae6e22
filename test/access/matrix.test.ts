// The access matrix: every role asks for every root field and every protected field, really, over the API. `matrix.golden.txt` is
// reviewed like code; UPDATE_GOLDEN=1 writes it anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ROLES } from '../../src/access/policy.ts';
import { shownFields } from '../../src/read/shown.ts';
import type { Person } from '../support/world.ts';
import { type Graph, needsOf, rootFields } from './graph.ts';
import { type Question, questionsOf } from './matrix.ts';
import { ISSUER, startStage } from './stage.ts';

const GOLDEN = join(import.meta.dirname, 'matrix.golden.txt');
// each stream that is allowed begins with a gap, also where there is no event of its kind
const stage = await startStage(['acme'], { LIVE_CATCH_UP_MAX_COUNT: 1 });
const { world } = stage;
const { schema, catalogue } = world.platform;
const graph: Graph = { schema, catalogue };
const NOBODY = 'no token';
/** How many rows are asked at once, each by everybody. */
const AT_ONCE = 4;

async function peopleOf(): Promise<ReadonlyMap<string, Person>> {
  const [acme] = stage.companies;
  const admin = await world.as('admin');
  const known = ROLES.filter((role) => role !== 'portal');
  const people = new Map<string, Person>();
  for (const role of known) people.set(role, await world.as(role));
  await admin.do(
    'createActor',
    { kind: 'PORTAL', name: 'portal', issuer: ISSUER, subject: 'portal', roles: [], customerIds: [acme?.customers['C-1']] },
    'actor',
  );
  people.set('portal', world.withToken(await world.tokenOf('portal')));
  return people.set(NOBODY, world.withToken(''));
}

type Cell = '+' | '-';

async function ask(person: Person, question: Question): Promise<Cell> {
  const code = question.isStream
    ? await firstOf(person, question)
    : (await person.send(question.query, question.variables)).errors?.[0]?.extensions?.['code'];
  if (code === 'FORBIDDEN' || code === 'UNAUTHENTICATED') return '-';
  if (code === undefined) return '+';
  throw new Error(`${question.name} answers ${JSON.stringify(code)}: the matrix can't tell whether that was allowed.`);
}

const sockets: { dispose(): unknown }[] = [];
afterAll(() => sockets.forEach((socket) => void socket.dispose()));

/** The code that the first message of a stream has; undefined for a message without an error. */
function firstOf({ token }: Person, { query, variables }: Question): Promise<unknown> {
  const socket = createClient({
    url: world.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  sockets.push(socket);
  const codeOf = (errors: readonly { extensions?: Readonly<Record<string, unknown>> }[]) =>
    errors[0]?.extensions?.['code'] ?? 'no code';
  return new Promise((resolve) => {
    socket.subscribe(
      { query, variables },
      {
        next: ({ errors }) => resolve(errors && codeOf(errors)),
        error: (error) => resolve(Array.isArray(error) ? codeOf(error) : 'UNAUTHENTICATED'),
        complete: () => {},
      },
    );
  });
}

async function matrix(): Promise<string> {
  const people = [...(await peopleOf())];
  const questions = questionsOf(graph);
  const width = Math.max(...questions.map(({ name }) => name.length));
  const lines: string[] = [`${'allowed +, denied -'.padEnd(width)}  ${people.map(([role]) => role).join('  ')}`];
  const lineOf = async (question: Question): Promise<string> => {
    const cells = await Promise.all(people.map(async ([role, person]) => (await ask(person, question)).padEnd(role.length)));
    return `${question.name.padEnd(width)}  ${cells.join('  ')}`.trimEnd();
  };
  for (let at = 0; at < questions.length; at += AT_ONCE)
    lines.push(...(await Promise.all(questions.slice(at, at + AT_ONCE).map(lineOf))));
  return `${lines.join('\n')}\n`;
}

it('says who may do what, for each role, a portal user and nobody', async () => {
  const text = await matrix();
  if (process.env['UPDATE_GOLDEN']) writeFileSync(GOLDEN, text);
  expect(existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8') : '').toBe(text);
});

it('covers every root field of the schema and every protected field of every record', () => {
  const lines = readFileSync(GOLDEN, 'utf8').trim().split('\n').slice(1);
  const rows = new Set(lines.map((line) => line.split(' ')[0]));
  const roots = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) =>
    [...rootFields(graph, root).keys()].map((name) => `${root}.${name}`),
  );
  const fields = catalogue.records.flatMap((record) =>
    shownFields(record)
      .filter(
        (shown) =>
          needsOf(graph, record, shown).length > 0 ||
          (shown.permission !== null && shown.permission !== record.resource.permission),
      )
      .map(({ name }) => `${record.name}.${name}`),
  );
  expect(rows).toEqual(new Set([...roots, ...fields]));
});
