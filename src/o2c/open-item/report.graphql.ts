/** Ageing, statement and trial balance in the graph: flat rows of scalars, as a BI tool wants them. */
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { requireKnownAt } from '../../read/moment.ts';
import { CurrencyScalar, DateScalar, DateTimeScalar, enumType, objectClass } from '../../read/schema.ts';
import type { GraphContext } from '../../write/context.ts';
import { reportAmount, reportCurrency, reportRows, reportText, uuidOf } from '../../write/report.graphql.ts';
import { AGEING_CURRENCIES, AGEING_GROUPS, type AgeingCurrency, type AgeingGroup, ageingSql } from './ageing.read.ts';
import { statementSql, trialBalanceSql } from './report.read.ts';

const nullable = true;

const ageingGroup = enumType('AgeingGroup', AGEING_GROUPS, {
  ACCOUNT: "By the customer's account with a legal entity.",
  CUSTOMER: 'By customer, over all legal entities.',
  ROOT: 'By the customer at the top of each hierarchy, with everything below it.',
  LEGAL_ENTITY: 'By legal entity.',
  CONNECTION: 'By the connection to the ERP that serves the legal entity.',
  SEGMENT: 'By segment of the customer.',
});

const ageingCurrency = enumType('AgeingCurrency', AGEING_CURRENCIES, {
  DOCUMENT: 'A row for each currency of documents.',
  GROUP:
    "All in the group's currency, each item at the stored rate of its document: one row for each group, as exposure adds up.",
});

const AgeingRow = objectClass({
  name: 'AgeingRow',
  description: 'What is open of one group in one currency, by days overdue. The buckets and `unapplied` add up to `total`.',
  fields: [
    reportText('legalEntityCode', 'The legal entity; null unless the rows are grouped by it.'),
    reportText('customerNumber', 'The customer; null unless the rows are grouped by it.'),
    reportText('customerName', 'Its name.'),
    reportText('accountNumber', 'Its number at the legal entity; null unless the rows are grouped by account.'),
    reportText('segment', 'The segment; null unless the rows are grouped by it.'),
    reportText(
      'connection',
      'The code of the connection; null unless the rows are grouped by it, or where no ERP serves the legal entity.',
    ),
    {
      name: 'syncedAt',
      type: () => DateTimeScalar,
      nullable,
      description: 'Up to when all kinds of documents were read by the connection; null unless the rows are grouped by it.',
    },
    reportCurrency,
    reportAmount('notDue', 'Owed to us, and not due yet.'),
    reportAmount('days1To30', 'Owed to us, 1 to 30 days overdue.'),
    reportAmount('days31To60', 'Owed to us, 31 to 60 days overdue.'),
    reportAmount('days61To90', 'Owed to us, 61 to 90 days overdue.'),
    reportAmount('over90', 'Owed to us, more than 90 days overdue.'),
    reportAmount('unapplied', 'Owed by us: payments and credit notes that are not set against anything yet; negative.'),
    reportAmount('total', 'All of it: what the control account shows.'),
    { name: 'itemCount', type: () => Int, description: 'How many open items there are.' },
  ],
});

const StatementRow = objectClass({
  name: 'StatementRow',
  description: "One movement of a customer's account, with the balance after it.",
  fields: [
    reportCurrency,
    { name: 'effectiveOn', type: () => DateScalar, description: 'The day on which it counts.' },
    { name: 'kind', type: () => String, description: 'INVOICE, CREDIT_NOTE, PAYMENT, or the kind of an allocation.' },
    { name: 'documentNumber', type: () => String, description: 'The document that it is about.' },
    reportAmount('amount', 'What it adds to the balance; negative takes off.'),
    reportAmount('balance', 'What is owed to us after it, in this currency.'),
  ],
});

const TrialBalanceRow = objectClass({
  name: 'TrialBalanceRow',
  description: 'A ledger code of one legal entity in one currency.',
  fields: [
    { name: 'legalEntityCode', type: () => String, description: 'The legal entity.' },
    { name: 'code', type: () => String, description: 'The ledger code, for example RECEIVABLE.' },
    reportCurrency,
    { name: 'baseCurrency', type: () => CurrencyScalar, description: "The legal entity's functional currency." },
    reportAmount('debit', 'The sum of its debits.'),
    reportAmount('credit', 'The sum of its credits.'),
    reportAmount('balance', 'Debits less credits.'),
    reportAmount('baseBalance', 'Debits less credits in functional currency.'),
  ],
});

