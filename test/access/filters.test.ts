// A filter is no oracle: asking for a value that only others hold gives the same answer as asking for one that nobody holds, in
// every field that can be filtered, in related records, and turned round by `not`. Reports foot to the rows in reach.
import { getNamedType, type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Graph, isAllowed, recordOf, rootLists } from './graph.ts';
import { startStage, type Viewer } from './stage.ts';
import type { ReadRecord } from '../../src/read/catalogue.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

/** A value of each kind of filter that nobody holds. */
const NOBODYS: Readonly<Record<string, (sample: string) => unknown>> = {
  IdFilter: (sample) => `${sample.split('_')[0]}_01999999-0000-7000-8000-000000000001`,
  StringFilter: () => 'nobody has this',
  DateFilter: () => '2222-02-02',
  DateTimeFilter: () => '2222-02-02T02:02:02.222Z',
  DecimalFilter: () => '987654.321',
  MoneyFilter: () => '98765.43',
};

interface Filter {
  /** `['account', 'number']` */
  readonly path: readonly string[];
  readonly kind: string;
}

/** Every filter of a record's list, related records included. */
function filtersOf(record: ReadRecord, permissions: ReadonlySet<string>): readonly Filter[] {
  const collect = (input: GraphQLInputObjectType, of: ReadRecord, path: readonly string[]): Filter[] =>
    Object.values(input.getFields()).flatMap(({ name, type }) => {
      const named = getNamedType(type);
      if (['and', 'or', 'not'].includes(name) || !isInputObjectType(named) || !isAllowed(graph, of, name, permissions)) return [];
      if (named.name.endsWith('Filter')) return NOBODYS[named.name] ? [{ path: [...path, name], kind: named.name }] : [];
      const other = recordOf(graph, named.name.replace('RelatedWhere', ''));
      return other && permissions.has(other.resource.permission) ? collect(named, other, [...path, name]) : [];
    });
  const input = schema.getType(`${record.name}Where`);
  return isInputObjectType(input) ? collect(input, record, []) : [];
}

const nested = (path: readonly string[], leaf: string): string =>
  path.reduceRight((inner, name) => `${name} { ${inner} }`, leaf).replace(/ \{ \}$/, '');
const selected = ({ path, kind }: Filter) =>
  nested(path.slice(0, -1), `${path.at(-1)}${kind === 'MoneyFilter' ? ' { amount }' : ''}`);

function valueAt(node: unknown, { path, kind }: Filter): unknown {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], node);
  return kind === 'MoneyFilter' ? (value as { amount: string } | null)?.amount : value;
}

const condition = ({ path, kind }: Filter, value: unknown): object =>
  path.reduceRight<object>(
    (inner, name) => ({ [name]: inner }),
    kind === 'MoneyFilter' ? { currency: 'EUR', eq: value } : { eq: value },
  );

/** The values of each filter in the rows that a viewer sees. */
async function valuesOf({ person }: Viewer, list: string, filters: readonly Filter[]): Promise<readonly (readonly unknown[])[]> {
  const { nodes } = (await person.ask(`{ ${list}(first: 1000) { nodes { id ${filters.map(selected).join(' ')} } } }`))[list];
  const isThere = (value: unknown) => value !== null && value !== undefined;
  return filters.map((filter) => nodes.map((node: unknown) => valueAt(node, filter)).filter(isThere));
}

interface Question {
  readonly filter: Filter;
  readonly secret: object;
  readonly nobodys: object;
}

/** How many questions go into one operation: five aliases each. */
const AT_ONCE = 6;

