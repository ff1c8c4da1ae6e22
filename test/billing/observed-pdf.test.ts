// Invoices of an ERP as files: as the ERP itself prints them, for their readers only, and an error that says why when it does not. What no
// ERP prints is drawn here, and says that it is a copy.
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, it } from 'vitest';
import { connector } from '../../connectors/quickbooks/index.ts';
import type { Connector } from '../../src/connect/index.ts';
import { startQuickBooksWorld } from '../support/quickbooks.ts';
import type { Person, Shown } from '../support/world.ts';

const { world, simulator, connectionId, until, settled } = await startQuickBooksWorld({ hasWebhooks: false });
const admin = await world.as('admin');
const billing = await world.as('billing');
const base = world.url.replace('/graphql', '');

const text = (value: unknown): string => String(value);
const customerOf = (name: string) => ({ value: text(simulator.create('Customer', { DisplayName: name })['Id']) });
const [own, other] = [customerOf('Sea View Hotel'), customerOf('Harbour Inn')];
const item = simulator.create('Item', {
  Name: 'Garden pump',
  Type: 'NonInventory',
  UnitPrice: 250,
  IncomeAccountRef: { value: '79' },
});
const Line = [
  {
    DetailType: 'SalesItemLineDetail',
    Amount: 500,
    SalesItemLineDetail: { ItemRef: { value: text(item['Id']) }, Qty: 2, UnitPrice: 250 },
  },
];
const make = (entity: 'Invoice' | 'SalesReceipt' | 'CreditMemo', CustomerRef = own) =>
  simulator.create(entity, { CustomerRef, Line });
const here = (field: 'invoice' | 'creditNote', { Id }: Record<string, unknown>): Promise<Shown> =>
  until(`the ${field}`, async () => {
    const query = `query($id: String!) { ${field}(externalRef: { connection: "qb", id: $id }) { id number lifecycle pdfUrl account { customer { id } } } }`;
    return (await billing.ask(query, { id: text(Id) }))[field];
  });

const get = (path: string, person: Pick<Person, 'token'> = billing) =>
  fetch(`${base}${path}`, { headers: { authorization: `Bearer ${person.token}` } });
async function fileOf(path: string, person?: Person): Promise<Buffer> {
  const response = await get(path, person);
  const file = Buffer.from(await response.arrayBuffer());
  expect(response.status, file.toString('latin1', 0, 500)).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  return file;
}
const textOf = async (file: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true })).text;
async function refusal(path: string, person?: Person): Promise<{ status: number; code: string; message: string }> {
  const response = await get(path, person);
  const { errors } = (await response.json()) as { errors: Shown[] };
  return { status: response.status, code: errors[0].extensions.code, message: errors[0].message };
}
/** Has the connector print otherwise from now on. */
const printing = (invoicePdf: Connector['invoicePdf']): void => {
  const { invoicePdf: _, ...rest } = connector;
  (world.platform.sync.connectors as Map<string, Connector>).set(connector.name, invoicePdf ? { ...rest, invoicePdf } : rest);
};
const pdfRequests = ({ path }: { readonly path: string }) => path.includes('/pdf');

/** As the ERP gives it to its own users: the simulator marks its papers with a title of their own. */
const printedThere = async (file: Buffer, title: string, { DocNumber }: Record<string, unknown>) => {
  const shown = await textOf(file);
  expect(shown).toContain(`${title} ${text(DocNumber)}`);
  expect(shown).toContain('Due');
  expect(shown).not.toContain('Legal entity');
};

it('is what the ERP prints, an invoice as well as a sales receipt, also when the first answer is cut', async () => {
  for (const entity of ['Invoice', 'SalesReceipt'] as const) {
    const made = make(entity);
    const { pdfUrl, number } = await here('invoice', made);
    await printedThere(await fileOf(pdfUrl), entity, made);
    simulator.setFaults({ script: ['HALF_ANSWER'], only: pdfRequests });
    const response = await get(pdfUrl);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${number}.pdf"`);
    await printedThere(Buffer.from(await response.arrayBuffer()), entity, made);
    simulator.setFaults({});
  }
});

it('shows what stands there now, as nothing of it is kept', async () => {
  const made = make('Invoice');
  const { pdfUrl } = await here('invoice', made);
  await fileOf(pdfUrl);
  simulator.update('Invoice', text(made['Id']), { DueDate: '2026-07-19' });
  expect(await textOf(await fileOf(pdfUrl))).toContain('2026-07-19');
});

