/** QuickBooks Online: what the connector reads and writes, how it signs in, and how fast it may go. */
import { defineConnector } from '../../src/connect/index.ts';
import { balances, check, invoicePdf } from './check.ts';
import { judge } from './faults.ts';
import { pushCustomer } from './push-customer.ts';
import { pushPayment } from './push-payment.ts';
import { pushCreditNote, pushInvoice, pushOrder } from './push-sales.ts';
import { credentials, settings } from './settings.ts';
import { streams } from './streams.ts';
import { hints, verify } from './webhooks.ts';

const REQUESTS_PER_MINUTE = 500;
const MINUTE_MS = 60_000;

export const connector = defineConnector({
  name: 'quickbooks',
  title: 'QuickBooks Online',
  description:
    'Customers, products, estimates as orders, invoices, payments and credits of a QuickBooks Online company, both ways.',
  config: settings,
  credentials,
  baseUrls: ({ baseUrl }) => [baseUrl],
  auth({ tokenUrl }, { clientId, clientSecret, refreshToken, authorizationCode, redirectUri }) {
    const start =
      refreshToken === undefined ? { code: authorizationCode ?? '', redirectUri: redirectUri ?? '' } : { refreshToken };
    return { kind: 'REFRESH', tokenUrl, clientId, clientSecret, start };
  },
  rateLimit: ({ realmId, baseUrl }) => ({
    key: `${new URL(baseUrl).host}/${realmId}`,
    requestsMaxCount: REQUESTS_PER_MINUTE,
    perMs: MINUTE_MS,
    concurrentMaxCount: 10,
    pauseMs: MINUTE_MS,
  }),
  judge,
  streams,
  pushes: [pushCustomer, pushOrder, pushInvoice, pushCreditNote, pushPayment],
  authority: {
    CustomerAccount: 'PLATFORM',
    Order: 'PLATFORM',
    Invoice: 'CONNECTION',
    CreditNote: 'CONNECTION',
    Payment: 'CONNECTION',
  },
  webhooks: { verify, hints },
  check,
  balances,
  invoicePdf,
});
