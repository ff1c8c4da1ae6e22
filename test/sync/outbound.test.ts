// What happens here reaches the ERP once, whatever goes wrong on the way; what it answers comes back as if it had been read.
import { afterAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Books, openBooks, type Person, startWorld } from '../support/world.ts';
import { pushing, startPushErp } from './push-erp.ts';

const world = await startWorld({ connectors: [pushing()] });
const erp = await startPushErp();
afterAll(() => erp.close());
const admin = await world.as('admin');

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

async function connect(legalEntityId: string, code: string): Promise<string> {
  const { id } = await admin.do(
    'createConnection',
    {
      code,
      name: 'Push',
      connector: 'pushing',
      legalEntities: [{ legalEntityId: legalEntityId }],
      config: { baseUrl: erp.url },
      credentials: { key: 'any' },
    },
    'connection',
  );
  return id;
}

/** Time goes on, by the clock that tells when something is tried again. */
async function eventually(look: () => Promise<boolean> | boolean): Promise<void> {
  await expect
    .poll(() => {
      world.clock.advance(1_000);
      return look();
    })
    .toBe(true);
}

interface Request {
  readonly id: string;
  readonly command: string;
  readonly record_kind: string;
  readonly lifecycle: string;
  readonly attempt_count: number;
  readonly erp_text: string | null;
  readonly external_id: string | null;
}
const requests = (recordId: string) =>
  rowsOf<Request>('select * from erp_request where record_id = $1 order by id', [bare(recordId)]);
const isDone = async (recordId: string) => {
  const all = await requests(recordId);
  return all.length > 0 && all.every((r) => r.lifecycle !== 'SENT');
};

let customers = 0;
async function newCustomer({ legalEntityId }: Pick<Books, 'legalEntityId'>): Promise<string> {
  const number = `P-${++customers}`;
  const { id: customerId } = await admin.do('createCustomer', { number, name: `Customer ${number}` }, 'customer');
  const { id } = await admin.do('openAccount', { customerId, legalEntityId, number, currency: 'EUR' }, 'account');
  return id;
}

async function newInvoice(person: Person, accountId: string, price = '100'): Promise<string> {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: price, taxCategory: 'S', taxRate: '19' }];
  const { id } = await person.do('draftInvoice', { accountId, lines }, 'invoice');
  await person.do('issueInvoice', { id }, 'invoice');
  return id;
}

const books = await openBooks(world);
const connectionId = await connect(books.legalEntityId, 'push');
// nothing is read but what is sent comes back with
await rowsOf(`update sync_stream set next_run_at = '2999-01-01'`);

const effectsOf = (ours: string) => erp.effects.filter((effect) => effect.endsWith(` ${ours}`));
const thereOf = (stream: keyof typeof erp.books, ours: string) =>
  [...erp.books[stream].values()].filter((kept) => kept.ours === ours);
const issuesOf = (recordId: string) =>
  rowsOf<{ id: string; reason: string; lifecycle: string; message: string; erp_text: string | null; seen_count: number }>(
    'select * from sync_issue where record_id = $1 order by created_at',
    [bare(recordId)],
  );