/** The counts of each question: [secret, not secret, not nobody's, secret or nobody's]. */
async function answersTo(
  { person }: Viewer,
  { list, record }: { list: string; record: ReadRecord },
  questions: readonly Question[],
) {
  const declared = questions.map((_, i) => `$s${i}: ${record.name}Where!, $n${i}: ${record.name}Where!`).join(', ');
  const parts = questions.map(
    (_, i) => `a${i}: ${list}(where: $s${i}) { totalCount nodes { id } } b${i}: ${list}(where: { not: $s${i} }) { totalCount }
      c${i}: ${list}(where: { not: $n${i} }) { totalCount } d${i}: ${list}(where: { or: [$s${i}, $n${i}] }) { totalCount }`,
  );
  const variables = Object.fromEntries(
    questions.flatMap(({ secret, nobodys }, i) => [
      [`s${i}`, secret],
      [`n${i}`, nobodys],
    ]),
  );
  const answer = await person.ask(`query(${declared}) { ${parts.join(' ')} }`, variables);
  return questions.map((_, i) => ({ found: answer[`a${i}`], not: [answer[`b${i}`], answer[`c${i}`]], or: answer[`d${i}`] }));
}

const PAIRS = [
  ['a tenant', { reader: 'admin', owner: 'admin', ofBeta: true }],
  ['staff of one legal entity', { reader: 'admin of DE01', owner: 'admin', ofBeta: false }],
  ['a portal user', { reader: 'portal of C-2', owner: 'admin', ofBeta: false }],
] as const;

it.each(PAIRS)('%s learns nothing about others by filtering', async (_who, { reader, owner, ofBeta }) => {
  const viewer = await stage.viewer(acme, reader);
  const other = await stage.viewer(ofBeta ? beta : acme, owner);
  const { me } = await viewer.person.ask('{ me { permissions } }');
  const permissions = new Set<string>(me.permissions);
  let asked = 0;
  for (const [list, record] of rootLists(graph)) {
    if (!permissions.has(record.resource.permission)) continue;
    const filters = filtersOf(record, permissions);
    const [own, theirs] = await Promise.all([valuesOf(viewer, list, filters), valuesOf(other, list, filters)]);
    const questions = filters.flatMap((filter, i): Question[] => {
      const secret = theirs[i]?.find((value) => !own[i]?.includes(value));
      if (secret === undefined) return [];
      return [{ filter, secret: condition(filter, secret), nobodys: condition(filter, NOBODYS[filter.kind]?.(String(secret))) }];
    });
    for (let at = 0; at < questions.length; at += AT_ONCE) {
      const some = questions.slice(at, at + AT_ONCE);
      for (const [i, { found, not, or }] of (await answersTo(viewer, { list, record }, some)).entries()) {
        const path = some[i]?.filter.path.join('.');
        expect({ found, or }, path).toEqual({ found: { totalCount: 0, nodes: [] }, or: { totalCount: 0 } });
        expect(not[0], path).toEqual(not[1]);
        asked += 1;
      }
    }
  }
  expect(asked).toBeGreaterThan(80);
});

