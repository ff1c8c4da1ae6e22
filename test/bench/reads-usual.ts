// The usual stack as it is usually written, in a process of its own: Apollo Server, type-graphql, MikroORM and dataloaders. Relations to one
// record and whole lists are loaded in batches, first pages of a list by a query of their own. No tenants' walls and no limits.
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type EntityManager, type InferEntity, MikroORM } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { Arg, buildSchema, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { money, moneyText } from '../../src/kernel/money.ts';
import { ageingStatement } from './reads-limit-statements.ts';
import { type PeerStart, sayReady } from './reads-peer.ts';
import { Account, Allocation, Customer, ENTITIES, Invoice, Item, Line, Order, Payment, Product } from './reads-usual-entities.ts';
import {
  AccountType,
  AgeingRowType,
  AllocationType,
  CustomerType,
  InvoiceType,
  ItemType,
  LineType,
  OrderType,
  PaymentType,
  ProductType,
} from './reads-usual-types.ts';

interface Context {
  readonly em: EntityManager;
  readonly load: ReturnType<typeof loaders>;
}
type Of<E> = InferEntity<E>;

/** One record each, in the order of the ids. */
const byId = <T extends { id: string }>(find: (ids: readonly string[]) => Promise<T[]>) =>
  new DataLoader<string, T | null>(async (ids) => {
    const found = new Map((await find(ids)).map((one) => [one.id, one]));
    return ids.map((id) => found.get(id) ?? null);
  });

const listsBy = <T>(find: (ids: readonly string[]) => Promise<T[]>, key: (one: T) => string) =>
  new DataLoader<string, T[]>(async (ids) => {
    const found = new Map<string, T[]>(ids.map((id) => [id, []]));
    for (const one of await find(ids)) found.get(key(one))?.push(one);
    return ids.map((id) => found.get(id) ?? []);
  });

const loaders = (em: EntityManager) => ({
  customer: byId((ids) => em.find(Customer, { id: { $in: ids } })),
  account: byId((ids) => em.find(Account, { id: { $in: ids } })),
  product: byId((ids) => em.find(Product, { id: { $in: ids } })),
  item: byId((ids) => em.find(Item, { id: { $in: ids } })),
  payment: byId((ids) => em.find(Payment, { id: { $in: ids } })),
  accounts: listsBy(
    (ids) => em.find(Account, { customer: { $in: ids } }, { orderBy: { number: 'asc', id: 'asc' } }),
    (account) => account.customer.id,
  ),
  lines: listsBy(
    (ids) => em.find(Line, { order: { $in: ids } }, { orderBy: { lineNumber: 'asc' } }),
    (line) => line.order.id,
  ),
  items: listsBy(
    (ids) => em.find(Item, { documentId: { $in: ids } }, { orderBy: { instalment: 'asc', id: 'asc' } }),
    (item) => item.documentId,
  ),
  closedBy: listsBy(
    (ids) => em.find(Allocation, { toItem: { $in: ids } }, { orderBy: { recordedAt: 'asc', id: 'asc' } }),
    (allocation) => allocation.toItem.id,
  ),
});

const amount = (minor: bigint, currency: string): string => moneyText(money(minor, currency));

@Resolver(() => CustomerType)
class CustomerResolver {
  @Query(() => CustomerType, { nullable: true })
  customer(@Arg('tenant', () => ID) tenant: string, @Arg('id', () => ID) id: string, @Ctx() { em }: Context) {
    return em.findOne(Customer, { tenantId: tenant, id });
  }

  @Query(() => [CustomerType])
  customersAfter(
    @Arg('tenant', () => ID) tenant: string,
    @Arg('number', () => String) number: string,
    @Arg('id', () => ID) id: string,
    @Ctx() { em }: Context,
  ) {
    const after = { $or: [{ number: { $gt: number } }, { number, id: { $gt: id } }] };
    return em.find(Customer, { tenantId: tenant, ...after }, { orderBy: { number: 'asc', id: 'asc' }, limit: 50 });
  }

  @FieldResolver(() => [AccountType])
  accounts(@Root() { id }: Of<typeof Customer>, @Ctx() { load }: Context) {
    return load.accounts.load(id);
  }
}

@Resolver(() => AccountType)
class AccountResolver {
  @FieldResolver(() => [OrderType])
  orders(@Root() { id }: Of<typeof Account>, @Ctx() { em }: Context) {
    return em.find(Order, { account: id }, { orderBy: { orderedOn: 'desc', id: 'desc' }, limit: 10 });
  }

  @FieldResolver(() => [InvoiceType])
  invoices(@Root() { id }: Of<typeof Account>, @Ctx() { em }: Context) {
    return em.find(Invoice, { account: id }, { orderBy: { issuedOn: 'desc', id: 'desc' }, limit: 10 });
  }
}

@Resolver(() => OrderType)
class OrderResolver {
  @FieldResolver(() => String)
  total(@Root() { totalMinor, currency }: Of<typeof Order>) {
    return amount(totalMinor, currency);
  }

  @FieldResolver(() => [LineType])
  lines(@Root() { id }: Of<typeof Order>, @Ctx() { load }: Context) {
    return load.lines.load(id);
  }
}

@Resolver(() => LineType)
class LineResolver {
  @FieldResolver(() => String)
  net(@Root() { netMinor, currency }: Of<typeof Line>) {
    return amount(netMinor, currency);
  }

  @FieldResolver(() => ProductType, { nullable: true })
  product(@Root() { product }: Of<typeof Line>, @Ctx() { load }: Context) {
    return load.product.load(product.id);
  }
}

@Resolver(() => InvoiceType)
class InvoiceResolver {
  @Query(() => [InvoiceType])
  openInvoices(@Arg('tenant', () => ID) tenant: string, @Arg('from', () => String) from: string, @Ctx() { em }: Context) {
    const open = { tenantId: tenant, status: { $in: ['OPEN', 'PARTIALLY_PAID'] }, dueOn: { $gte: from } };
    return em.find(Invoice, open, { orderBy: { dueOn: 'asc', id: 'asc' }, limit: 50 });
  }

  @Query(() => [InvoiceType])
  invoicesAfter(
    @Arg('tenant', () => ID) tenant: string,
    @Arg('createdAt', () => String) createdAt: string,
    @Arg('id', () => ID) id: string,
    @Ctx() { em }: Context,
  ) {
    const at = new Date(createdAt);
    const after = { $or: [{ createdAt: { $gt: at } }, { createdAt: at, id: { $gt: id } }] };
    return em.find(Invoice, { tenantId: tenant, ...after }, { orderBy: { createdAt: 'asc', id: 'asc' }, limit: 1_000 });
  }

  @FieldResolver(() => String)
  total(@Root() { totalMinor, currency }: Of<typeof Invoice>) {
    return amount(totalMinor, currency);
  }

  @FieldResolver(() => String)
  tax(@Root() { taxMinor, currency }: Of<typeof Invoice>) {
    return amount(taxMinor, currency);
  }

  @FieldResolver(() => String)
  open(@Root() { openMinor, currency }: Of<typeof Invoice>) {
    return amount(openMinor, currency);
  }

  @FieldResolver(() => ID, { nullable: true })
  orderId(@Root() { order }: Of<typeof Invoice>) {
    return order?.id;
  }

  @FieldResolver(() => ID)
  accountId(@Root() { account }: Of<typeof Invoice>) {
    return account.id;
  }

  @FieldResolver(() => CustomerType, { nullable: true })
  async customer(@Root() { account }: Of<typeof Invoice>, @Ctx() { load }: Context) {
    const found = await load.account.load(account.id);
    return found && load.customer.load(found.customer.id);
  }

  @FieldResolver(() => [ItemType])
  items(@Root() { id }: Of<typeof Invoice>, @Ctx() { load }: Context) {
    return load.items.load(id);
  }
}

@Resolver(() => ItemType)
class ItemResolver {
  @FieldResolver(() => [AllocationType])
  closedBy(@Root() { id }: Of<typeof Item>, @Ctx() { load }: Context) {
    return load.closedBy.load(id);
  }

  @FieldResolver(() => PaymentType, { nullable: true })
  payment(@Root() { documentId }: Of<typeof Item>, @Ctx() { load }: Context) {
    return load.payment.load(documentId);
  }
}

@Resolver(() => AllocationType)
class AllocationResolver {
  @FieldResolver(() => String)
  amount(@Root() { toMinor, toCurrency }: Of<typeof Allocation>) {
    return amount(toMinor, toCurrency);
  }

  @FieldResolver(() => ItemType, { nullable: true })
  from(@Root() { fromItem }: Of<typeof Allocation>, @Ctx() { load }: Context) {
    return fromItem && load.item.load(fromItem.id);
  }
}

@Resolver()
class AgeingResolver {
  @Query(() => [AgeingRowType])
  async ageing(@Arg('tenant', () => ID) tenant: string, @Arg('today', () => String) today: string, @Ctx() { em }: Context) {
    const rows = await em.execute<Record<string, unknown>[]>(ageingStatement('?', '?'), [
      ...Array.from({ length: 5 }, () => today),
      tenant,
    ]);
    return rows.map(({ days1To30, days31To60, days61To90, ...row }) => ({
      ...row,
      days1: days1To30,
      days31: days31To60,
      days61: days61To90,
    }));
  }
}

const { connection, poolMax } = JSON.parse(process.argv[2] ?? '') as PeerStart;
const orm = await MikroORM.init({
  entities: ENTITIES,
  dbName: connection.database ?? '',
  driverOptions: { ...connection, max: poolMax },
  ensureDatabase: false,
});
const schema = await buildSchema({
  resolvers: [
    CustomerResolver,
    AccountResolver,
    OrderResolver,
    LineResolver,
    InvoiceResolver,
    ItemResolver,
    AllocationResolver,
    AgeingResolver,
  ],
  validate: false,
});
const server = new ApolloServer<Context>({ schema, stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => {
    const em = orm.em.fork();
    return { em, load: loaders(em) };
  },
});
sayReady({ port: Number(new URL(url).port), address: '127.0.0.1', family: 'IPv4' });
