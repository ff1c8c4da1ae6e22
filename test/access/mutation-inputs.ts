// The inputs of every mutation that takes ids. Each id is named by the kind of what it stands for, and filled in by the test.
import { ISSUER } from './stage.ts';

const LINE = { description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' };
const NEW_LINE = { productId: 'product', quantity: '1' };
const PRICE = { unitPrice: '1', validFrom: '2026-06-01' };
const EUROS = { amount: '1', currency: 'EUR' };
const NEW = { reason: 'New' };
const DESK = { baseUrl: 'https://desk.example.com', company: 'Desk' };
const COMMON = { externalId: 'x-1', customerNumber: 'C-1', amount: '1', currency: 'EUR' };
const HOOK = 'https://hooks.example.com';
const ACTOR = { name: 'New', issuer: ISSUER, subject: 'new' };

/** As for a single one; the others take the same inputs, by the same code. */
export const BULK: Readonly<Record<string, string>> = { bulkApplyCash: 'applyCash', bulkChangeOrders: 'changeOrder' };

/** Each mutation of one input that takes ids, with an input whose ids are named by the kind of what they stand for. */
const SINGLE: Readonly<Record<string, readonly object[]>> = {
  createActor: [
    { kind: 'USER', ...ACTOR, roles: [{ role: 'billing', legalEntityId: 'entity' }] },
    { kind: 'PORTAL', ...ACTOR, roles: [], customerIds: ['customer'] },
  ],
  setActorRoles: [{ id: 'actor', roles: [{ role: 'billing', legalEntityId: 'entity' }] }],
  revokeActor: [{ id: 'actor' }],
  createApiKey: [
    {
      name: 'New',
      roles: [{ role: 'billing', legalEntityId: 'entity' }],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    },
  ],
  revokeApiKey: [{ id: 'key' }],
  removeForbiddenPair: [{ id: 'pair' }],
  rejectApproval: [{ id: 'release' }, { id: 'limit' }],
  withdrawApproval: [{ id: 'release' }],
  expireApproval: [{ id: 'release' }],
  closeBooks: [{ id: 'entity', through: '2025-01-01' }],
  updateLegalEntity: [{ id: 'entity', name: 'Newer' }],
  setPrice: [{ priceListId: 'priceList', productId: 'product', ...PRICE }],
  agreePrice: [{ customerId: 'customer', productId: 'product', currency: 'EUR', ...PRICE }],
  updateProduct: [{ id: 'product', name: 'Newer' }],
  createCustomer: [{ number: 'C-9', name: 'New', parentId: 'customer' }],
  updateCustomer: [
    { id: 'customer', name: 'Newer' },
    { id: 'customer', parentId: 'customer' },
  ],
  openAccount: [
    {
      customerId: 'customer',
      legalEntityId: 'entity',
      number: 'C-99',
      currency: 'EUR',
      paymentTermsId: 'terms',
      priceListId: 'priceList',
    },
  ],
  updateAccount: [{ id: 'account', paymentTermsId: 'terms', priceListId: 'priceList' }],
  upsertCustomer: [{ number: 'C-9', name: 'New', legalEntityId: 'entity', currency: 'EUR' }],
  importCustomer: [{ legalEntityId: 'entity', number: 'C-9', name: 'New', currency: 'EUR' }],
  requestCreditLimit: [{ customerId: 'customer', limit: EUROS, ...NEW }],
  approveCreditLimit: [{ approvalId: 'limit', amount: EUROS, ...NEW }],
  blockCredit: [{ customerId: 'customer', ...NEW }],
  unblockCredit: [{ customerId: 'customer', ...NEW }],
  setRiskClass: [{ customerId: 'customer', riskClass: 'A' }],
  findCustomerMatches: [{ customerId: 'customer' }],
  matchCustomers: [{ customerId: 'customer', otherCustomerId: 'customer', keepCustomerId: 'customer' }],
  confirmCustomerMatch: [{ id: 'match', keepCustomerId: 'customer', ...NEW }],
  rejectCustomerMatch: [{ id: 'match', ...NEW }],
  undoCustomerMatch: [{ id: 'match', ...NEW }],
  setValidationRule: [
    { code: 'NEW', description: 'New', stage: 'ORDER', field: 'currency', operator: 'IS_PRESENT', legalEntityId: 'entity' },
  ],
  deactivateValidationRule: [{ id: 'rule' }],
  draftOrder: [{ accountId: 'account', lines: [NEW_LINE], paymentTermsId: 'terms' }],
  placeOrder: [{ accountId: 'account', lines: [NEW_LINE], paymentTermsId: 'terms' }],
  changeOrderDraft: [{ id: 'orderDraft', expectedVersion: 1, lines: [NEW_LINE] }],
  submitOrder: [{ id: 'orderDraft' }],
  confirmOrder: [{ id: 'submitted' }],
  changeOrder: [
    { id: 'submitted', expectedVersion: 3, lines: [NEW_LINE], changes: [{ orderLineId: 'submittedLine', quantity: '9' }] },
  ],
  cancelOrderLines: [{ id: 'order', lines: [{ orderLineId: 'orderLine', quantity: '1' }] }],
  cancelOrder: [{ id: 'orderDraft', ...NEW }],
  closeOrderShort: [{ id: 'order', ...NEW }],
  placeHold: [{ orderId: 'submitted', kind: 'FRAUD', stage: 'ORDER', ...NEW }],
  releaseHold: [{ holdId: 'hold', ...NEW }],
  requestCreditRelease: [{ holdId: 'creditHold', ...NEW }],
  approveCreditRelease: [{ approvalId: 'release', amount: EUROS }],
  planFulfilment: [{ orderId: 'order', lines: [{ orderLineId: 'orderLine', quantity: '1' }], providerId: 'provider' }],
  releaseFulfilment: [{ id: 'planned' }],
  cancelFulfilment: [{ id: 'planned' }],
  shipFulfilment: [{ id: 'planned' }],
  deliverFulfilment: [{ id: 'shipped' }],
  returnFulfilment: [{ id: 'shipped', lines: [{ orderLineId: 'orderLine', quantity: '1' }], ...NEW }],
  recordTracking: [
    { id: 'shipped', source: 'in-house', externalId: 'new', kind: 'IN_TRANSIT', occurredAt: '2026-01-10T08:00:00.000Z' },
  ],
  updateLogisticsProvider: [{ id: 'provider', name: 'Newer' }],
  rotateLogisticsSecret: [{ id: 'provider' }],
  createConnection: [
    {
      code: 'new',
      name: 'New',
      connector: 'desk',
      legalEntities: [{ legalEntityId: 'entity' }],
      config: DESK,
      credentials: { key: '0123456789' },
    },
  ],
  updateConnection: [
    { id: 'connection', name: 'Newer' },
    { id: 'connection', legalEntities: [{ legalEntityId: 'entity' }] },
  ],
  pauseConnection: [{ id: 'connection' }],
  resumeConnection: [{ id: 'connection' }],
  setAuthority: [{ legalEntityId: 'entity', recordKind: 'Order', side: 'PLATFORM' }],
  syncConnection: [{ id: 'connection', mode: 'FULL' }],
  replayConnection: [{ id: 'connection' }],
  checkConnection: [{ id: 'connection' }],
  reconcileConnection: [{ id: 'connection' }],
  retrySyncIssue: [{ id: 'issue' }],
  dismissSyncIssue: [{ id: 'issue' }],
  retryErpRequest: [{ id: 'request' }],
  billOrder: [{ orderId: 'order', lines: [{ orderLineId: 'orderLine', quantity: '1' }] }],
  creditReturn: [{ orderId: 'order', lines: [{ orderLineId: 'orderLine', quantity: '1' }], ...NEW }],
  draftInvoice: [{ accountId: 'account', paymentTermsId: 'terms', lines: [LINE] }],
  changeInvoiceDraft: [{ id: 'draft', expectedVersion: 1, customerReference: 'New' }],
  cancelInvoiceDraft: [{ id: 'draft' }],
  issueInvoice: [{ id: 'draft' }],
  issueCreditNote: [{ invoiceId: 'invoice', reason: 'New' }],
  recordPayment: [{ accountId: 'account', amount: { amount: '1', currency: 'EUR' } }],
  receivePayment: [{ id: 'pending' }],
  failPayment: [{ id: 'pending' }],
  cancelPayment: [{ id: 'pending' }],
  applyCash: [{ paymentId: 'payment', allocations: [{ invoiceId: 'invoice', amount: '1' }] }],
  applyCredit: [{ creditNoteId: 'note', allocations: [{ invoiceId: 'invoice', amount: '1' }] }],
  writeOff: [{ invoiceId: 'invoice', reason: 'New' }],
  requestWriteOff: [{ invoiceId: 'invoice', amount: '1', reason: 'New' }],
  approveWriteOff: [{ approvalId: 'writeOff', amount: '1' }],
  reverseAllocation: [{ id: 'allocation' }],
  returnPayment: [{ id: 'payment', reason: 'New' }],
  importInvoice: [{ legalEntityId: 'entity', ...COMMON, issuedOn: '2026-01-01', dueOn: '2026-01-02' }],
  cancelExport: [{ id: 'export' }],
  restartExport: [{ id: 'export' }],
  deleteUpload: [{ id: 'upload' }],
  startImport: [{ uploadId: 'upload', legalEntityId: 'entity' }],
  cancelImport: [{ id: 'import' }],
  createWebhookEndpoint: [{ url: HOOK, eventTypes: ['invoice.*'], legalEntityId: 'entity', customerId: 'customer' }],
  updateWebhookEndpoint: [{ id: 'endpoint', url: HOOK }],
  rotateWebhookSecret: [{ id: 'endpoint' }],
  pauseWebhookEndpoint: [{ id: 'endpoint' }],
  resumeWebhookEndpoint: [{ id: 'endpoint' }],
  deleteWebhookEndpoint: [{ id: 'endpoint' }],
  testWebhookEndpoint: [{ id: 'endpoint' }],
  replayWebhooks: [{ id: 'endpoint', after: '0' }],
  resendWebhookDeliveries: [{ id: 'endpoint', deliveryId: 'delivery' }],
  importPayment: [{ legalEntityId: 'entity', ...COMMON, receivedOn: '2026-01-01' }],
};

/** The same, and some for many at once. */
export const INPUTS: Readonly<Record<string, readonly object[]>> = {
  ...SINGLE,
  ...Object.fromEntries(Object.entries(BULK).map(([name, single]) => [name, [{ items: SINGLE[single] ?? [] }]])),
};
