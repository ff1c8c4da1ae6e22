// What the README prints about connecting an ERP works as it is printed there, against a simulated QuickBooks company.
import { afterAll, expect, it } from 'vitest';
import { connector } from '../connectors/quickbooks/index.ts';
import { startSimulator } from '../connectors/quickbooks/simulator/index.ts';
import { connectionInput } from './support/quickbooks.ts';
import { erp } from './support/readme-line.ts';
import { startWorld } from './support/world.ts';

const world = await startWorld({ now: '2026-03-10T15:00:00.000Z', connectors: [connector] });
const simulator = await startSimulator({ seed: 'readme', size: 20, limits: null, now: () => world.clock.now() });
afterAll(() => simulator.close());
const admin = await world.as('admin');
const textOf = (name: string): string => erp.find((operation) => operation.name === name)?.text ?? '';

it('prints how to connect, how to look, and how to ask for a record by the id that the ERP has for it', () => {
  expect(erp.map(({ name }) => name)).toEqual(['Connect', 'Connections', 'FromTheErp']);
});

it('connects, reads, and shows where each record comes from', async () => {
  const entity = { code: 'US01', name: 'Windrose Supply', country: 'US', functionalCurrency: 'USD', timeZone: 'UTC' };
  const { id } = await admin.do('createLegalEntity', entity, 'legalEntity');
  const rate = { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2020-01-01', rate: '0.92' };
  await admin.do('setExchangeRate', rate, 'exchangeRate');
  const { config, credentials } = connectionInput({ simulator, legalEntityId: id });
  const made = await admin.ask(textOf('Connect'), { legalEntityIds: [id], config, credentials });
  expect(made).toMatchObject({ createConnection: { connection: { lifecycle: 'ACTIVE' }, userErrors: [] } });
  const external = simulator.all('Invoice').at(-1)?.['Id'] as string;
  for (let i = 0; i < 300; i++) {
    const { invoice } = await admin.ask(textOf('FromTheErp'), { id: external });
    if (invoice !== null) {
      expect(invoice.source).toMatchObject({ connectionName: 'QuickBooks US', externalId: external });
      break;
    }
    expect(i, 'the invoice did not come').toBeLessThan(299);
    world.clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { connections } = await admin.ask(textOf('Connections'));
  expect(connections.nodes).toMatchObject([{ code: 'quickbooks-us', issues: { nodes: [] } }]);
});
