// Terms, products and customers that an ERP shows: made once, followed where the ERP made them, only linked where it did not.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Books, bare, openBooks, type Person, startWorld } from '../support/world.ts';
import { withClient } from '../support/connection.ts';
import { connect, type Connected, setAuthority } from './connection.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let books: Books;
let erp: Connected;
let admin: Person;
beforeAll(async () => {
  books = await openBooks(world);
  erp = await connect(world, books);
  admin = await world.as('admin');
});

const common = () => ({
  recordId: null as string | null,
  legalEntityId: bare(books.legalEntityId),
  occurredAt: '2024-05-06T07:08:09Z',
  isDeleted: false,
  isOwner: true,
});
const shownCustomer = (name: string, more: Record<string, unknown> = {}) => ({
  ...common(),
  name,
  isActive: true,
  fallbackNumber: `erp-${name}`,
  ...more,
});

const CUSTOMER = `number currency customer { id number name email taxId country parent { name } aliases { name source } } paymentTerms { code }`;
const accountOf = async (id: string) =>
  (await admin.ask(`query($id: ID!) { customerAccount(id: $id) { ${CUSTOMER} } }`, { id: `acc_${id}` })).customerAccount;

const told = (id: string) =>
  withClient(world.database.connection, async (client) => {
    const { rows } = await client.query<{ type: string; source: string; occurred_at: Date }>(
      `select type, source, occurred_at from (select type, source, occurred_at, record_id, record_version from event
       union all select type, source, occurred_at, record_id, record_version from event_inbox) e where record_id = $1 order by record_version`,
      [id],
    );
    return rows.map((r) => `${r.type} ${r.source} ${r.occurred_at.toISOString().slice(0, 10)}`);
  });

