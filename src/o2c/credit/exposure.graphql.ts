/** What exposure is made of, in the graph. */
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CurrencyScalar, DateScalar, DateTimeScalar, objectClass } from '../../read/schema.ts';
import type { GraphContext } from '../../write/context.ts';
import { reportAmount, reportCurrency, reportRows, reportText, uuidOf } from '../../write/report.graphql.ts';
import { exposureLinesSql, exposureSql } from './exposure.read.ts';

const MAX_LINES = 1_000;

const origin = [
  reportText('customerNumber', 'The customer.'),
  reportText('customerName', 'Its name.'),
  reportText('legalEntityCode', 'The legal entity.'),
  reportText('connection', 'The code of the connection to the ERP that serves the legal entity; null: none does.'),
  {
    name: 'syncedAt',
    type: () => DateTimeScalar,
    nullable: true,
    description: 'Up to when all kinds of documents were read from that ERP; null: one of them never was, or there is none.',
  },
  { name: 'documentCurrency', type: () => CurrencyScalar, description: 'The currency of the documents.' },
  reportCurrency,
];

const CreditExposureRow = objectClass({
  name: 'CreditExposureRow',
  description:
    "What one customer's documents of one legal entity in one currency add to exposure, in the group's currency at their stored rates.",
  fields: [
    ...origin,
    reportAmount('openItems', 'What is open: owed to us, less what we owe.'),
    reportAmount('unbilled', 'What is ordered and not billed yet, from the stage at which credit is checked.'),
    reportAmount('delivered', 'Of the unbilled: what was shipped and kept.'),
    reportAmount('exposure', 'Open items and unbilled orders together.'),
    { name: 'documentCount', type: () => Int, description: 'How many documents there are.' },
  ],
});

const CreditExposureLine = objectClass({
  name: 'CreditExposureLine',
  description: "An open item or an order line with what it adds to exposure, in the group's currency.",
  fields: [
    ...origin,
    { name: 'documentKind', type: () => String, description: 'Invoice, CreditNote, Payment or Order.' },
    { name: 'documentId', type: () => ID, description: 'The document.' },
    { name: 'documentNumber', type: () => String, description: 'Its number.' },
    { name: 'lineNumber', type: () => Int, description: 'The instalment of the document, or the line of the order.' },
    { name: 'dueOn', type: () => DateScalar, nullable: true, description: 'The day on which it is due; null for an order.' },
    reportAmount('exposure', 'What it adds; negative takes off.'),
    reportAmount('delivered', 'Of that: shipped and kept, and not billed.'),
  ],
});

@Resolver()
export class ExposureResolver {
  @Query(() => [CreditExposureRow], {
    complexity: 50,
    description:
      'What the exposure of a customer and everything below it is made of, over all legal entities that you may see. The rows add up to it.',
  })
  creditExposure(
    @Ctx() context: GraphContext,
    @Arg('customerId', () => ID, { description: 'The customer.' }) customerId: string,
  ): Promise<object[]> {
    requirePermission(context.principal, 'credit:read');
    const request = { customerId: uuidOf('cus', customerId, 'customerId'), scope: context.scope, principal: context.principal };
    return reportRows(context, CreditExposureRow, exposureSql(request));
  }

  @Query(() => [CreditExposureLine], {
    complexity: 50,
    description:
      'The open items and order lines that the exposure of a customer and everything below it is made of, biggest first.',
  })
  creditExposureLines(
    @Ctx() context: GraphContext,
    @Arg('customerId', () => ID, { description: 'The customer.' }) customerId: string,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many at most; up to ${MAX_LINES}.` }) first = 50,
  ): Promise<object[]> {
    requirePermission(context.principal, 'credit:read');
    if (first < 1 || first > MAX_LINES)
      throw new DomainError('PAGE_TOO_LARGE', `first must be from 1 to ${MAX_LINES}.`, { path: ['first'] });
    const request = { customerId: uuidOf('cus', customerId, 'customerId'), scope: context.scope, principal: context.principal };
    return reportRows(context, CreditExposureLine, exposureLinesSql(request, first));
  }
}
