// Reports and printed documents are ways into the same rows: what exposure is made of, what happened to an order, an invoice as a
// file. Each foots to the rows in reach, and about somebody else each says what it says about nobody.
import { describe, expect, it } from 'vitest';
import { sightOf } from './oracle.ts';
import { type Company, startStage, type Viewer } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const NOBODY = '01999999-0000-7000-8000-000000000001';
const READERS = ['admin', 'admin of DE01', 'portal of C-1', 'portal of C-2 and C-3'];

const ROWS = 'customerNumber customerName legalEntityCode exposure';
const exposureOf = async ({ person }: Viewer, customerId = `cus_${NOBODY}`) => {
  const lines = `creditExposureLines(customerId: $id, first: 1000) { ${ROWS} documentId documentNumber }`;
  return person.ask(`query($id: ID!) { creditExposure(customerId: $id) { ${ROWS} } ${lines} }`, { id: customerId });
};

const cents = (rows: readonly { exposure: string }[]) =>
  rows.reduce((sum, row) => sum + Math.round(Number(row.exposure) * 100), 0);

describe.each(READERS)('what exposure is made of, for %s', (subject) => {
  it('adds up the open items and order lines in reach of a customer and everything below it, and no others', async () => {
    const viewer = await stage.viewer(acme, subject);
    const { tenantId, entityIds, customerIds } = viewer.reach;
    const sight = await sightOf(stage, viewer.reach);
    for (const customerId of Object.values(acme.customers)) {
      const [wanted] = await stage.rows<{ minor: string }>(
        `with account as (
           select a.id from customer_account a join customer c on c.tenant_id = a.tenant_id and c.id = case when $3::uuid[] is null then a.customer_id else a.origin_customer_id end
           where a.tenant_id = $1 and $4 in (c.id, c.parent_id) and ($2::uuid[] is null or a.legal_entity_id = any ($2))
             and ($3::uuid[] is null or (c.id = any ($3) and $4 = any ($3)))
         ) select (select coalesce(sum(group_open_minor), 0) from open_item where account_id in (select id from account))
             + (select coalesce(sum(group_unbilled_minor), 0) from order_line where account_id in (select id from account)) as minor`,
        [tenantId, entityIds, customerIds, customerId.slice(4)],
      );
      const seen = await exposureOf(viewer, customerId);
      expect([cents(seen['creditExposure']), cents(seen['creditExposureLines'])]).toEqual(Array(2).fill(Number(wanted?.minor)));
      expect(sight.strangers(seen)).toEqual([]);
    }
  });
});

it('what exposure of somebody else is made of is what that of nobody is made of', async () => {
  const empty = { creditExposure: [], creditExposureLines: [] };
  expect(await exposureOf(await stage.viewer(acme, 'admin'))).toEqual(empty);
  expect(await exposureOf(await stage.viewer(acme, 'admin'), beta.customers['C-1'])).toEqual(empty);
  // the parent, and a customer that has nothing to do with it
  for (const number of ['C-1', 'C-3'])
    expect(await exposureOf(await stage.viewer(acme, 'portal of C-2'), acme.customers[number])).toEqual(empty);
});

const TIMELINE = 'query($id: ID!) { orderTimeline(orderId: $id, first: 1000) { recordKind recordId actorName sentence } }';
const timelineOf = async ({ person }: Viewer, id = `ord_${NOBODY}`) => (await person.ask(TIMELINE, { id }))['orderTimeline'];