it('is for whoever may read the invoice: a portal user gets its own, and another one finds nothing', async () => {
  const made = make('Invoice');
  const { pdfUrl, account } = await here('invoice', made);
  const stranger = (await here('invoice', make('Invoice', other))).account.customer.id;
  for (const [subject, customerId] of [
    ['own', account.customer.id],
    ['stranger', stranger],
  ] as const)
    await admin.do(
      'createActor',
      { kind: 'PORTAL', name: subject, issuer: 'urn:cashgraph:local', subject, roles: [], customerIds: [customerId] },
      'actor',
    );
  await world.addTenant('beta');
  await printedThere(await fileOf(pdfUrl, await world.as('own')), 'Invoice', made);
  let asked = 0;
  simulator.setFaults({ rate: 1, kinds: ['SLOW'], only: (request) => pdfRequests(request) && ++asked > 0 });
  for (const person of [await world.as('stranger'), await world.as('admin', 'beta')])
    expect(await refusal(pdfUrl, person)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(asked).toBe(0);
  simulator.setFaults({});
});

it('is refused in the words of the ERP where the ERP has it no more, and as voided once that is known here', async () => {
  const made = make('Invoice');
  const { pdfUrl, id } = await here('invoice', made);
  simulator.remove('Invoice', text(made['Id']));
  expect(await refusal(pdfUrl)).toEqual({
    status: 409,
    code: 'ERP_REFUSED',
    message: expect.stringMatching(/^The invoice is printed by QuickBooks US, which refuses to: .*Object Not Found.*\.$/),
  });
  await until('the void', async () => {
    const { invoice } = await billing.ask('query($id: ID!) { invoice(id: $id) { lifecycle pdfUrl } }', { id });
    return invoice.lifecycle === 'VOIDED' && invoice.pdfUrl === null;
  });
  expect(await refusal(pdfUrl)).toMatchObject({ status: 409, code: 'WRONG_STATE' });
});

it('is drawn here where the ERP prints none, and says that it is a copy', async () => {
  const invoice = await here('invoice', make('Invoice'));
  const note = await here('creditNote', make('CreditMemo'));
  const copyOf = async (path: string) => textOf(await fileOf(path));
  expect(await copyOf(note.pdfUrl)).toContain(`Credit note ${text(note.number)} (copy)`);
  const words = [`Invoice ${text(invoice.number)} (copy)`, 'no second original', '500.00', 'Sea View Hotel'];
  printing(undefined);
  const drawn = await copyOf(invoice.pdfUrl);
  printing(connector.invoicePdf);
  await settled();
  await admin.do('pauseConnection', { id: connectionId }, 'connection');
  const paused = await copyOf(invoice.pdfUrl);
  await admin.do('resumeConnection', { id: connectionId }, 'connection');
  for (const shown of [drawn, paused]) for (const word of words) expect(shown).toContain(word);
});

it('is nothing but a PDF of some megabytes', async () => {
  const { pdfUrl } = await here('invoice', make('Invoice'));
  const reply = { status: 409, message: expect.stringContaining('QuickBooks US') };
  for (const content of ['', '%PDF', '<html>%PDF-1.4']) {
    printing(async () => Buffer.from(content));
    expect(await refusal(pdfUrl), content).toEqual({ ...reply, code: 'ERP_UNREACHABLE' });
  }
  printing(async () => Buffer.concat([Buffer.from('%PDF-1.4'), Buffer.alloc(20_000_000)]));
  expect(await refusal(pdfUrl)).toEqual({ ...reply, code: 'ERP_REFUSED' });
  printing(connector.invoicePdf);
});

it('is an error with a sentence when the ERP gives something else, or is down; nothing of its address is told', async () => {
  const { pdfUrl } = await here('invoice', make('Invoice'));
  const unreachable = {
    status: 409,
    code: 'ERP_UNREACHABLE',
    message: 'The invoice is printed by QuickBooks US, which gives no answer at the moment. Try again in a while.',
  };
  simulator.setFaults({ rate: 1, kinds: ['HTML'], only: pdfRequests });
  expect(await refusal(pdfUrl)).toEqual(unreachable);
  await simulator.close();
  expect(await refusal(pdfUrl, await world.as('own'))).toEqual(unreachable);
});
