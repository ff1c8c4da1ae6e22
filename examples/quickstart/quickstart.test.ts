// The quick starts work as they stand here, against a server, and their documents are those that the published schema gives.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openBooks, startWorld } from '../../test/support/world.ts';
import { withApollo } from './apollo.ts';
import type { QuickStart, Server } from './client.ts';
import { withFetch } from './fetch.ts';
import { typedOperations } from './generate.ts';
import { type Change, invoiceChanges } from './live.ts';
import { withRelay } from './relay.ts';
import { withUrql } from './urql.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = join(here, '../..');
const world = await startWorld({ now: '2026-03-01T12:00:00Z' });
const admin = await world.as('admin');
const { legalEntityId } = await openBooks(world, { number: 'C-1' });
const server: Server = { url: world.url, token: admin.token };

const DAYS = ['2026-03-09', '2026-03-05', '2026-03-07', '2026-03-06', '2026-03-08'];
const owe = (number: string, dueOn: string) =>
  admin.do(
    'importInvoice',
    {
      legalEntityId,
      externalId: number,
      customerNumber: 'C-1',
      number,
      amount: '119.00',
      currency: 'EUR',
      issuedOn: '2026-02-01',
      dueOn,
    },
    'invoice',
  );
for (const [i, day] of DAYS.entries()) await owe(`N-${i}`, day);

const CLIENTS: Readonly<Record<string, (server: Server) => QuickStart>> = {
  fetch: withFetch,
  'Apollo Client': withApollo,
  urql: withUrql,
  Relay: withRelay,
};

describe.each(Object.entries(CLIENTS))('%s', (name, connect) => {
  const client = connect(server);

  it('lists every open invoice once and in order, whatever the page holds', async () => {
    for (const size of [1, 2, 1_000]) {
      const found = await connect(server).openInvoices(size);
      expect(found.map(({ dueOn }) => dueOn)).toEqual([...DAYS].sort());
      expect(found[0]?.open).toMatchObject({ amount: '119.00', currency: 'EUR' });
    }
  });

  it('makes a customer once, however often it is sent, and hands over what is refused', async () => {
    const input = { number: `C-${name}`, name: 'Müller "& Söhne"' };
    const key = (which: string) => `${which}-${name.replace(' ', '-')}`;
    const made = await client.newCustomer(input, key('first'));
    expect(made).toMatchObject({ customer: { name: input.name, version: 1 }, userErrors: [] });
    expect(await client.newCustomer(input, key('first'))).toMatchObject({ customer: { id: made.customer?.id } });
    const again = await client.newCustomer(input, key('second'));
    expect(again).toMatchObject({ customer: null, userErrors: [{ code: 'ALREADY_EXISTS', path: ['input'] }] });
  });

  it('hands over an error of the server', async () => {
    await expect(connect({ ...server, token: 'nobody' }).openInvoices(1)).rejects.toThrow(
      /credentials|sign|401|UNAUTHENTICATED/i,
    );
  });
});

it('follows invoices, and goes on from the last cursor', async () => {
  const seen: Change[] = [];
  for await (const change of invoiceChanges(server, '0')) {
    seen.push(change);
    if (seen.length === 2) break;
  }
  for await (const change of invoiceChanges(server, seen.at(-1)?.cursor ?? null)) {
    seen.push(change);
    if (seen.length === DAYS.length) break;
  }
  expect(seen.map(({ record }) => record?.number)).toEqual(DAYS.map((_, i) => `N-${i}`));
});

it('starts from a line', async () => {
  const { stdout } = await run(process.execPath, [join(here, 'fetch.ts'), server.url, server.token]);
  expect(stdout.split('\n')[0]).toBe('N-1  due 2026-03-05  119.00 EUR  Customer C-1');
});

describe('the published schema', () => {
  const schema = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');

  it('gives the typed operations that are committed', async () => {
    expect(await typedOperations(schema)).toBe(readFileSync(join(here, 'operations.generated.ts'), 'utf8'));
  });

  it('is accepted by the compiler of Relay, which gives the documents that are committed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cashgraph-relay-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(join(here, 'relay/open-invoices.ts'), join(folder, 'open-invoices.ts'));
    cpSync(join(root, 'schema/schema.graphql'), join(folder, 'schema.graphql'));
    const config = JSON.parse(readFileSync(join(here, 'relay/relay.config.json'), 'utf8')) as object;
    const compiler = join(root, 'node_modules/relay-compiler/cli.js');
    const settings = JSON.stringify({ ...config, schema: './schema.graphql' });
    writeFileSync(join(folder, 'relay.config.json'), settings);
    await run(process.execPath, [compiler, 'relay.config.json'], { cwd: folder });
    const made = readdirSync(join(folder, '__generated__'));
    expect(made.length).toBeGreaterThan(3);
    for (const file of made) {
      const committed = readFileSync(join(here, 'relay/__generated__', file), 'utf8');
      expect(readFileSync(join(folder, '__generated__', file), 'utf8')).toBe(committed);
    }
  });
});
