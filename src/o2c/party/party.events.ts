/** What happens to companies and customers. Names, addresses and tax numbers are personal and can be erased. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

export const tenantEvents = defineEvents('Tenant', {
  'tenant.clock_advanced': {
    description: 'The business clock of a sandbox was moved forward.',
    payload: z.object({ to: z.string() }),
  },
});

export const legalEntityEvents = defineEvents('LegalEntity', {
  'legal_entity.created': {
    description: 'A legal entity was made.',
    payload: z.object({ code: z.string(), functionalCurrency: z.string() }),
  },
  'legal_entity.updated': {
    description: 'Its name or policies changed; it says all of them as they are now.',
    payload: z.object({
      fields: z.string(),
      name: z.string(),
      billingRule: z.string(),
      creditStage: z.string(),
      overdueBlockDays: z.number().nullable(),
      overdueBlock: z.string().nullable(),
      overdueBlockCurrency: z.string().nullable(),
      writeOffLimit: z.string().nullable(),
      functionalCurrency: z.string(),
      discountReducesTax: z.boolean(),
    }),
  },
  'legal_entity.books_closed': {
    description: 'Its books were closed through a day.',
    payload: z.object({ closedThrough: z.string() }),
  },
});

export const customerEvents = defineEvents('Customer', {
  'customer.created': {
    description: 'A customer was made.',
    payload: z.object({ number: z.string(), parentId: z.string().nullable() }),
  },
  'customer.updated': {
    description: 'Fields of a customer changed; the texts before and after are personal.',
    payload: z.object({ fields: z.string(), parentId: z.string().nullable() }),
  },
});

const merging = {
  /** The customer that has its accounts now, or had them. */
  with: z.string(),
  accountCount: z.number(),
};

export const mergeEvents = defineEvents('Customer', {
  'customer.merged': {
    description: 'A customer was found to be the same as another one, which has its accounts from now on.',
    payload: z.object(merging),
  },
  'customer.restored': {
    description: 'A customer is one of its own again, with the accounts that were opened for it.',
    payload: z.object(merging),
  },
});

const settings = {
  paymentTermsId: z.string().nullable(),
  priceListId: z.string().nullable(),
  billingRule: z.string().nullable(),
  taxExemption: z.string().nullable(),
  taxRegion: z.string().nullable(),
};

export const accountEvents = defineEvents('CustomerAccount', {
  'account.opened': {
    description: 'A customer got an account with a legal entity.',
    payload: z.object({ number: z.string(), currency: z.string(), ...settings }),
  },
  'account.updated': {
    description:
      'How the account buys and is billed changed, or its number where an ERP says it; it says all of it as it is now.',
    payload: z.object({ fields: z.string(), number: z.string(), currency: z.string(), ...settings }),
  },
  'account.moved': {
    description:
      'The account belongs to another customer: the one that it was opened for was matched with that one, or is one of its own again.',
    payload: z.object({ from: z.string(), to: z.string() }),
  },
});
