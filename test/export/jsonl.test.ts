// Exports as JSON lines, over HTTP from beginning to end: what a query shows, with rows of nested lists on lines of their own.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Books, openBooks, type Person, type Shown, startWorld, type World } from '../support/world.ts';
import { withClient } from '../support/connection.ts';
import { bill } from './company.ts';
import { exported, linesOf, start } from './exporting.ts';

let world: World;
let books: Books;
let admin: Person;
const MANY = 130;
const NAME = 'Nobody "quoted"\n\u2028 and – ünïcödé 😀';
beforeAll(async () => {
  world = await startWorld();
  books = await openBooks(world);
  admin = await world.as('admin');
  await admin.do('createCustomer', { number: 'C-2', name: 'Nobody' }, 'customer');
  // line breaks can come by an ERP only
  await withClient(world.database.connection, (client) =>
    client.query(`update customer set name = $1 where number = 'C-2'`, [NAME]),
  );
  const { legalEntityId } = books;
  await bill(world, { legalEntityId, customerNumber: 'C-1', count: MANY });
});

/** Every row of a list by its pages, as anybody could read them. */
async function paged(list: string, fields: string): Promise<Shown[]> {
  const rows: Shown[] = [];
  for (let after: string | null = null; ; ) {
    const page: Shown = (
      await admin.ask(
        `query($after: String) { ${list}(first: 50, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
        { after },
      )
    )[list];
    rows.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return rows;
    after = page.pageInfo.endCursor;
  }
}

describe('an export as JSON lines', () => {
  it('has one line for each row of the list to its end, in its order, as a query shows it', async () => {
    const fields =
      'id number status issuedOn total { amount currency } payer: customer { id name } account { number } allowedActions createdAt';
    const { shown, text } = await exported(world, admin, { query: `{ invoices { edges { node { ${fields} } } } }` });
    expect(linesOf(text)).toEqual(await paged('invoices', fields));
    expect(shown).toMatchObject({
      list: 'invoices',
      format: 'JSONL',
      rowTotal: MANY,
      rowCount: MANY,
      lineCount: MANY,
      errorCode: null,
    });
    expect(shown.byteCount).toBe(String(Buffer.byteLength(text)));
    expect(shown.fileName).toMatch(/^invoices-\d{8}T\d{6}Z\.jsonl$/);
  });

  it('keeps where and orderBy, with variables and a fragment', async () => {
    const query = `query Some($where: InvoiceWhere, $with: Boolean!) { invoices(where: $where, orderBy: [{ field: NUMBER, direction: DESC }]) { nodes { ...Row } } }
      fragment Row on Invoice { number dueOn @include(if: $with) }`;
    const variables = { where: { number: { in: ['C-1-0003', 'C-1-0001', 'C-1-0099'] } }, with: false };
    const { text } = await exported(world, admin, { query, variables, operationName: 'Some' });
    expect(linesOf(text)).toEqual([{ number: 'C-1-0099' }, { number: 'C-1-0003' }, { number: 'C-1-0001' }]);
  });

  it('puts each row of a nested list on a line after its parent, which it names, however many there are', async () => {
    const query =
      '{ customers(orderBy: [{ field: NUMBER }]) { nodes { id number bills: accounts { nodes { id invoices(orderBy: [{ field: NUMBER }]) { nodes { kind: __typename number } } } } } } }';
    const { shown, text } = await exported(world, admin, { query });
    const lines = linesOf(text);
    const [first, account, ...rest] = lines;
    expect(first).toEqual({ id: books.customerId, number: 'C-1' });
    expect(account).toEqual({ id: books.accountId, __parentId: books.customerId, __parentField: 'bills' });
    const invoices = rest.filter((line) => line.kind === 'Invoice');
    expect(invoices).toEqual(
      Array.from({ length: MANY }, (_, i) => ({
        kind: 'Invoice',
        number: `C-1-${String(i).padStart(4, '0')}`,
        __parentId: books.accountId,
        __parentField: 'invoices',
      })),
    );
    expect(lines.at(-1)).toMatchObject({ number: 'C-2' });
    expect(shown).toMatchObject({ rowCount: 2, lineCount: 3 + MANY });
  });

  it('reads as many of a nested list as it says, counts it, and leaves lists of a few rows in their line', async () => {
    const query =
      '{ customerAccounts { nodes { id invoices(first: 2, orderBy: [{ field: NUMBER, direction: DESC }]) { totalCount nodes { number items { kind open { amount } } } } } } }';
    const lines = linesOf((await exported(world, admin, { query })).text);
    const items = (amount: string) => [{ kind: 'INVOICE', open: { amount } }];
    const parent = { __parentId: books.accountId, __parentField: 'invoices' };
    expect(lines).toEqual([
      { id: books.accountId, invoices: { totalCount: MANY } },
      { number: 'C-1-0129', items: items('229.50'), ...parent },
      { number: 'C-1-0128', items: items('228.50'), ...parent },
    ]);
  });

  it('is one object a line whatever stands in the texts', async () => {
    const { text } = await exported(world, admin, { query: '{ customers(orderBy: [{ field: NUMBER }]) { nodes { id name } } }' });
    expect(text.trimEnd().split('\n')).toHaveLength(2);
    expect(linesOf(text)[1]).toMatchObject({ name: NAME });
  });

  it('of a list without rows is an empty file', async () => {
    const { shown, text } = await exported(world, admin, { query: '{ payments { nodes { id } } }' });
    expect(text).toBe('');
    expect(shown).toMatchObject({ rowCount: 0, byteCount: '0' });
  });

  it.each([
    ['{ invoices(first: 10) { nodes { id } } }', 'leave first out'],
    ['{ invoices { nodes { id } totalCount } }', 'nodes { … } or edges { node { … } }, and nothing else'],
    ['{ invoices { pageInfo { hasNextPage } nodes { id } } }', 'has no pages'],
    ['{ invoices { edges { cursor node { id } } } }', 'cursors are of pages'],
    ['{ customers { nodes { name accounts { nodes { id } } } } }', 'select id there too'],
    ['{ customers { nodes { id accounts(after: "x") { nodes { id } } } } }', 'after of customers.accounts has no place'],
    ['{ invoice(id: "inv_0190a6b2-0000-7000-8000-000000000001") { id } }', 'is no list of records'],
    ['{ invoices { nodes { id } } customers { nodes { id } } }', 'exactly one list at its root'],
    [
      'mutation { revokeApiKey(input: { id: "key_0190a6b2-0000-7000-8000-000000000001" }) { userErrors { code } } }',
      'must be a query, not a mutation',
    ],
    ['{ invoices { nodes { nothing } } }', 'Cannot query field "nothing"'],
    ['query A { invoices { nodes { id } } } query B { invoices { nodes { id } } }', 'say by operationName'],
    ['{ invoices {', 'Syntax Error'],
    ['query($x: Date!) { invoices(where: { dueOn: { eq: $x } }) { nodes { id } } }', '$x'],
  ])('is refused at once, with what would be right: %s', async (query, sentence) => {
    const [problem] = await admin.refused('startExport', { query, format: 'JSONL' });
    expect(problem).toMatchObject({ code: 'INVALID_INPUT' });
    expect(problem?.message).toContain(sentence);
    expect(problem?.path.slice(0, 2)).toEqual(['input', query.includes('$x') ? 'variables' : 'query']);
  });

  it('is started once for one idempotency key', async () => {
    const input = { query: '{ customers { nodes { id } } }', format: 'JSONL', idempotencyKey: 'once' };
    const first = await admin.do('startExport', input, 'export');
    expect(await admin.do('startExport', input, 'export')).toEqual(first);
    const dry = await start(admin, { query: input.query, dryRun: true } as never);
    expect((await admin.ask('query($id: ID!) { export(id: $id) { id } }', { id: dry.id }))['export']).toBeNull();
  });
});
