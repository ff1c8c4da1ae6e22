// The inputs of every mutation that takes ids. Each id is named by the kind of what it stands for, and filled in by the test.
import { ISSUER } from './stage.ts';

const LINE = { description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' };
const COMMON = { externalId: 'x-1', customerNumber: 'C-1', amount: '1', currency: 'EUR' };
const ACTOR = { name: 'New', issuer: ISSUER, subject: 'new' };

/** Each mutation that takes ids, with an input whose ids are named by the kind of what they stand for. */
export const INPUTS: Readonly<Record<string, readonly object[]>> = {
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
  closeBooks: [{ id: 'entity', through: '2025-01-01' }],
  createCustomer: [{ number: 'C-9', name: 'New', parentId: 'customer' }],
  updateCustomer: [
    { id: 'customer', name: 'Newer' },
    { id: 'customer', parentId: 'customer' },
  ],
  openAccount: [{ customerId: 'customer', legalEntityId: 'entity', number: 'C-99', currency: 'EUR', paymentTermsId: 'terms' }],
  importCustomer: [{ legalEntityId: 'entity', number: 'C-9', name: 'New', currency: 'EUR' }],
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
  reverseAllocation: [{ id: 'allocation' }],
  returnPayment: [{ id: 'payment', reason: 'New' }],
  importInvoice: [{ legalEntityId: 'entity', ...COMMON, issuedOn: '2026-01-01', dueOn: '2026-01-02' }],
  importPayment: [{ legalEntityId: 'entity', ...COMMON, receivedOn: '2026-01-01' }],
};
