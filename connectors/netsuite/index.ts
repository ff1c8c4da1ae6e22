/** NetSuite: what the connector reads and writes, how it signs in, and how fast it may go. */
import { createPrivateKey } from 'node:crypto';
import { type AuthScheme, defineConnector } from '../../src/connect/index.ts';
import { balancesOf } from './balances.ts';
import { check } from './check.ts';
import { judge } from './faults.ts';
import { pushCustomer } from './push-customer.ts';
import { pushDelivery } from './push-delivery.ts';
import { pushOrder } from './push-order.ts';
import { pushPayment } from './push-payment.ts';
import { pushCreditNote, pushInvoice } from './push-sales.ts';
import { baseUrlOf, type Credentials, credentials, realmOf, type Settings, settings } from './settings.ts';
import { SOURCES, streams } from './streams.ts';
import { hints, verify } from './webhooks.ts';

/** No limit over time is documented, only how many requests at once: this is what so many can do. */
const REQUESTS_PER_MINUTE = 600;
const MINUTE_MS = 60_000;
/** It is not told when to come again. */
const PAUSE_MS = 5_000;

export const connector = defineConnector({
  name: 'netsuite',
  title: 'NetSuite',
  description:
    'Customers, items, sales orders, fulfilments, invoices, payments and credit memos of a NetSuite account and its subsidiaries, both ways.',
  config: settings,
  credentials,
  baseUrls: (config) => [baseUrlOf(config)],
  auth,
  // NetSuite counts requests over the whole account, whatever integration sends them
  rateLimit: (config) => ({
    key: `${new URL(baseUrlOf(config)).host}/${realmOf(config)}`,
    requestsMaxCount: REQUESTS_PER_MINUTE,
    perMs: MINUTE_MS,
    concurrentMaxCount: config.concurrency,
    pauseMs: PAUSE_MS,
  }),
  judge,
  streams,
  pushes: [pushCustomer, pushOrder, pushDelivery, pushInvoice, pushCreditNote, pushPayment],
  authority: {
    CustomerAccount: 'PLATFORM',
    Order: 'PLATFORM',
    Invoice: 'CONNECTION',
    CreditNote: 'CONNECTION',
    Payment: 'CONNECTION',
  },
  webhooks: { verify, hints },
  check,
  balances: (context) => balancesOf(context, SOURCES.payments),
});

function auth(config: Settings, { clientId, certificateId, privateKey, ...token }: Credentials): AuthScheme {
  if (clientId === undefined || certificateId === undefined || privateKey === undefined)
    return {
      kind: 'OAUTH1',
      realm: realmOf(config),
      consumerKey: token.consumerKey ?? '',
      consumerSecret: token.consumerSecret ?? '',
      token: token.tokenId ?? '',
      tokenSecret: token.tokenSecret ?? '',
    };
  const tokenUrl = `${baseUrlOf(config)}/services/rest/auth/oauth2/v1/token`;
  return {
    kind: 'CLIENT_CREDENTIALS',
    tokenUrl,
    clientId,
    scope: 'rest_webservices',
    certificate: { keyId: certificateId, key: createPrivateKey(privateKey), algorithm: 'PS256', audience: tokenUrl },
  };
}
