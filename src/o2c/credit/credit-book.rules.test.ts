// The credit check on what was read: limits of the whole chain, blocks, what is overdue, and what earlier decisions reserved.
import { expect, test } from 'vitest';
import { CreditBook, type CreditNode, type Overdue, publicReason, staffReason } from './credit-book.rules.ts';

const node = (customerId: string, more: Partial<CreditNode> = {}): CreditNode => ({
  customerId,
  number: customerId.toUpperCase(),
  exposureMinor: 0n,
  limitMinor: null,
  isBlocked: false,
  blockReason: null,
  ...more,
});

const account = { number: 'A-1', origin: 'C', isMoved: false, isBlockedInErp: false };
const bookOf = (nodes: CreditNode[], overdue: Overdue | null = null, more: Partial<typeof account> = {}) =>
  new CreditBook({
    groupCurrency: 'EUR',
    nodes,
    accounts: new Map([['account', { ...account, ...more, chain: nodes.map((n) => n.customerId), overdue }]]),
  });
const reasonsOf = (book: CreditBook, added: bigint) => {
  const answer = book.check('account', added);
  return answer.fits ? [] : answer.reasons;
};

test('exactly the limit fits, and one cent more does not', () => {
  const book = bookOf([node('c', { exposureMinor: 90_000n, limitMinor: 100_000n })]);
  expect(book.check('account', 10_000n)).toEqual({ fits: true });
  expect(reasonsOf(book, 10_001n)).toEqual([
    {
      kind: 'LIMIT',
      text: 'Customer C has a credit limit of 1000.00 EUR with 900.00 EUR used; 100.01 EUR more is 0.01 EUR too much.',
      publicText: 'Customer C has a credit limit of 1000.00 EUR with 900.00 EUR used; 100.01 EUR more is 0.01 EUR too much.',
    },
  ]);
});

test('what one decision reserves the next one sees, in the whole chain', () => {
  const book = bookOf([node('c', { limitMinor: 500n }), node('p', { limitMinor: 300n })]);
  book.reserve('account', 200n);
  expect(book.check('account', 100n)).toEqual({ fits: true });
  expect(reasonsOf(book, 101n).map((r) => r.text)).toEqual([expect.stringContaining('Customer P')]);
  book.reserve('account', 250n);
  expect(reasonsOf(book, 51n)).toHaveLength(2);
});

test('somebody without a limit can owe anything, and what adds nothing fits even beyond a limit', () => {
  expect(bookOf([node('c')]).check('account', 10n ** 15n)).toEqual({ fits: true });
  const over = bookOf([node('c', { exposureMinor: 900n, limitMinor: 100n })]);
  expect(over.check('account', 0n)).toEqual({ fits: true });
  expect(over.check('account', -5n)).toEqual({ fits: true });
});

test('the figures and the block of a customer above are told to staff and to nobody else', () => {
  const above = node('p', { exposureMinor: 777n, limitMinor: 800n, isBlocked: true, blockReason: 'Fraud' });
  const reasons = reasonsOf(bookOf([node('c'), above]), 100n);
  expect(staffReason(reasons)).toContain('8.00 EUR with 7.77 EUR used');
  expect(staffReason(reasons)).toContain('Fraud');
  expect(publicReason(reasons)).toBe('The credit of the companies that customer C belongs to does not allow it.');
});

test('a block stops what adds nothing too, and its reason is not told to everybody', () => {
  const reasons = reasonsOf(bookOf([node('c', { isBlocked: true, blockReason: 'Fraud' })]), 0n);
  expect(reasons).toMatchObject([{ kind: 'BLOCKED', publicText: 'The credit of customer C is blocked.' }]);
  expect(staffReason(reasons)).toContain('Fraud');
});

test('who owes more for longer than allowed gets nothing more', () => {
  const rule = { days: 30, allowedMinor: 100n };
  expect(bookOf([node('c')], { ...rule, overdueMinor: 100n }).check('account', 1n)).toEqual({ fits: true });
  expect(reasonsOf(bookOf([node('c')], { ...rule, overdueMinor: 101n }), 1n)).toMatchObject([
    { kind: 'OVERDUE', text: 'Customer C owes 1.01 EUR that is more than 30 days overdue; 1.00 EUR is allowed.' },
  ]);
});

test('an account that its ERP blocks gets nothing more, however much credit its customer has', () => {
  expect(reasonsOf(bookOf([node('c')], null, { isBlockedInErp: true }), 0n)).toMatchObject([
    { kind: 'BLOCKED', text: expect.stringContaining('account A-1'), publicText: 'The credit of customer C is blocked.' },
  ]);
});

test('of an account that moved with a match everybody is told of the customer that it was opened for, without figures', () => {
  const kept = node('k', { exposureMinor: 777n, limitMinor: 800n, isBlocked: true, blockReason: 'Fraud' });
  const reasons = reasonsOf(bookOf([kept], { days: 30, allowedMinor: 0n, overdueMinor: 5n }, { isMoved: true }), 100n);
  expect(reasons.map((r) => r.kind)).toEqual(['BLOCKED', 'OVERDUE', 'LIMIT']);
  expect(publicReason(reasons)).toBe('The credit of the companies that customer C belongs to does not allow it.');
  expect(staffReason(reasons)).toContain('Customer K');
});

test('asking for an account that was not loaded is a mistake in code', () => {
  expect(() => bookOf([node('c')]).check('other', 1n)).toThrow('was not loaded');
});