const idOf = (prefix: string, id: string | null | undefined, name: string): string | null =>
  typeof id === 'string' ? uuidOf(prefix, id, name) : null;

const AS_OF = 'The state at the end of this day; absent: now.';
const KNOWN_AT = 'As it was known at this instant, at least 30 seconds ago; absent: as it is known now.';

@Resolver()
export class ReportResolver {
  @Query(() => [AgeingRow], {
    complexity: 500,
    description: 'Open items by days overdue, as of any day. Its total is the control account of that day.',
  })
  ageing(
    @Ctx() context: GraphContext,
    @Arg('asOf', () => DateScalar, { nullable, description: AS_OF }) asOf?: string | null,
    @Arg('knownAt', () => DateTimeScalar, { nullable, description: KNOWN_AT }) knownAt?: Date | null,
    @Arg('groupBy', () => ageingGroup, { defaultValue: 'CUSTOMER', description: 'What a row stands for.' })
    groupBy: AgeingGroup = 'CUSTOMER',
    @Arg('legalEntityId', () => ID, { nullable, description: 'Only this legal entity.' }) legalEntityId?: string | null,
    @Arg('customerId', () => ID, { nullable, description: 'Only this customer.' }) customerId?: string | null,
    @Arg('currency', () => ageingCurrency, { defaultValue: 'DOCUMENT', description: 'In which currency rows are.' })
    currency: AgeingCurrency = 'DOCUMENT',
  ): Promise<object[]> {
    requirePermission(context.principal, 'items:read');
    return reportRows(
      context,
      AgeingRow,
      ageingSql({
        moment: { asOf: asOf ?? null, knownAt: requireKnownAt(context.now(), knownAt) },
        wallNow: new Date(context.now().getTime() - (context.principal.clockOffsetMs ?? 0)),
        groupBy,
        currency,
        principal: context.principal,
        legalEntityId: idOf('le', legalEntityId, 'legalEntityId'),
        customerId: idOf('cus', customerId, 'customerId'),
        scope: context.scope,
      }),
    );
  }

  @Query(() => [StatementRow], {
    complexity: 100,
    description: "The movements of a customer's account with the balance after each: by document and by allocation.",
  })
  statement(
    @Ctx() context: GraphContext,
    @Arg('accountId', () => ID, { description: "The customer's account." }) accountId: string,
    @Arg('from', () => DateScalar, { description: 'The first day that is shown; the balance counts what came before.' })
    from: string,
    @Arg('asOf', () => DateScalar, { description: 'The last day that is shown and counted.' }) asOf: string,
    @Arg('knownAt', () => DateTimeScalar, { nullable, description: KNOWN_AT }) knownAt?: Date | null,
  ): Promise<object[]> {
    requirePermission(context.principal, 'items:read');
    const moment = { asOf, knownAt: requireKnownAt(context.now(), knownAt) };
    return reportRows(
      context,
      StatementRow,
      statementSql({ accountId: uuidOf('acc', accountId, 'accountId'), from, moment, scope: context.scope }),
    );
  }

  @Query(() => [TrialBalanceRow], {
    complexity: 500,
    description: 'Debits and credits of each ledger code. RECEIVABLE is the control account that ageing foots to.',
  })
  trialBalance(
    @Ctx() context: GraphContext,
    @Arg('asOf', () => DateScalar, { nullable, description: AS_OF }) asOf?: string | null,
    @Arg('knownAt', () => DateTimeScalar, { nullable, description: KNOWN_AT }) knownAt?: Date | null,
    @Arg('legalEntityId', () => ID, { nullable, description: 'Only this legal entity.' }) legalEntityId?: string | null,
  ): Promise<object[]> {
    requirePermission(context.principal, 'ledger:read');
    const moment = { asOf: asOf ?? null, knownAt: requireKnownAt(context.now(), knownAt) };
    return reportRows(
      context,
      TrialBalanceRow,
      trialBalanceSql({ moment, legalEntityId: idOf('le', legalEntityId, 'legalEntityId'), scope: context.scope }),
    );
  }
}