describe('a customer', () => {
  it('is made with its account, as the ERP says it and at the time of the ERP', async () => {
    const id = await erp.taken(
      'observeCustomer',
      shownCustomer('Alpha', { number: 'A1', email: 'a@x.de', taxId: 'DE1', country: 'DE' }),
    );
    expect(await accountOf(id)).toMatchObject({
      number: 'A1',
      currency: 'EUR',
      customer: { number: 'A1', name: 'Alpha', email: 'a@x.de', taxId: 'DE1', country: 'DE', aliases: [] },
    });
    expect(await told(id)).toEqual(['account.opened erp 2024-05-06']);
  });

  it('changes nothing when it is shown again as it is', async () => {
    const shown = shownCustomer('Beta', { number: 'B1', email: 'b@x.de' });
    const id = await erp.taken('observeCustomer', shown);
    expect(await erp.observe('observeCustomer', [{ ...shown, recordId: id }])).toMatchObject([
      { ok: true, isNew: false, recordId: id },
    ]);
    expect(await told(id)).toHaveLength(1);
  });

  it('follows the ERP that made it, and is still found by the name that it had', async () => {
    const shown = shownCustomer('Gamma', { number: 'G1', email: 'g@x.de', currency: 'USD' });
    const id = await erp.taken('observeCustomer', shown);
    const terms = await erp.taken('observeTerms', { ...common(), code: 'NET20', name: 'Net 20', netDays: 20 });
    const parent = await erp.taken('observeCustomer', shownCustomer('Gamma Holding'));
    await erp.taken('observeCustomer', {
      ...shown,
      recordId: id,
      name: 'Gamma Neu',
      email: undefined,
      currency: 'GBP',
      number: 'G2',
      paymentTermsId: terms,
      parentAccountId: parent,
    });
    expect(await accountOf(id)).toMatchObject({
      number: 'G2',
      currency: 'GBP',
      paymentTerms: { code: 'NET20' },
      customer: {
        number: 'G1',
        name: 'Gamma Neu',
        email: null,
        parent: { name: 'Gamma Holding' },
        aliases: [{ name: 'Gamma', source: 'erp' }],
      },
    });
    expect(await told(id)).toEqual(['account.opened erp 2024-05-06', 'account.updated erp 2024-05-06']);
  });

  it('that was made here is only linked: nothing of it is overwritten', async () => {
    const before = await accountOf(bare(books.accountId));
    const shown = { ...shownCustomer('Another name'), recordId: bare(books.accountId), isOwner: false };
    expect(await erp.observe('observeCustomer', [shown])).toMatchObject([
      { ok: true, isNew: false, recordId: bare(books.accountId) },
    ]);
    expect(await accountOf(bare(books.accountId))).toEqual(before);
  });

  it('that is gone there stays here', async () => {
    const shown = shownCustomer('Delta');
    const id = await erp.taken('observeCustomer', shown);
    const outcome = await erp.observe('observeCustomer', [{ ...shown, recordId: id, name: 'Delta (deleted)', isDeleted: true }]);
    expect(outcome).toMatchObject([{ ok: true, isNew: false }]);
    expect((await accountOf(id)).customer.name).toBe('Delta');
  });

  it('gets the other number where its own is taken, in the group or at the legal entity', async () => {
    const [first, second, third] = await erp.observe('observeCustomer', [
      shownCustomer('One', { number: 'SAME' }),
      shownCustomer('Two', { number: 'SAME' }),
      shownCustomer('Three', { number: 'SAME', fallbackNumber: 'erp-Two' }),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(await accountOf((second as { recordId: string }).recordId)).toMatchObject({
      number: 'erp-Two',
      customer: { number: 'erp-Two' },
    });
    expect(third).toMatchObject({ ok: false, problems: [{ code: 'ALREADY_EXISTS', path: ['number'] }] });
  });

  it('never comes to stand above itself, also where two of one page change places', async () => {
    const [a, b] = (await erp.observe('observeCustomer', [shownCustomer('Up'), shownCustomer('Down')])).map((o) =>
      o.ok ? o.recordId : '',
    );
    const outcomes = await erp.observe('observeCustomer', [
      { ...shownCustomer('Up'), recordId: a, parentAccountId: b },
      { ...shownCustomer('Down'), recordId: b, parentAccountId: a },
    ]);
    expect(outcomes).toMatchObject([
      { ok: true, isNew: true },
      { ok: true, isNew: false },
    ]);
    expect((await accountOf(a ?? '')).customer.parent).toEqual({ name: 'Down' });
    expect((await accountOf(b ?? '')).customer.parent).toBeNull();
  });

  it('keeps the parent that people gave it, and loses the one that the ERP gave it with the ERP', async () => {
    const parent = await erp.taken('observeCustomer', shownCustomer('Parent there'));
    const child = shownCustomer('Child there', { parentAccountId: parent });
    const id = await erp.taken('observeCustomer', child);
    await erp.taken('observeCustomer', { ...child, recordId: id, parentAccountId: null });
    expect((await accountOf(id)).customer.parent).toBeNull();
    const group = await admin.do('createCustomer', { number: 'GRP', name: 'The group' }, 'customer');
    await admin.do('updateCustomer', { id: (await accountOf(id)).customer.id, parentId: group.id }, 'customer');
    await erp.taken('observeCustomer', { ...child, recordId: id, parentAccountId: null, email: 'c@x.de' });
    expect((await accountOf(id)).customer).toMatchObject({ parent: { name: 'The group' }, email: 'c@x.de' });
  });

  it('keeps its currency once something is booked on it', async () => {
    const shown = shownCustomer('Booked', { currency: 'EUR' });
    const id = await erp.taken('observeCustomer', shown);
    await setAuthority(world, books.legalEntityId, []);
    await admin.do('recordPayment', { accountId: `acc_${id}`, amount: { amount: '5', currency: 'EUR' } }, 'payment');
    await erp.taken('observeCustomer', { ...shown, recordId: id, currency: 'USD', email: 'x@x.de' });
    expect(await accountOf(id)).toMatchObject({ currency: 'EUR', customer: { email: 'x@x.de' } });
  });
});

describe('a product', () => {
  const shown = (sku: string, more: Record<string, unknown> = {}) => ({
    ...common(),
    sku,
    name: `Name of ${sku}`,
    kind: 'GOODS',
    isActive: true,
    ...more,
  });
  const productOf = async (id: string) =>
    (await admin.ask('query($id: ID!) { product(id: $id) { sku name kind unit isActive version } }', { id: `prd_${id}` }))
      .product;

  it('is made, followed where the ERP made it, and not sold any more when it is gone there', async () => {
    const id = await erp.taken('observeProduct', shown('P-1', { unit: 'KGM' }));
    expect(await productOf(id)).toMatchObject({ sku: 'P-1', unit: 'KGM', isActive: true, version: 1 });
    await erp.taken('observeProduct', shown('P-1b', { unit: 'KGM', recordId: id, name: 'New name', kind: 'SERVICE' }));
    expect(await productOf(id)).toMatchObject({ sku: 'P-1b', name: 'New name', kind: 'SERVICE', version: 2 });
    await erp.taken(
      'observeProduct',
      shown('P-1b', { unit: 'KGM', recordId: id, name: 'New name', kind: 'SERVICE', isDeleted: true }),
    );
    expect(await productOf(id)).toMatchObject({ isActive: false, version: 3 });
    expect(await told(id)).toEqual([
      'product.created erp 2024-05-06',
      'product.updated erp 2024-05-06',
      'product.updated erp 2024-05-06',
    ]);
  });

  it('is found by its SKU where people or another ERP made it, and is only linked then', async () => {
    const made = await admin.do('createProduct', { sku: 'OURS', name: 'As we call it', unit: 'C62' }, 'product');
    const [first, again] = await erp.observe('observeProduct', [shown('OURS'), shown('OURS', { name: 'And again' })]);
    expect([first, again]).toMatchObject([
      { recordId: bare(made.id), isNew: false },
      { recordId: bare(made.id), isNew: false },
    ]);
    await erp.taken('observeProduct', shown('OURS', { recordId: bare(made.id), isOwner: false }));
    expect(await productOf(bare(made.id))).toMatchObject({ name: 'As we call it', version: 1 });
  });

  it('that two records of one page name is made once', async () => {
    const [first, second] = await erp.observe('observeProduct', [shown('TWICE'), shown('TWICE')]);
    expect(first).toMatchObject({ ok: true, isNew: true });
    expect(second).toMatchObject({ ok: true, isNew: false, recordId: first?.ok ? first.recordId : '' });
  });

  it('without a SKU is refused by name, and takes no other of the page with it', async () => {
    const [good, bad] = await erp.observe('observeProduct', [shown('P-2'), shown(' \t')]);
    expect(good).toMatchObject({ ok: true });
    expect(bad).toMatchObject({ ok: false, problems: [{ code: 'INVALID_INPUT', path: ['sku'] }] });
  });
});

describe('payment terms', () => {
  const shown = (code: string, more: Record<string, unknown> = {}) => ({ ...common(), code, name: code, netDays: 30, ...more });
  const termsOf = async (id: string) =>
    (
      await admin.ask('query($id: ID!) { paymentTerms(id: $id) { code netDays discountDays discountPercent version } }', {
        id: `pt_${id}`,
      })
    ).paymentTerms;

  it('are made and followed; half a discount is none, and none is for paying later than due', async () => {
    const id = await erp.taken('observeTerms', shown('2/10', { discountDays: 10, discountPercent: '2' }));
    expect(await termsOf(id)).toMatchObject({ discountDays: 10, discountPercent: '2' });
    expect(
      await erp.observe('observeTerms', [shown('2/10', { recordId: id, discountDays: 10, discountPercent: '2.0' })]),
    ).toMatchObject([{ isNew: false }]);
    await erp.taken('observeTerms', shown('2/10', { recordId: id, netDays: 5, discountDays: 10, discountPercent: '2' }));
    expect(await termsOf(id)).toMatchObject({ netDays: 5, discountDays: 5, version: 2 });
    await erp.taken('observeTerms', shown('2/10', { recordId: id, netDays: 5, discountDays: 10, discountPercent: '0' }));
    expect(await termsOf(id)).toMatchObject({ discountDays: null, discountPercent: null, version: 3 });
  });

  it('of that code that were made here are only linked', async () => {
    const made = await admin.do('createPaymentTerms', { code: 'N14', name: 'Ours', netDays: 14 }, 'paymentTerms');
    expect(await erp.taken('observeTerms', shown('N14', { netDays: 15 }))).toBe(bare(made.id));
    expect(await termsOf(bare(made.id))).toMatchObject({ netDays: 14, version: 1 });
  });
});

it('takes a thousand customers at once in a handful of statements, and shows them again in none', async () => {
  const page = Array.from({ length: 1_000 }, (_, i) => shownCustomer(`Many ${i}`, { number: `M-${i}` }));
  const outcomes = await erp.observe('observeCustomer', page);
  expect(outcomes.filter((o) => o.ok && o.isNew)).toHaveLength(1_000);
  const again = page.map((shown, i) => ({ ...shown, recordId: outcomes[i]?.ok ? outcomes[i].recordId : null }));
  expect((await erp.observe('observeCustomer', again)).filter((o) => o.ok && !o.isNew)).toHaveLength(1_000);
});
