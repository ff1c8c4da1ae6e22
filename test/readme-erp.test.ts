// What the README prints about connecting an ERP works as it is printed there, against a simulated QuickBooks company.
import { afterAll, expect, it } from 'vitest';
import { connector } from '../connectors/quickbooks/index.ts';
import { startSimulator } from '../connectors/quickbooks/simulator/index.ts';
import { connectionInput } from './support/quickbooks.ts';
import { erp } from './support/readme-line.ts';
import { type Shown, startWorld } from './support/world.ts';

const world = await startWorld({ now: '2026-03-10T15:00:00.000Z', connectors: [connector] });
const simulator = await startSimulator({ seed: 'readme', size: 20, limits: null, now: () => world.clock.now() });
afterAll(() => simulator.close());
const admin = await world.as('admin');
const textOf = (name: string): string => erp.find((operation) => operation.name === name)?.text ?? '';

it('prints how to connect, how to look, and how to ask for a record by the id that the ERP has for it', () => {
  expect(erp.map(({ name }) => name)).toEqual([
    'Connect',
    'Connections',
    'FromTheErp',
    'Matches',
    'ConfirmMatch',
    'GroupExposure',
  ]);
});

it('connects, reads, and shows where each record comes from', async () => {
  const entity = { code: 'US01', name: 'Windrose Supply', country: 'US', functionalCurrency: 'USD', timeZone: 'UTC' };
  const { id } = await admin.do('createLegalEntity', entity, 'legalEntity');
  const rate = { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2020-01-01', rate: '0.92' };
  await admin.do('setExchangeRate', rate, 'exchangeRate');
  const { config, credentials } = connectionInput({ simulator, legalEntityId: id });
  const made = await admin.ask(textOf('Connect'), { legalEntities: [{ legalEntityId: id }], config, credentials });
  expect(made).toMatchObject({ createConnection: { connection: { lifecycle: 'ACTIVE' }, userErrors: [] } });
  const external = simulator.all('Invoice').at(-1)?.['Id'] as string;
  const here = async () => {
    world.clock.advance(500);
    return (await admin.ask(textOf('FromTheErp'), { id: external }))['invoice'];
  };
  await expect.poll(here).toMatchObject({ source: { connectionName: 'QuickBooks US', externalId: external } });
  const { connections } = await admin.ask(textOf('Connections'));
  expect(connections.nodes).toMatchObject([{ code: 'quickbooks-us', issues: { nodes: [] } }]);
});

it('finds a customer who is known twice, makes one of both, and shows what the group’s exposure is made of', async () => {
  const { customers } = await admin.ask('{ customers(first: 1) { nodes { id name email } } }');
  const [{ id: customerId, name, email }] = customers.nodes;
  const twin = await admin.do('createCustomer', { number: 'TWIN', name: `${name} Ltd`, email }, 'customer');
  await admin.do('findCustomerMatches', { customerId: twin.id }, 'customer');
  const { customerMatches } = await admin.ask(textOf('Matches'));
  const match = customerMatches.nodes.find((one: Shown) => one.otherCustomer.number === 'TWIN' || one.customer.number === 'TWIN');
  expect(match.evidence[0].sentence).toBe('They have the same e-mail address.');
  const { confirmCustomerMatch } = await admin.ask(textOf('ConfirmMatch'), { id: match.id });
  expect(confirmCustomerMatch).toMatchObject({ match: { lifecycle: 'CONFIRMED', keptCustomer: { name } }, userErrors: [] });
  const { creditExposure, ageing } = await admin.ask(textOf('GroupExposure'), { customerId });
  expect(creditExposure.every((row: Shown) => row.connection === 'quickbooks-us' && row.currency === 'EUR')).toBe(true);
  expect(ageing.length).toBeGreaterThan(0);
});