describe('a report', () => {
  const ageing = async ({ person }: Viewer, args: string) =>
    (await person.ask(`{ ageing(${args}) { customerNumber legalEntityCode total itemCount } }`))['ageing'];
  const NOBODY = '01999999-0000-7000-8000-000000000001';

  it.each(['admin', 'admin of DE01', 'portal of C-1', 'portal of C-2 and C-3'])(
    'of ageing adds up the open items in reach of %s, and no others',
    async (subject) => {
      const viewer = await stage.viewer(acme, subject);
      const { tenantId, entityIds, customerIds } = viewer.reach;
      const open = await stage.rows<{ customerNumber: string; total: string; itemCount: number }>(
        `select c.number as "customerNumber", (sum(t.open_minor) / 100.0)::numeric(20, 2)::text as total, count(*)::int as "itemCount"
       from open_item t join customer_account a on a.tenant_id = t.tenant_id and a.id = t.account_id join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
       where t.tenant_id = $1 and t.open_minor <> 0 and ($2::uuid[] is null or t.legal_entity_id = any ($2)) and ($3::uuid[] is null or c.id = any ($3)) group by c.number order by 1`,
        [tenantId, entityIds, customerIds],
      );
      expect(open.length).toBeGreaterThan(0);
      expect(await ageing(viewer, 'groupBy: CUSTOMER')).toEqual(open.map((row) => ({ ...row, legalEntityCode: null })));
    },
  );

  it('about somebody else is the report about nobody', async () => {
    const admin = await stage.viewer(acme, 'admin');
    const limited = await stage.viewer(acme, 'admin of DE01');
    const portal = await stage.viewer(acme, 'portal of C-2');
    const asked: readonly (readonly [Viewer, string, string])[] = [
      [admin, `customerId: "${beta.customers['C-1']}"`, `customerId: "cus_${NOBODY}"`],
      [admin, `legalEntityId: "${beta.entities.DE01}"`, `legalEntityId: "le_${NOBODY}"`],
      [limited, `legalEntityId: "${acme.entities.FR01}"`, `legalEntityId: "le_${NOBODY}"`],
      [portal, `customerId: "${acme.customers['C-1']}"`, `customerId: "cus_${NOBODY}"`],
    ];
    for (const [viewer, theirs, nobodys] of asked)
      expect([await ageing(viewer, theirs), await ageing(viewer, nobodys)]).toEqual([[], []]);
    const statement = ({ person }: Viewer, id = `acc_${NOBODY}`) =>
      person.send(`{ statement(accountId: "${id}", from: "2020-01-01", asOf: "2030-01-01") { balance } }`);
    for (const [viewer, id] of [
      [admin, beta.accounts['C-1 DE01']],
      [limited, acme.accounts['C-1 FR01']],
      [portal, acme.accounts['C-1 DE01']],
    ] as const) {
      expect(await statement(viewer, id)).toEqual(await statement(viewer));
    }
    const balance = ({ person }: Viewer, id = `le_${NOBODY}`) =>
      person.send(`{ trialBalance(legalEntityId: "${id}") { balance } }`);
    expect(await balance(admin, beta.entities.DE01)).toEqual(await balance(admin));
    expect(await balance(limited, acme.entities.FR01)).toEqual(await balance(limited));
  });

  it('of the books covers the legal entities in reach, with the amounts of this tenant', async () => {
    for (const [subject, codes] of [
      ['admin', ['DE01', 'FR01']],
      ['admin of DE01', ['DE01']],
      ['billing of FR01', ['FR01']],
    ] as const) {
      const viewer = await stage.viewer(acme, subject);
      const { trialBalance } = await viewer.person.ask('{ trialBalance { legalEntityCode code balance } }');
      expect([...new Set(trialBalance.map((row: { legalEntityCode: string }) => row.legalEntityCode))]).toEqual(codes);
      const [total] = await stage.rows<{ debit: string }>(
        `select (sum(amount_minor) / 100.0)::numeric(20, 2)::text as debit from transfer where tenant_id = $1 and ($2::uuid[] is null or legal_entity_id = any ($2))`,
        [viewer.reach.tenantId, viewer.reach.entityIds],
      );
      const { all } = await viewer.person.ask('{ all: trialBalance { debit } }');
      const sum = all.reduce((cents: number, row: { debit: string }) => cents + Math.round(Number(row.debit) * 100), 0);
      expect((sum / 100).toFixed(2)).toBe(total?.debit);
    }
  });

  it('of an own account shows its payments for others only as what left the account', async () => {
    const { person } = await stage.viewer(acme, 'portal of C-2');
    const { statement } = await person.ask(
      `{ statement(accountId: "${acme.accounts['C-2 DE01']}", from: "2020-01-01", asOf: "2030-01-01") { kind documentNumber amount balance } }`,
    );
    expect(statement.length).toBeGreaterThan(3);
    const own = new Set(
      (
        await stage.rows<{ n: string }>('select document_number as n from open_item where tenant_id = $1 and account_id = $2', [
          acme.tenantId,
          acme.accounts['C-2 DE01']?.slice(4),
        ])
      ).map(({ n }) => n),
    );
    for (const { documentNumber } of statement) expect(own).toContain(documentNumber);
  });
});