const pay = async (accountId: string, amount = '119.00'): Promise<string> =>
  (await admin.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment')).id;
const apply = (paymentId: string, invoiceId: string, amount: string) =>
  admin.do('applyCash', { paymentId, allocations: [{ invoiceId, amount }] }, 'payment');
/** A customer that is there already. */
async function knownCustomer(): Promise<string> {
  const accountId = await newCustomer(books);
  await eventually(() => isDone(accountId));
  return accountId;
}

describe('with the authority of the platform', () => {
  it('makes a customer, an invoice and a payment with what it is set against, each once and in this order', async () => {
    const accountId = await newCustomer(books);
    const invoiceId = await newInvoice(admin, accountId);
    const paymentId = await pay(accountId);
    await apply(paymentId, invoiceId, '119.00');
    await eventually(() => isDone(paymentId));
    expect((await requests(paymentId)).map((r) => [r.command, r.lifecycle])).toEqual([
      ['CREATE', 'CONFIRMED'],
      ['UPDATE', 'CONFIRMED'],
    ]);
    expect(effectsOf(accountId)).toEqual([`POST customers ${accountId}`]);
    expect(effectsOf(invoiceId)).toEqual([`POST invoices ${invoiceId}`]);
    expect(effectsOf(paymentId)).toEqual([`POST payments ${paymentId}`, `PUT payments ${paymentId}`]);
    const [there] = thereOf('invoices', invoiceId);
    const [payment] = thereOf('payments', paymentId);
    expect(payment?.document['applications']).toEqual([{ kind: 'Invoice', document: there?.id, amount: '119.00' }]);
    const [record] = await rowsOf('select * from erp_record where record_id = $1', [bare(invoiceId)]);
    expect(record).toMatchObject({
      external_id: there?.id,
      external_number: there?.document['number'],
      state: 'SYNCED',
      is_made_there: false,
      account_id: bare(accountId),
    });
  });

  it('brings a customer and the changes of its name to the ERP, and a payment that bounced is taken back there', async () => {
    const accountId = await knownCustomer();
    const [row] = await rowsOf<{ customer_id: string }>('select customer_id from customer_account where id = $1', [
      bare(accountId),
    ]);
    await admin.do('updateCustomer', { id: `cus_${row?.customer_id}`, name: 'Renamed Ltd' }, 'customer');
    const paymentId = await pay(accountId);
    await eventually(() => isDone(paymentId));
    await admin.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
    await eventually(async () => (await isDone(accountId)) && (await isDone(paymentId)));
    expect(thereOf('customers', accountId)[0]?.document).toMatchObject({ name: 'Renamed Ltd' });
    expect(thereOf('payments', paymentId)[0]?.document['state']).toBe('VOIDED');
    expect(effectsOf(paymentId)).toEqual([`POST payments ${paymentId}`, `DELETE payments ${paymentId}`]);
  });

  it('asks for nothing where no connection serves the legal entity', async () => {
    const other = await openBooks(world, { code: 'NO01', number: 'C-9' });
    const invoiceId = await newInvoice(admin, other.accountId);
    expect(await requests(invoiceId)).toEqual([]);
    expect(await requests(other.accountId)).toEqual([]);
  });
});

describe('whatever goes wrong on the way', () => {
  it.each([
    ['an answer that is lost', ['LOST']],
    ['a connection that is cut, and then an answer that is lost', ['CUT', 'LOST']],
    ['a connection that is cut before anything was done', ['CUT']],
    ['an ERP that is down', [503, 503]],
    ['an error of its own', [500]],
    ['an ERP that is asked too often', [429]],
    ['all of it in turn', [503, 'CUT', 429, 500, 'LOST']],
  ] as const)('%s leaves one effect', async (_, faults) => {
    const accountId = await knownCustomer();
    erp.faults.push(...faults);
    const invoiceId = await newInvoice(admin, accountId);
    await eventually(() => isDone(invoiceId));
    expect(effectsOf(invoiceId)).toEqual([`POST invoices ${invoiceId}`]);
    expect(await requests(invoiceId)).toMatchObject([
      { lifecycle: 'CONFIRMED', external_id: thereOf('invoices', invoiceId)[0]?.id },
    ]);
    expect(erp.faults).toEqual([]);
  });

  it('a change whose answer is lost comes to the same when it is sent again', async () => {
    const accountId = await knownCustomer();
    const invoiceId = await newInvoice(admin, accountId);
    const paymentId = await pay(accountId);
    await eventually(async () => (await isDone(paymentId)) && (await isDone(invoiceId)));
    erp.faults.push('LOST');
    await apply(paymentId, invoiceId, '100.00');
    await eventually(() => isDone(paymentId));
    const [there] = thereOf('payments', paymentId);
    expect(there?.document['applications']).toEqual([
      { kind: 'Invoice', document: thereOf('invoices', invoiceId)[0]?.id, amount: '100.00' },
    ]);
    expect(thereOf('payments', paymentId)).toHaveLength(1);
  });

  it('a crash after the ERP did it and before it is written here leaves one effect', async () => {
    const accountId = await knownCustomer();
    await rowsOf(`create function crash() returns trigger language plpgsql as $$
      begin raise exception 'the process is gone' using errcode = '57P01'; end $$`);
    await rowsOf(
      `create trigger crash before update on erp_request for each row when (new.lifecycle = 'CONFIRMED') execute function crash()`,
    );
    const invoiceId = await newInvoice(admin, accountId);
    await eventually(() => effectsOf(invoiceId).length > 0);
    expect(await rowsOf('select 1 from erp_record where record_id = $1', [bare(invoiceId)])).toEqual([]);
    expect(await requests(invoiceId)).toMatchObject([{ lifecycle: 'SENT' }]);
    await rowsOf('drop trigger crash on erp_request');
    await eventually(() => isDone(invoiceId));
    expect(effectsOf(invoiceId)).toEqual([`POST invoices ${invoiceId}`]);
    expect(await requests(invoiceId)).toMatchObject([{ lifecycle: 'CONFIRMED' }]);
  });
});

describe('what the ERP will not do', () => {
  it('is refused with its words, is an issue, and holds up nobody else; mended, it is asked again and goes through', async () => {
    const accountId = await knownCustomer();
    erp.refuse = (stream, document) =>
      stream === 'invoices' && document['total'] === '1190.00' ? 'The period is closed.' : null;
    const refusedId = await newInvoice(admin, accountId, '1000');
    const fineId = await newInvoice(admin, accountId, '100');
    await eventually(async () => (await isDone(refusedId)) && (await isDone(fineId)));
    const [request] = await requests(refusedId);
    expect(request).toMatchObject({ lifecycle: 'REFUSED', erp_text: 'The period is closed.' });
    expect(await requests(fineId)).toMatchObject([{ lifecycle: 'CONFIRMED' }]);
    expect(await issuesOf(refusedId)).toMatchObject([
      {
        reason: 'ERP_REFUSED',
        lifecycle: 'OPEN',
        erp_text: 'The period is closed.',
        message: 'Push refused it: The period is closed.',
      },
    ]);
    const again = () => admin.do('retryErpRequest', { id: `erq_${request?.id}` }, 'erpRequest', 'lifecycle attemptCount');
    expect(await again()).toMatchObject({ lifecycle: 'SENT' });
    await eventually(() => isDone(refusedId));
    expect(await requests(refusedId)).toMatchObject([{ lifecycle: 'REFUSED' }]);
    expect(await issuesOf(refusedId)).toMatchObject([{ lifecycle: 'OPEN', seen_count: 2 }]);
    erp.refuse = () => null;
    await again();
    await eventually(() => isDone(refusedId));
    expect(await requests(refusedId)).toMatchObject([{ lifecycle: 'CONFIRMED' }]);
    expect(await issuesOf(refusedId)).toMatchObject([{ lifecycle: 'RESOLVED' }]);
    expect(effectsOf(refusedId)).toHaveLength(1);
  });

  it('keeps back what refers to it, which is shown after a while and goes through once that is there', async () => {
    erp.refuse = (stream) => (stream === 'customers' ? 'There is one of that name.' : null);
    const accountId = await newCustomer(books);
    const invoiceId = await newInvoice(admin, accountId);
    await eventually(() => isDone(accountId));
    world.clock.advance(3_600_000);
    await eventually(async () => (await issuesOf(invoiceId)).length > 0);
    expect(await issuesOf(invoiceId)).toMatchObject([{ reason: 'MISSING_REFERENCE', lifecycle: 'OPEN' }]);
    expect(await requests(invoiceId)).toMatchObject([{ lifecycle: 'SENT', attempt_count: 0 }]);
    erp.refuse = () => null;
    const [request] = await requests(accountId);
    await admin.do('retryErpRequest', { id: `erq_${request?.id}` }, 'erpRequest');
    await eventually(() => isDone(accountId));
    world.clock.advance(3_600_000);
    await eventually(() => isDone(invoiceId));
    expect(await requests(invoiceId)).toMatchObject([{ lifecycle: 'CONFIRMED' }]);
    expect(await issuesOf(invoiceId)).toMatchObject([{ lifecycle: 'RESOLVED' }]);
  });
});

describe('what the ERP makes otherwise than asked', () => {
  it('is shown until it is mended there, and the books here stay as they are', async () => {
    const accountId = await knownCustomer();
    erp.taxes = (document) => ({ ...document, total: '119.50' });
    const invoiceId = await newInvoice(admin, accountId);
    await eventually(() => isDone(invoiceId));
    erp.taxes = (document) => document;
    expect(await requests(invoiceId)).toMatchObject([{ command: 'CREATE', lifecycle: 'CONFIRMED' }]);
    expect(await issuesOf(invoiceId)).toMatchObject([
      {
        reason: 'CONFLICT',
        lifecycle: 'OPEN',
        message:
          'Push made 119.50 EUR of it, and it comes to 119.00 EUR here: see what it calculates by itself, such as tax, and mend it there.',
      },
    ]);
    expect(
      (await admin.ask('query($id: ID!) { invoice(id: $id) { total { amount } } }', { id: invoiceId })).invoice.total,
    ).toEqual({
      amount: '119.00',
    });
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});

describe('a record that was changed there meanwhile', () => {
  it('is decided on once more on what it is now, and what was overridden is in the log', async () => {
    const accountId = await knownCustomer();
    const [there] = thereOf('customers', accountId);
    erp.change('customers', there?.id ?? '', { name: 'Their name', email: 'them@example.com' });
    const [row] = await rowsOf<{ customer_id: string }>('select customer_id from customer_account where id = $1', [
      bare(accountId),
    ]);
    await admin.do('updateCustomer', { id: `cus_${row?.customer_id}`, name: 'Our name' }, 'customer');
    await eventually(() => isDone(accountId));
    expect(thereOf('customers', accountId)[0]?.document).toMatchObject({ name: 'Our name', email: 'them@example.com' });
    const update = (await requests(accountId)).at(-1);
    await expect
      .poll(() =>
        rowsOf(
          `select payload ->> 'overridden' as overridden from event where record_id = $1 and type = 'erp_request.confirmed'`,
          [update?.id],
        ),
      )
      .toEqual([{ overridden: 'name: Their name → Our name' }]);
  });

  it('and is gone, is refused: a person decides', async () => {
    const accountId = await knownCustomer();
    erp.remove('customers', thereOf('customers', accountId)[0]?.id ?? '');
    const [row] = await rowsOf<{ customer_id: string }>('select customer_id from customer_account where id = $1', [
      bare(accountId),
    ]);
    await admin.do('updateCustomer', { id: `cus_${row?.customer_id}`, name: 'Our name' }, 'customer');
    await eventually(() => isDone(accountId));
    expect((await requests(accountId)).at(-1)).toMatchObject({ lifecycle: 'REFUSED' });
  });
});

describe('order and standing still', () => {
  it('keeps the order of a record while others overtake it', async () => {
    const accountId = await knownCustomer();
    const invoiceId = await newInvoice(admin, accountId);
    const paymentId = await pay(accountId);
    await eventually(async () => (await isDone(paymentId)) && (await isDone(invoiceId)));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    erp.beforeWrite = async (stream) => (stream === 'payments' ? held : undefined);
    await apply(paymentId, invoiceId, '10.00');
    await apply(paymentId, invoiceId, '20.00');
    const otherId = await newInvoice(admin, accountId);
    await eventually(() => isDone(otherId));
    expect(await requests(paymentId)).toMatchObject([
      { lifecycle: 'CONFIRMED' },
      { lifecycle: 'SENT', attempt_count: 1 },
      { attempt_count: 0 },
    ]);
    release();
    erp.beforeWrite = async () => {};
    await eventually(() => isDone(paymentId));
    expect(thereOf('payments', paymentId)[0]?.document['applications']).toMatchObject([{ amount: '30.00' }]);
  });

  it('waits while the connection is paused, however long, and goes on when it is resumed', async () => {
    const accountId = await knownCustomer();
    const id = connectionId;
    await admin.do('pauseConnection', { id }, 'connection');
    const invoiceId = await newInvoice(admin, accountId);
    for (let hours = 0; hours < 100; hours += 10) {
      world.clock.advance(36_000_000);
      await eventually(async () => (await requests(invoiceId)).length === 1);
    }
    expect(await requests(invoiceId)).toMatchObject([{ lifecycle: 'SENT', attempt_count: 0 }]);
    expect(await issuesOf(invoiceId)).toEqual([]);
    await admin.do('resumeConnection', { id }, 'connection');
    await eventually(() => isDone(invoiceId));
    expect(effectsOf(invoiceId)).toHaveLength(1);
  });

  it('gives up after three days of an ERP that does not answer, shows it, and asks again when told to', async () => {
    const accountId = await knownCustomer();
    erp.beforeWrite = async () => {
      throw new Error('down');
    };
    const invoiceId = await newInvoice(admin, accountId);
    await eventually(async () => {
      world.clock.advance(21_600_000);
      await rowsOf('update connection_state set breaker_until = null, failure_count = 0');
      return (await issuesOf(invoiceId)).length > 0;
    });
    erp.beforeWrite = async () => {};
    expect(await issuesOf(invoiceId)).toMatchObject([{ reason: 'ERP_UNREACHABLE', lifecycle: 'OPEN' }]);
    await expect
      .poll(() => rowsOf(`select state from delivery where consumer = 'erp' and record_id = $1`, [bare(invoiceId)]))
      .toEqual([{ state: 'DEAD' }]);
    const [request] = await requests(invoiceId);
    expect(request).toMatchObject({ lifecycle: 'SENT' });
    await admin.do('retryErpRequest', { id: `erq_${request?.id}` }, 'erpRequest');
    await eventually(() => isDone(invoiceId));
    expect(await issuesOf(invoiceId)).toMatchObject([{ lifecycle: 'RESOLVED' }]);
    expect(effectsOf(invoiceId)).toHaveLength(1);
  });
});

it('leaves everything that must always hold', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
