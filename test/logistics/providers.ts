// A logistics provider set up through the API with its simulator, orders to give to it, and what came of them.
import { afterAll } from 'vitest';
import { type LogisticsSimulator, startSimulator } from '../../connectors/logistics/simulator.ts';
import { type Books, openBooks, type Person, type Shown, type World } from '../support/world.ts';

export interface Provider {
  readonly id: string;
  readonly code: string;
  readonly secret: string;
  /** Where it reports to. */
  readonly webhookUrl: string;
  readonly simulator: LogisticsSimulator;
}

export interface ProviderWanted {
  readonly code?: string;
  readonly tenant?: string;
  readonly faults?: number;
  readonly seed?: string;
  readonly delayMs?: number;
  /** False: it is never told where to report to. */
  readonly reports?: boolean;
}

export const CREATE = `mutation($input: CreateLogisticsProviderInput!) { createLogisticsProvider(input: $input) {
  logisticsProvider { id code baseUrl secretHint isActive version previousSecretUntil } secret userErrors { code message path } } }`;

/** Its simulator lives by the world's clock, and ends with the test file. */
export async function startProvider(world: World, wanted: ProviderWanted = {}): Promise<Provider> {
  const { code = 'acme', tenant = 'acme', faults = 0, seed = code, delayMs = 5, reports = true } = wanted;
  const simulator = await startSimulator({ now: () => world.clock.now(), delayMs, faults, seed });
  afterAll(() => simulator.close());
  const admin = await world.as('admin', tenant);
  const { createLogisticsProvider: made } = await admin.ask(CREATE, { input: { code, name: code, baseUrl: simulator.url } });
  const webhookUrl = world.url.replace('/graphql', `/webhooks/logistics/${tenant}/${code}`);
  if (reports) simulator.connect({ url: webhookUrl, secret: made.secret });
  return { id: made.logisticsProvider.id, code, secret: made.secret, webhookUrl, simulator };
}

/** Time goes on by itself, and faster than here: retries are due soon. Ends with the test file. */
export function letTimePass(world: World, stepMs = 1_000): void {
  const timer = setInterval(() => world.clock.advance(stepMs), 25);
  afterAll(() => clearInterval(timer));
}

/** A company with one customer and somebody at that customer's who looks at the portal. */
export async function openCompany(world: World, tenant?: string): Promise<Books> {
  const books = await openBooks(world, tenant === undefined ? {} : { tenant });
  const { customerId } = books;
  const buyer = {
    kind: 'PORTAL',
    name: 'Buyer',
    issuer: 'urn:cashgraph:local',
    subject: 'buyer',
    roles: [],
    customerIds: [customerId],
  };
  await (await world.as('admin', tenant)).do('createActor', buyer, 'actor');
  return books;
}

export interface Given {
  readonly world: World;
  readonly books: Books;
  readonly provider: Pick<Provider, 'id'> | null;
  readonly tenant?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A confirmed order's fulfilment, planned for a provider. */
export async function planned({ world, books, provider, tenant, more = {} }: Given): Promise<{ id: string; number: string }> {
  const [desk, warehouse] = (await Promise.all(['order-desk', 'warehouse'].map((role) => world.as(role, tenant)))) as [
    Person,
    Person,
  ];
  const line = { description: 'Pump', quantity: '2.5', unitPrice: '10', taxCategory: 'S', taxRate: '19', isShipped: true };
  const order = await desk.do('placeOrder', { accountId: books.accountId, lines: [line], ...more }, 'order', 'id lifecycle');
  if (order.lifecycle !== 'CONFIRMED') await desk.do('confirmOrder', { id: order.id }, 'order');
  const providerId = provider ? { providerId: provider.id } : {};
  return warehouse.do('planFulfilment', { orderId: order.id, ...providerId }, 'fulfilment', 'id number');
}

export async function released(given: Given): Promise<{ id: string; number: string }> {
  const fulfilment = await planned(given);
  await (await given.world.as('warehouse', given.tenant)).do('releaseFulfilment', { id: fulfilment.id }, 'fulfilment');
  return fulfilment;
}

const FULFILMENT = `lifecycle providerStatus providerReference providerText carrier trackingNumber receivedBy
  tracking { source kind description location }`;

export const fulfilmentOf = async (person: Person, id: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { fulfilment(id: $id) { ${FULFILMENT} } }`, { id })).fulfilment;
