/** Pairs of customers that may be the same, what speaks for it, and what a match moved. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, decimal, identified, instant, integer, reference, text, versioned } from '../../write/columns.ts';

export const CustomerMatch = defineEntity({
  name: 'CustomerMatch',
  tableName: 'customer_match',
  properties: {
    ...identified('match'),
    customerId: reference('Customer', 'One of the two.'),
    otherCustomerId: reference('Customer', 'The other one.'),
    lifecycle: choice('CustomerMatchLifecycle', 'The step that it is at.', {
      PROPOSED: 'They may be the same: a person decides.',
      CONFIRMED: 'They are the same: the kept one has the accounts of both.',
      REJECTED: 'They are not.',
      UNDONE: 'They were taken for the same, and are not.',
      WITHDRAWN: 'Too little speaks for it any more.',
    }),
    score: decimal('How probable it is that they are the same, from 0 to 1, by the evidence.', {
      filter: true,
      sort: true,
      measure: true,
    }),
    keptCustomerId: reference(
      'Customer',
      'The one that has the accounts of both; null unless it is, or was, confirmed.',
    ).nullable(),
    movedAccountCount: integer('How many accounts went to the kept one.'),
    movedCustomerCount: integer('How many customers belong to another one because of it.'),
    decidedById: reference('Actor', 'Who decided last.').nullable(),
    decidedAt: instant('When.', { filter: true, sort: true }).nullable(),
    reason: text('Why.').nullable(),
    ...versioned(),
  },
});

export const CustomerMatchEvidence = defineEntity({
  name: 'CustomerMatchEvidence',
  tableName: 'customer_match_evidence',
  properties: {
    ...identified('evidence'),
    matchId: p.uuid(),
    place: integer('What weighs most comes first.'),
    kind: text('What was compared: TAX_ID, NAME, EMAIL, PHONE, ADDRESS, BANK_ACCOUNT or COUNTRY.'),
    level: text('How it compares, for example EQUAL, NEAR or DIFFERENT.'),
    value: text('What one of the two has.'),
    otherValue: text('What the other one has.'),
    weight: decimal('What it speaks for the two being the same, in bits: each doubles the odds, a negative one halves them.'),
    sentence: text('The same in words.'),
  },
});

export const CustomerMatchMove = defineEntity({
  name: 'CustomerMatchMove',
  tableName: 'customer_match_move',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    matchId: p.uuid(),
    customerId: p.uuid(),
    fromParentId: p.uuid().nullable(),
    toParentId: p.uuid().nullable(),
  },
});
