/** The nouns in dependency order, in this list and in its imports: a module imports only those before it. */
import { ledgerModule } from './ledger/index.ts';
import { identityModule } from './identity/index.ts';
import { partyModule } from './party/index.ts';
import { catalogueModule } from './catalogue/index.ts';
import { openItemModule } from './open-item/index.ts';
import { creditModule } from './credit/index.ts';
import { customerMatchModule } from './customer-match/index.ts';
import { orderModule } from './order/index.ts';
import { fulfilmentModule } from './fulfilment/index.ts';
import { invoiceModule } from './invoice/index.ts';
import { paymentModule } from './payment/index.ts';
import { cashApplicationModule } from './cash-application/index.ts';
import { observationModule } from './observation/index.ts';
import { insightModule } from './insight/index.ts';

export const modules = [
  ledgerModule,
  identityModule,
  partyModule,
  catalogueModule,
  openItemModule,
  creditModule,
  customerMatchModule,
  orderModule,
  fulfilmentModule,
  invoiceModule,
  paymentModule,
  cashApplicationModule,
  observationModule,
  insightModule,
];
