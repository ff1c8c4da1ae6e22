import { describe, expect, it } from 'vitest';
import { definePostings, LEDGER_CODES, type PostingRule } from './posting.ts';

const rule: PostingRule = {
  on: 'invoice.issued',
  amount: 'net',
  debit: 'RECEIVABLE',
  credit: 'BILLED',
  description: 'What was sold.',
};

describe('posting rules', () => {
  it('come back as they were written', () => {
    const rules = [rule, { ...rule, amount: 'tax', credit: 'TAX' as const }, { ...rule, on: 'invoice.corrected' }];
    expect(definePostings(rules)).toEqual(rules);
  });

  it('have one row for each amount of an event', () => {
    expect(() => definePostings([rule, { ...rule, credit: 'TAX' }])).toThrow('Two posting rules for invoice.issued net');
  });

  it('move nothing to itself, but for receivables from one item to another', () => {
    expect(() => definePostings([{ ...rule, debit: 'TAX', credit: 'TAX' }])).toThrow('moves TAX to itself');
    expect(definePostings([{ ...rule, credit: 'RECEIVABLE' }])).toHaveLength(1);
  });

  it('know each ledger code once', () => {
    expect(new Set(LEDGER_CODES).size).toBe(LEDGER_CODES.length);
  });
});
