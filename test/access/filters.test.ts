// A filter is no oracle: asking for a value that only others hold gives the same answer as asking for one that nobody holds, in
// every field that can be filtered, in related records, and turned round by `not`. Reports foot to the rows in reach, and about somebody else they say what they
// say about nobody.
import { expect, it } from 'vitest';
import { expectNoOracle } from './filters.ts';
import { serve } from './server.ts';
import { startStage, type Viewer } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { schema, catalogue } = stage.world.platform;
const graph = { schema, catalogue };
const bare = await serve(stage, { hasSecondWall: false });

const PAIRS = [
  ['a tenant', { reader: 'admin', ofBeta: true }],
  ['staff of one legal entity', { reader: 'admin of DE01', ofBeta: false }],
  ['a portal user', { reader: 'portal of C-2', ofBeta: false }],
] as const;

const timeout = 60_000;

it.each(PAIRS)('%s learns nothing about others by filtering', { timeout }, async (_who, { reader, ofBeta }) => {
  const [viewer, other] = [await stage.viewer(acme, reader), await stage.viewer(ofBeta ? beta : acme, 'admin')];
  expect(await expectNoOracle(graph, viewer, other)).toBeGreaterThan(80);
});

it.each(PAIRS)(
  '%s learns nothing about others by filtering where row-level security is away',
  { timeout },
  async (_who, { reader, ofBeta }) => {
    const [viewer, other] = [await bare.personOf(reader, 'acme'), await stage.viewer(ofBeta ? beta : acme, 'admin')];
    expect(await expectNoOracle(graph, { person: viewer }, other)).toBeGreaterThan(80);
  },
);

const ageing = async ({ person }: Viewer, args: string) =>
  (await person.ask(`{ ageing(${args}) { customerNumber legalEntityCode total itemCount } }`))['ageing'];
const NOBODY = '01999999-0000-7000-8000-000000000001';

it.each(['admin', 'admin of DE01', 'portal of C-1', 'portal of C-2 and C-3'])(
  'a report of ageing adds up the open items in reach of %s, and no others',
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

it('a report about somebody else is the report about nobody', async () => {
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

it('a report of the books covers the legal entities in reach, with the amounts of this tenant', async () => {
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

it('a report of an own account shows its payments for others only as what left the account', async () => {
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
