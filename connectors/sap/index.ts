/** SAP S/4HANA: what the connector reads and writes, how it signs in, and how fast it may go. */
import { type AuthScheme, defineConnector } from '../../src/connect/index.ts';
import { balances } from './balances.ts';
import { check } from './check.ts';
import { judge } from './faults.ts';
import { invoicePdf } from './pdf.ts';
import { pushCustomer } from './push-customer.ts';
import { pushDelivery } from './push-delivery.ts';
import { pushInvoice } from './push-invoice.ts';
import { pushOrder } from './push-order.ts';
import { type Credentials, credentials, type Settings, settings } from './settings.ts';
import { streams } from './streams.ts';
import { unavailable } from './unavailable.ts';
import { hints, verify } from './webhooks.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = 30_000;
const TOKENS = '/sap/bc/sec/oauth2/token';

/** With a client of OAuth 2.0 where one is given, else as a communication user. */
function auth({ baseUrl, tokenUrl, scope, client }: Settings, given: Credentials): AuthScheme {
  const { user = '', password = '', clientId, clientSecret } = given;
  if (clientId === undefined || clientSecret === undefined) return { kind: 'BASIC', user, password };
  const own = `${new URL(baseUrl).origin}${TOKENS}${client === undefined ? '' : `?sap-client=${client}`}`;
  return {
    kind: 'CLIENT_CREDENTIALS',
    tokenUrl: tokenUrl ?? own,
    clientId,
    secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  };
}

export const connector = defineConnector({
  name: 'sap',
  title: 'SAP S/4HANA',
  description:
    'Customers by company, products, orders, deliveries, invoices, credits and payments of SAP S/4HANA; customers and orders both ways.',
  config: settings,
  credentials,
  baseUrls: ({ baseUrl }) => [baseUrl],
  auth,
  rateLimit: ({ baseUrl, client, requestsPerMinuteMaxCount, concurrentMaxCount }) => ({
    key: `${new URL(baseUrl).host}/${client ?? ''}`,
    requestsMaxCount: requestsPerMinuteMaxCount,
    perMs: MINUTE_MS,
    concurrentMaxCount,
    pauseMs: PAUSE_MS,
  }),
  judge,
  streams,
  pushes: [pushCustomer, pushOrder, pushDelivery, pushInvoice],
  authority: {
    CustomerAccount: 'CONNECTION',
    Order: 'PLATFORM',
    Invoice: 'CONNECTION',
    CreditNote: 'CONNECTION',
    Payment: 'CONNECTION',
  },
  unavailable,
  webhooks: { verify, hints },
  check,
  balances,
  invoicePdf,
  skips: {
    rounding: 'SAP works out the tax of an order by itself, item by item: the platform sends what is without tax.',
    'closed books there':
      'It makes nothing there that is booked: invoices come from billing in SAP, and no OData service of SAP posts a payment.',
    'webhooks in disorder':
      'SAP tells of a journal entry when it is made, and not when it is changed or cleared: the next read brings that.',
    webhooks:
      'SAP signs no event: a broker forwards it with a shared secret, which proves who sent it and not what is in it. Events are hints only.',
  },
});
