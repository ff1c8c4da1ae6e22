// Endpoints as tests make and watch them, through the API.
import type { Person, Shown, World } from '../support/world.ts';

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

const CREATE = `mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) {
  webhookEndpoint { id lifecycle secretHint eventTypes } secret userErrors { code message path } } }`;

/** As an administrator of the first tenant unless told. */
export async function hookTo(
  world: World,
  url: string,
  {
    types = ['customer.*'],
    as = 'admin',
    tenant,
    ...more
  }: { types?: string[]; as?: string; tenant?: string } & Record<string, unknown> = {},
): Promise<Endpoint> {
  const person = await world.as(as, tenant);
  const { createWebhookEndpoint: made } = await person.ask(CREATE, { input: { url, eventTypes: types, ...more } });
  if (made.userErrors.length > 0) throw new Error(JSON.stringify(made.userErrors));
  return { id: made.webhookEndpoint.id, secret: made.secret };
}

let next = 1;

/** A customer that is new: one event. Gives its id. */
export async function newCustomer(person: Person): Promise<string> {
  const number = `H-${next++}`;
  return (await person.do('createCustomer', { number, name: `Customer ${number}` }, 'customer')).id;
}

/** One more event of the customer. */
export const rename = (person: Person, id: string, name = `Name ${next++}`): Promise<Shown> =>
  person.do('updateCustomer', { id, name }, 'customer');

export async function endpointOf(person: Person, id: string, selection: string): Promise<Shown> {
  const { webhookEndpoint } = await person.ask(`query($id: ID!) { webhookEndpoint(id: $id) { ${selection} } }`, { id });
  return webhookEndpoint;
}

const DELIVERY = `id state purpose eventType recordId attemptCount nextAt endedAt failure cursor eventId
  attempts { number status durationMs headers body failure }`;

/** The oldest first: by their events, since on a clock that stands still all are made at once. */
export async function deliveriesOf(person: Person, id: string, where: Record<string, unknown> = {}): Promise<Shown[]> {
  const { webhookEndpoint } = await person.ask(
    `query($id: ID!, $where: WebhookDeliveryWhere) { webhookEndpoint(id: $id) { deliveries(first: 100, where: $where) { nodes { ${DELIVERY} } } } }`,
    { id, where },
  );
  return webhookEndpoint.deliveries.nodes.toSorted((a: Shown, b: Shown) => Number(a['cursor']) - Number(b['cursor']));
}
