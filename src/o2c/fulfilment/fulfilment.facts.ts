/** What commands of a fulfilment load: its order first, then itself, both locked, then the credit that its step needs. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, int, optional } from '../../kernel/input.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { CommandContext, RowOf, Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { loadCredit } from '../credit/index.ts';
import { type LoadedOrders, loadOrdersOf, orderBookOf } from '../order/index.ts';
import { loadEntities } from '../party/index.ts';
import { Fulfilment, FulfilmentLine, LogisticsProvider } from './fulfilment.entity.ts';
import { FulfilmentBook } from './fulfilment-book.rules.ts';
import type { FulfilmentLineRow, FulfilmentRow } from './fulfilment.rules.ts';
import type { PassageStage } from './passage.rules.ts';

export type ProviderRow = RowOf<typeof LogisticsProvider>;

/** The input that most of its commands begin with. */
export const fulfilmentRef = {
  id: idOf('ful').describe('The fulfilment.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
};

export interface LoadedFulfilments extends LoadedOrders {
  readonly fulfilments: ReadonlyMap<string, FulfilmentRow>;
  readonly fulfilmentLines: readonly FulfilmentLineRow[];
  readonly providers: ReadonlyMap<string, ProviderRow>;
}

/** A fulfilment names its order for ever, so it may be read before the order's lock is taken. */
export async function loadFulfilments(tx: Tx, ids: readonly string[]): Promise<LoadedFulfilments> {
  const wanted = sql.uuids(ids);
  const [orders, fulfilments, fulfilmentLines, providers] = await Promise.all([
    loadOrdersOf(tx, sql`array(select f.order_id from fulfilment f where f.id = any(${wanted}))`),
    tx.load(Fulfilment, sql`t.id = any(${wanted})`, { lock: true }),
    tx.load(FulfilmentLine, sql`t.fulfilment_id = any(${wanted})`),
    providersWhere(tx, sql`any(array(select f.provider_id from fulfilment f where f.id = any(${wanted})))`),
  ]);
  return { ...orders, fulfilments: new Map(fulfilments.map((f) => [f.id, f])), fulfilmentLines, providers };
}

export const loadProviders = (tx: Tx, ids: readonly (string | null | undefined)[]): Promise<ReadonlyMap<string, ProviderRow>> =>
  providersWhere(tx, sql`any(${sql.uuids(ids)})`);

async function providersWhere(tx: Tx, any: Sql): Promise<ReadonlyMap<string, ProviderRow>> {
  const providers = await tx.load(LogisticsProvider, sql`t.id = ${any}`);
  return new Map(providers.map((p) => [p.id, p]));
}

/** The credit of those whose orders are checked at this stage; locked last. */
export const loadCreditAt = (tx: Tx, stage: PassageStage, { orders }: LoadedOrders, context: CommandContext) =>
  loadCredit(tx, [...new Set([...orders.values()].filter((o) => o.creditStage === stage).map((o) => o.accountId))], context);

/** The legal entities of the orders: whose day it is. */
export const loadEntitiesOf = (tx: Tx, { orders }: LoadedOrders) =>
  loadEntities(
    tx,
    [...orders.values()].map((o) => o.legalEntityId),
  );

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function fulfilmentBookOf(facts: LoadedFulfilments, id: string, expectedVersion?: number): FulfilmentBook {
  const fulfilment = facts.fulfilments.get(id);
  if (!fulfilment) throw new DomainError('NOT_FOUND', 'There is no such fulfilment.', { path: ['id'] });
  requireVersion(fulfilment.version, expectedVersion);
  return new FulfilmentBook({
    fulfilment,
    lines: facts.fulfilmentLines.filter((l) => l.fulfilmentId === id),
    order: orderBookOf(facts, fulfilment.orderId),
    provider: (fulfilment.providerId && facts.providers.get(fulfilment.providerId)?.code) ?? null,
  });
}
