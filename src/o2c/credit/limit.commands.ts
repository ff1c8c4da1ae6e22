/** Credit limits: one person asks, another grants. A first limit is a change as any other, and so is none at all. */
import { localDate } from '../../kernel/clock.ts';
import { decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { flag, idOf, moneyInput, object, optional, text } from '../../kernel/input.ts';
import { convert, type Money, money, moneyText } from '../../kernel/money.ts';
import { personOf } from '../../access/principal.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Tx } from '../../write/command.ts';
import { loadRates, rateOf, type Rates } from '../catalogue/index.ts';
import { type ApprovalRow, grant, loadApprovals, loadOpenApprovals, newApproval } from '../identity/index.ts';
import { CreditAccount } from './credit.entity.ts';
import { loadCreditAccounts, requireUnmerged } from './credit.facts.ts';
import { changed, creditAccountOf, limitText } from './credit.rules.ts';

const KIND = 'CREDIT_LIMIT';

/** The group has no zone of its own. */
const todayOf = ({ now }: Pick<CommandContext, 'now'>): string => localDate(now, 'UTC');

const ratesOf = (tx: Tx, currencies: readonly (string | null | undefined)[], context: CommandContext): Promise<Rates> =>
  loadRates(
    tx,
    currencies.flatMap((from) => (from ? [{ from, to: context.tenant.groupCurrency, on: todayOf(context) }] : [])),
  );

/** What the customer may owe from then on; null: as much as it will. */
function limitOf({ limit, isUnlimited = false }: { limit?: Money | undefined; isUnlimited?: boolean | undefined }): Money | null {
  if ((limit === undefined) !== isUnlimited) {
    const message = 'Give either limit, or isUnlimited as true for no limit at all.';
    throw new DomainError('INVALID_INPUT', message, { path: ['limit'] });
  }
  if (limit && limit.minor < 0n) throw new DomainError('AMOUNT_INVALID', 'limit must not be below zero.', { path: ['limit'] });
  return limit ?? null;
}

const isSame = (limit: Money | null, { currency, minor }: { currency: string | null; minor: bigint | null }): boolean =>
  limit === null ? minor === null : limit.minor === minor && limit.currency === currency;

/** What exposure is held against: the limit at the rate of the day. @throws RATE_MISSING */
function inGroupCurrency(limit: Money, rates: Rates, context: CommandContext): { rate: string; minor: bigint } {
  const { groupCurrency } = context.tenant;
  const rate = rateOf(rates, limit.currency, groupCurrency, todayOf(context));
  return { rate, minor: convert(limit, decimal(rate), groupCurrency).minor };
}

export const requestCreditLimit = command({
  name: 'requestCreditLimit',
  description:
    'Asks for another credit limit of a customer and everything below it. Another person grants it by `approveCreditLimit`.',
  permission: 'credit:request',
  record: 'Approval',
  input: object('RequestCreditLimitInput', {
    customerId: idOf('cus').describe('The customer.'),
    limit: optional(moneyInput).describe('What it may owe from then on, in any currency.'),
    isUnlimited: optional(flag).describe('True: it gets no limit at all. Give this or `limit`.'),
    reason: text({ max: 1_000, multiline: true }).describe('Why.'),
  }),
  lockKey: (input) => input.customerId,
  async facts(tx, inputs, context) {
    const accounts = await loadCreditAccounts(
      tx,
      inputs.map((i) => i.customerId),
    );
    const rates = await ratesOf(
      tx,
      inputs.map((i) => i.limit?.currency),
      context,
    );
    return { accounts, rates, open: await loadOpenApprovals(tx, { kind: KIND, recordIds: accounts.map((a) => a.id) }) };
  },
  decide(facts, input, context): Change {
    const account = creditAccountOf(facts.accounts, input.customerId);
    const limit = limitOf(input);
    if (limit) inGroupCurrency(limit, facts.rates, context); // a wish that can't be granted is refused at once
    if (isSame(limit, { currency: account.currency, minor: account.limitMinor }))
      throw new DomainError('INVALID_INPUT', 'This is the credit limit already.', { path: ['limit'] });
    const editor = personOf(context.principal);
    const { id, rows, events } = newApproval(
      context,
      {
        kind: KIND,
        recordKind: 'CreditAccount',
        recordId: account.id,
        recordVersion: account.limitVersion,
        legalEntityId: null,
        accountId: null,
        customerId: account.customerId,
        currency: limit?.currency ?? null,
        amountMinor: limit?.minor ?? null,
        reason: input.reason,
        // whoever granted the limit before may grant the next one: what is edited is the wish
        lastEditorId: editor,
      },
      facts.open.filter((a) => a.recordId === account.id),
    );
    return { recordId: id, rows, events, concerns: [account.id] };
  },
});

async function approveFacts(tx: Tx, ids: readonly string[], context: CommandContext) {
  // credit accounts are locked before wishes, as where they are asked for
  const asked = await tx.rows<{ record_id: string }>(
    sql`select record_id from approval where id = any(${sql.uuids(ids)}) and kind = ${KIND}`,
  );
  const recordIds = sql.uuids(asked.map((a) => a.record_id));
  const accounts = await tx.load(CreditAccount, sql`t.id = any(${recordIds})`, { lock: true });
  await requireUnmerged(
    tx,
    accounts.map((a) => a.customerId),
    'approvalId',
  );
  const approvals = (await loadApprovals(tx, ids)).filter((a) => a.kind === KIND);
  const rates = await ratesOf(
    tx,
    approvals.map((a) => a.currency),
    context,
  );
  return { accounts, approvals, rates };
}

const wishText = ({ currency, amountMinor }: ApprovalRow): string =>
  currency === null || amountMinor === null
    ? 'no limit at all: leave amount out'
    : `${moneyText(money(amountMinor, currency))} ${currency}`;

export const approveCreditLimit = command({
  name: 'approveCreditLimit',
  description: 'Grants a credit limit that another person asked for, converted at the rate of the day.',
  permission: 'credit:approve',
  record: 'CreditAccount',
  input: object('ApproveCreditLimitInput', {
    approvalId: idOf('apr').describe('What was asked for.'),
    amount: optional(moneyInput).describe('The limit that you grant: exactly the one asked for; absent where none at all was.'),
    reason: optional(text({ max: 1_000, multiline: true })).describe('Why.'),
  }),
  lockKey: (input) => input.approvalId,
  facts: (tx, inputs, context) =>
    approveFacts(
      tx,
      inputs.map((i) => i.approvalId),
      context,
    ),
  decide(facts, input, context): Change {
    const approval = facts.approvals.find((a) => a.id === input.approvalId);
    const account = approval && facts.accounts.find((a) => a.id === approval.recordId);
    if (!approval || !account)
      throw new DomainError('NOT_FOUND', 'No credit limit is asked for under this id.', { path: ['approvalId'] });
    const limit = input.amount ?? null;
    if (!isSame(limit, { currency: approval.currency, minor: approval.amountMinor })) {
      const message = `What was asked for is ${wishText(approval)}. Grant exactly that, or have another limit asked for.`;
      throw new DomainError('AMOUNT_INVALID', message, { path: ['amount'] });
    }
    const granted = grant(context, approval, { recordVersion: account.limitVersion, reason: input.reason ?? null });
    const converted = limit && inGroupCurrency(limit, facts.rates, context);
    const set = {
      currency: limit?.currency ?? null,
      limitMinor: limit?.minor ?? null,
      limitRate: converted?.rate ?? null,
      limitGroupMinor: converted?.minor ?? null,
      limitVersion: account.limitVersion + 1,
    };
    const { row, event } = changed(account, set, {
      type: 'credit.limit_changed',
      payload: {
        amountBefore: limitText(account),
        amountCurrencyBefore: account.currency,
        amount: limitText(set),
        amountCurrency: set.currency,
        limitVersion: set.limitVersion,
      },
      personal: { asked: approval.reason, granted: input.reason ?? null },
    });
    return {
      recordId: account.id,
      rows: [row, ...granted.rows],
      events: [event, ...granted.events],
      concerns: [approval.id],
    };
  },
});
