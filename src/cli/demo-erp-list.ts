/** The ERPs of the demo's group: whose books they keep, and what an administrator enters to connect them. Everything here is invented. */
import type { ErpSimulator, SimulatedCompany } from '../connect/simulator.ts';
import { COMPANIES } from './demo-companies.ts';

export interface DemoLegalEntity {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly functionalCurrency: string;
  readonly timeZone: string;
  /** What the ERP calls it; null where it has no other. */
  readonly externalId: string | null;
}

export interface DemoErp {
  readonly connector: string;
  /** As people call it. */
  readonly title: string;
  /** Of the connection. */
  readonly code: string;
  readonly entities: readonly DemoLegalEntity[];
  /** Invoices, about, of eighteen months. */
  readonly size: number;
  readonly companies: readonly SimulatedCompany[];
  settings(simulator: ErpSimulator): {
    readonly config: Readonly<Record<string, unknown>>;
    readonly credentials: Readonly<Record<string, unknown>>;
  };
}

const SAP: DemoErp = {
  connector: 'sap',
  title: 'SAP',
  code: 'sap',
  entities: [
    {
      code: 'SAP',
      name: 'Halbig Präzisionstechnik GmbH',
      country: 'DE',
      functionalCurrency: 'EUR',
      timeZone: 'Europe/Berlin',
      externalId: '1010',
    },
  ],
  size: 260,
  companies: COMPANIES.sap,
  settings({ url: baseUrl, access }) {
    const { client, tokenUrl, clientId, clientSecret, webhookSecret } = access;
    const salesArea = { companyCode: '1010', salesOrganization: '1010', country: 'DE', reconciliationAccount: '12100000' };
    return {
      config: { baseUrl, client, tokenUrl, salesAreas: [salesArea], priceCondition: 'PMP0', rejectionReason: '10' },
      credentials: { clientId, clientSecret, webhookSecret },
    };
  },
};

const NETSUITE: DemoErp = {
  connector: 'netsuite',
  title: 'NetSuite',
  code: 'netsuite',
  entities: [
    {
      code: 'NSGB',
      name: 'Fenwick Instruments Ltd',
      country: 'GB',
      functionalCurrency: 'GBP',
      timeZone: 'Europe/London',
      externalId: '1',
    },
    {
      code: 'NSJP',
      name: 'Fenwick Instruments KK',
      country: 'JP',
      functionalCurrency: 'JPY',
      timeZone: 'Asia/Tokyo',
      externalId: '2',
    },
  ],
  size: 260,
  companies: COMPANIES.netsuite,
  settings({ url: baseUrl, access }) {
    const { account, clientId, certificateId, privateKey, webhookSecret } = access;
    const taxId = { column: 'vatregnumber', field: 'vatRegNumber' };
    return {
      config: { account, baseUrl, taxId, bankAccountColumn: 'custentity_bank_account' },
      credentials: { clientId, certificateId, privateKey, webhookSecret },
    };
  },
};

const QUICKBOOKS: DemoErp = {
  connector: 'quickbooks',
  title: 'QuickBooks',
  code: 'qb',
  entities: [
    {
      code: 'QB',
      name: 'Larkspur Landscape Supply LLC',
      country: 'US',
      functionalCurrency: 'USD',
      timeZone: 'America/Los_Angeles',
      externalId: null,
    },
  ],
  size: 280,
  companies: COMPANIES.quickbooks,
  settings({ url: baseUrl, access }) {
    const { realmId, clientId, clientSecret, refreshToken, webhookVerifier } = access;
    return {
      config: {
        realmId,
        baseUrl,
        tokenUrl: `${baseUrl}/oauth2/v1/tokens/bearer`,
        // what the simulated company has set up, by its own ids: see `seed-setup.ts` of the simulator
        taxes: [
          { category: 'S', rate: '8', lineCode: 'TAX', documentCode: '2' },
          { category: 'S', rate: '9.1', lineCode: 'TAX', documentCode: '3' },
          { category: 'O', rate: '0', lineCode: 'NON' },
        ],
        freeTextItem: '1',
        taxIdField: 'ResaleNum',
        paymentMethods: { CASH: '1', CHEQUE: '2', CARD: '3', DIRECT_DEBIT: '5', BANK_TRANSFER: '6' },
      },
      credentials: { clientId, clientSecret, refreshToken, webhookVerifier },
    };
  },
};

export const DEMO_ERPS: readonly DemoErp[] = [SAP, NETSUITE, QUICKBOOKS];