describe.each(READERS)('the timeline of an order, for %s', (subject) => {
  it('tells of the records in reach, all of them, and no others', async () => {
    const viewer = await stage.viewer(acme, subject);
    const sight = await sightOf(stage, viewer.reach);
    const own = new Set(Object.values(sight.seen).flat());
    for (const id of sight.seen['Order'] ?? []) {
      const rows: readonly { recordKind: string; recordId: string }[] = await timelineOf(viewer, id);
      const told = new Set(rows.map((row) => row.recordId));
      const wanted = await stage.rows<{ id: string }>(
        `select 'ord_' || $1::uuid as id union all select 'hld_' || id from hold where order_id = $1
         union all select 'apr_' || id from approval where record_id = $1 union all select 'ful_' || id from fulfilment where order_id = $1
         union all select 'inv_' || id from invoice where order_id = $1 union all select 'cn_' || id from credit_note where order_id = $1`,
        [id.slice(4)],
      );
      expect([...told].filter((one) => !own.has(one))).toEqual([]);
      expect(wanted.map((row) => row.id).filter((one) => own.has(one) && !told.has(one))).toEqual([]);
      expect(sight.strangers(rows)).toEqual([]);
    }
  });
});

it('the timeline of the order of somebody else is that of nobody', async () => {
  const orderOf = async (company: Company, place: string) =>
    (
      await (
        await stage.world.as('admin', company.slug)
      ).ask(`{ orders(where: { accountId: { eq: "${company.accounts[place]}" } }) { nodes { id } } }`)
    )['orders'].nodes[0].id;
  for (const [subject, company, place] of [
    ['admin', beta, 'C-1 DE01'],
    ['admin of DE01', acme, 'C-1 FR01'],
    ['portal of C-2', acme, 'C-1 DE01'],
    ['portal of C-2', acme, 'C-3 DE01'],
  ] as const) {
    const viewer = await stage.viewer(acme, subject);
    expect(await timelineOf(viewer)).toEqual([]);
    expect(await timelineOf(viewer, await orderOf(company, place))).toEqual([]);
  }
});

it('a customer learns from a credit hold nothing of the company that it belongs to', async () => {
  const { person } = await stage.viewer(acme, 'portal of C-2');
  const { holds } = await person.ask('{ holds(where: { kind: { eq: CREDIT } }) { nodes { reason } } }');
  expect(holds.nodes).toHaveLength(2);
  // its own figures it may read; C-1, to which it belongs, has a limit of 900000
  expect(JSON.stringify(holds)).toMatch(/C-2 has a credit limit of 100000\.00 EUR/);
  expect(JSON.stringify(holds)).not.toMatch(/C-1|900000/);
});

describe('a document as a file', () => {
  const DOCUMENTS = { invoices: ['Invoice', 'lifecycle: { eq: ISSUED }'], creditNotes: ['CreditNote', ''] } as const;

  const fetched = async (token: string, folder: string, id: string) => {
    const answer = await fetch(new URL(`/documents/${folder}/${id}.pdf`, stage.world.url), {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    return { status: answer.status, body: body.replace(/"(request|error)Id":"[^"]*"/g, '') };
  };

  it.each(['admin', 'admin of DE01', 'portal of C-1', 'portal of C-2'])(
    'of somebody else is for %s one that nobody has, and the own is there',
    async (subject) => {
      const viewer = await stage.viewer(acme, subject);
      const token = await stage.world.tokenOf(subject, acme.slug);
      const sight = await sightOf(stage, viewer.reach);
      for (const [list, [kind, where]] of Object.entries(DOCUMENTS)) {
        const folder = list === 'invoices' ? 'invoices' : 'credit-notes';
        const { [list]: own } = await viewer.person.ask(`{ ${list}(first: 1000, where: { ${where} }) { nodes { id } } }`);
        const hidden = sight.hidden[kind] ?? [];
        const nobodys = await fetched(token, folder, `${hidden[0]?.split('_')[0]}_${NOBODY}`);
        expect(nobodys.status).toBe(404);
        for (const id of [hidden[0], hidden[Math.floor(hidden.length / 2)], hidden.at(-1)])
          expect(await fetched(token, folder, id ?? ''), id).toEqual(nobodys);
        const file = await fetched(token, folder, own.nodes[0].id);
        expect([file.status, file.body.slice(0, 5)]).toEqual([200, '%PDF-']);
      }
    },
  );
});
