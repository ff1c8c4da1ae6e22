// Reading an ERP from the command line: what comes of each stream, as a table and as JSON, and a sentence for whatever is wrong.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRow, invoiceRow } from '../sync/company.ts';
import { type MiniErp, startMiniErp } from '../sync/mini-erp.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { ask, command, type Done, startServer } from './commands.ts';

const scratch = makeScratchFolder();
const dataDir = join(scratch, 'data');
const connector = join(scratch, 'mini');
const env = { CASHGRAPH_CONNECTORS: connector };
let erp: MiniErp;

const cashgraph = (...args: readonly string[]): Promise<Done> => command(['cashgraph', ...args, '--data-dir', dataDir], env);

beforeAll(async () => {
  mkdirSync(connector);
  const source = JSON.stringify(join(import.meta.dirname, '../sync/mini-erp.ts'));
  writeFileSync(join(connector, 'index.ts'), `export { miniConnector as connector } from ${source};\n`);
  erp = await startMiniErp();
  const server = await startServer(['--empty', '--data-dir', dataDir], env);
  const token = (await cashgraph('token', '--role', 'admin')).stdout.trim();
  const made = await ask<{ createLegalEntity: { legalEntity: { id: string } } }>(server, token, {
    query: `mutation { createLegalEntity(input: { code: "DE", name: "DE", country: "DE", functionalCurrency: "EUR", timeZone: "Europe/Berlin" }) { legalEntity { id } } }`,
  });
  const connection = await ask<{ createConnection: { userErrors: unknown[] } }>(server, token, {
    query: `mutation($input: CreateConnectionInput!) { createConnection(input: $input) { userErrors { message } } }`,
    variables: {
      input: {
        code: 'mini',
        name: 'Mini',
        connector: 'mini',
        legalEntities: [{ legalEntityId: made.createLegalEntity.legalEntity.id }],
        config: { baseUrl: erp.url },
        credentials: { clientSecret: erp.clientSecret, refreshToken: erp.firstRefreshToken, webhookSecret: erp.webhookSecret },
      },
    },
  });
  if (connection.createConnection.userErrors.length > 0) throw new Error(JSON.stringify(connection));
  // from here on nobody else reads
  server.child.kill('SIGTERM');
  await server.ended;
  for (let n = 0; n < 5; n++) erp.put('customers', customerRow(n));
  for (let n = 0; n < 30; n++) erp.put('invoices', invoiceRow(n, n % 5));
  erp.put('invoices', invoiceRow(30, 0, { total: 'a lot' }));
});
afterAll(async () => {
  await erp.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('sync', () => {
  it('reads the streams in their order, and says what came of each', async () => {
    const { code, stdout } = await cashgraph('sync', 'mini');
    expect(stdout).toMatch(/^stream +state +read +changed/);
    expect(stdout).toMatch(/^customers +DONE +5 +5 .*\ninvoices +DONE +31 +30 +0 +0 +0 +1 .*\npayments +DONE +0/m);
    expect(code).toBe(0);
  });

  it('reads everything where it is told so, only the streams that are named, and answers machines in JSON', async () => {
    const { code, stdout } = await cashgraph('sync', 'mini', '--full', '--stream', 'invoices', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { stream: 'invoices', state: 'DONE', read: 31, changed: 0, unchanged: 30, refused: 1 },
    ]);
    expect(code).toBe(0);
  });

  it('ends with a sentence, and a code that says so, when the ERP can not be read', async () => {
    erp.revoke();
    const { code, stdout, stderr } = await cashgraph('sync', 'mini', '--stream', 'customers');
    expect(stdout).toMatch(/^customers +FAILED/m);
    expect(stderr).toContain(
      'customers: Mini lets us in no more (invalid_grant: Token invalid): sign in there again, and enter the new credentials.',
    );
    expect(code).toBe(1);
  });

  it.each([
    [['sync', 'other'], 'There is no connection other. The connections are mini.'],
    [
      ['sync', 'mini', '--stream', 'orders'],
      'mini has no stream orders that is switched on. It has customers, invoices, payments.',
    ],
  ])('%j is answered by what there is', async (args, sentence) => {
    const { code, stderr } = await cashgraph(...args);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });
});
