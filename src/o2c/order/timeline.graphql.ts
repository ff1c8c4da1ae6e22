/** The timeline of an order in the graph: what happened to it and to everything that came of it, as flat rows. */
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { may, requirePermission } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import type { EventPayload } from '../../outbox/event.ts';
import { parseCursor } from '../../outbox/event-row.ts';
import { CursorScalar, DateScalar, DateTimeScalar, objectClass } from '../../read/schema.ts';
import type { GraphContext } from '../../write/context.ts';
import { uuidOf } from '../../write/report.graphql.ts';
import { timelineSql } from './timeline.read.ts';
import { sentenceOf } from './timeline.rules.ts';

const MAX_ROWS = 1_000;

const PREFIX: Readonly<Record<string, string>> = {
  Order: 'ord',
  Hold: 'hld',
  Approval: 'apr',
  Fulfilment: 'ful',
  Invoice: 'inv',
  CreditNote: 'cn',
  Allocation: 'alc',
  Payment: 'pay',
};

const OrderTimelineRow = objectClass({
  name: 'OrderTimelineRow',
  description: 'Something that happened to an order, or to something that came of it.',
  fields: [
    { name: 'cursor', type: () => CursorScalar, description: 'Give it as `after` for what happened later.' },
    { name: 'occurredAt', type: () => DateTimeScalar, description: 'When it happened.' },
    {
      name: 'effectiveOn',
      type: () => DateScalar,
      nullable: true,
      description: 'The day on which it counts; null: of no money.',
    },
    { name: 'type', type: () => String, description: 'The type of the event, for example `order.confirmed`.' },
    { name: 'recordKind', type: () => String, description: 'The kind of record that it happened to.' },
    { name: 'recordId', type: () => ID, description: 'That record.' },
    { name: 'actorName', type: () => String, nullable: true, description: 'Who did it; null if you may not see them.' },
    { name: 'sentence', type: () => String, description: 'What happened, as a sentence.' },
  ],
});

interface Row {
  readonly cursor: string;
  readonly type: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly occurredAt: string;
  readonly effectiveOn: string | null;
  readonly payload: EventPayload;
  readonly position: string;
  readonly actorName: string | null;
}

@Resolver()
export class OrderTimelineResolver {
  @Query(() => [OrderTimelineRow], {
    complexity: 20,
    description:
      'What happened to an order, its holds, approvals, fulfilments, invoices and credit notes, and to the allocations and payments of those, oldest first: as far as you may see each of them. Where the log has forgotten the beginning, the first row is `log.forgotten`. An order that you may not see has no timeline.',
  })
  async orderTimeline(
    @Ctx() context: GraphContext,
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('first', () => Int, { defaultValue: 100, description: `How many at most; up to ${MAX_ROWS}.` }) first = 100,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Only what happened after this row.' }) after?:
      | string
      | null,
  ): Promise<object[]> {
    const { principal } = context;
    requirePermission(principal, 'orders:read');
    if (first < 1 || first > MAX_ROWS)
      throw new DomainError('PAGE_TOO_LARGE', `first must be from 1 to ${MAX_ROWS}.`, { path: ['first'] });
    const source = timelineSql({
      orderId: uuidOf('ord', orderId, 'orderId'),
      after: after ? parseCursor(after) : 0n,
      first,
      isPortal: principal.portal !== null,
      may: (permission) => may(principal, permission),
      scope: context.scope,
    });
    const rows = await context.read.rows<Row>(principal, source);
    return rows.map(({ payload, position: _, ...row }) =>
      Object.assign(new OrderTimelineRow(), {
        ...row,
        occurredAt: new Date(row.occurredAt),
        recordId: publicId(PREFIX[row.recordKind] ?? 'rec', row.recordId),
        sentence: sentenceOf(row.type, payload),
      }),
    );
  }
}
