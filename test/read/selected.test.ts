// The engine inside a mutation: what a payload asks of its record, read by a runner of the caller's, and the hash of the selection.
import 'reflect-metadata';
import { type ExecutionResult, graphql, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { Arg, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { idOf, list, moneyInput, object, optional, parseInput, text } from '../../src/kernel/input.ts';
import type { ReadContext, ReadEngine, StatementRunner } from '../../src/read/engine.ts';
import {
  buildGraph,
  fieldResolver,
  inputType,
  payload,
  payloadType,
  printGraph,
  rootResolver,
  undescribed,
  userError,
} from '../../src/read/schema.ts';
import { statement } from '../../src/read/sql.ts';
import { settingsOf } from '../../src/read/settings.ts';
import { principal, reading } from './reading.ts';
import { INVOICE } from './seed.ts';
import { catalogue } from './small-catalogue.ts';

const { engine, pools } = await reading();

const issue = object('IssueInput', {
  id: idOf('inv'),
  note: optional(text()).describe('A note.'),
  lines: list(object('IssueLineInput', { price: moneyInput }), { max: 10 }),
});
const input = inputType('IssueInput', issue);
const answer = payloadType('IssuePayload', 'Invoice', { field: 'invoice' });
const ran: string[] = [];
const hashes: string[] = [];
const inputs: unknown[] = [];

@Resolver()
class IssueResolver {
  @Mutation(() => answer, { description: 'Issues.' })
  async issue(
    @Arg('input', () => input, { description: 'What to issue.' }) raw: Record<string, unknown>,
    @Ctx() context: ReadContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const runner: StatementRunner = {
      rows: (source) => {
        ran.push(statement(source).text);
        return pools.read.run(statement(source), settingsOf(context.principal));
      },
    };
    inputs.push(raw);
    const parsed = parseInput(issue, raw);
    if (!parsed.ok)
      return payload(answer, {
        invoice: null,
        userErrors: parsed.problems.map((problem) => userError({ code: 'INVALID_INPUT', ...problem })),
      });
    hashes.push(context.read.selectionHash(info));
    const id = String(raw.id).slice(4);
    const invoice = await context.read.selected({
      info,
      path: ['invoice'],
      record: 'Invoice',
      id,
      principal: context.principal,
      run: runner,
    });
    return payload(answer, { invoice: JSON.parse(JSON.stringify(invoice ?? null)), userErrors: [] });
  }

  @Query(() => String, { description: 'Nothing.' })
  nothing(): string {
    return 'nothing';
  }
}

let schema: GraphQLSchema;
beforeAll(async () => {
  const roots = catalogue.records.filter(({ definition }) => definition.root).map(rootResolver);
  schema = await buildGraph({ catalogue, resolvers: [IssueResolver, ...roots] });
});

const LINE = { price: { amount: '1.00', currency: 'EUR' } };

async function run(selection: string, values: object = {}, read: ReadEngine = engine): Promise<ExecutionResult> {
  ran.length = 0;
  const own = selection.includes('$n') ? ', $n: Int = 1' : '';
  const source = `mutation ($input: IssueInput!${own}) { issue(input: $input) { ${selection} } }`;
  const variableValues = { input: { id: `inv_${INVOICE(1, 1)}`, lines: [LINE], ...values } };
  const result = await graphql({
    schema,
    source,
    variableValues,
    fieldResolver,
    contextValue: { principal: principal(), read },
  });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

describe('a payload', () => {
  it('gets its record in one statement of the caller’s', async () => {
    expect(await run('i: invoice { number x: number customer { name } } userErrors { code }')).toEqual({
      data: { issue: { i: { number: 'INV-0', x: 'INV-0', customer: { name: 'Müller & Söhne' } }, userErrors: [] } },
    });
    expect(ran).toHaveLength(1);
  });

  it('reads nothing when the record is not asked for', async () => {
    expect(await run('userErrors { code }')).toEqual({ data: { issue: { userErrors: [] } } });
    expect(ran).toEqual([]);
  });

  it('keeps aliases with other selections apart', async () => {
    expect(await run('a: invoice { x: number } b: invoice { x: status } ... on IssuePayload { a: invoice { id } }')).toEqual({
      data: { issue: { a: { x: 'INV-0', id: `inv_${INVOICE(1, 1)}` }, b: { x: 'OPEN' } } },
    });
  });

  it('is null for a record that is out of sight', async () => {
    expect(await run('invoice { id } userErrors { code }', { id: `inv_${INVOICE(2, 1)}` })).toEqual({
      data: { issue: { invoice: null, userErrors: [] } },
    });
  });

  it('carries refusals with their paths', async () => {
    expect(await run('invoice { id } userErrors { code message path }', { id: 'x' })).toMatchObject({
      data: { issue: { invoice: null, userErrors: [{ path: ['id'], message: expect.any(String) }] } },
    });
  });

  it('hands inputs over as they came: what was left out stays out', async () => {
    inputs.length = 0;
    await run('userErrors { code }');
    expect(Object.keys(inputs[0] as object).sort()).toEqual(['id', 'lines']);
  });
});

describe('the hash of a selection', () => {
  it('tells selections apart, not inputs', async () => {
    hashes.length = 0;
    await run('invoice { id account { invoices(first: $n) { totalCount } } }');
    await run('invoice { id ...{ account { invoices(first: 1) { totalCount } } } }', { note: 'other' });
    await run('invoice { id account { invoices(first: 2) { totalCount } } }');
    await run('i: invoice { id account { invoices(first: 1) { totalCount } } }');
    const [first, ...others] = hashes;
    expect(others.map((hash) => hash === first)).toEqual([true, false, false]);
  });
});

describe('the graph', () => {
  it('has inputs, payloads and their descriptions', () => {
    expect(undescribed(schema)).toEqual([]);
    const printed = printGraph(schema);
    expect(printed).toContain('lines: [IssueLineInput!]!');
    expect(printed).toMatch(/input MoneyInput \{\s+"""[^"]+"""\s+amount: Decimal!/);
    expect(printed).toMatch(/"""A note\."""\s+note: String\n/);
    expect(printed).toMatchSnapshot();
  });
});
