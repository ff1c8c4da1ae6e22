// The usual stack as orders are usually written, in a process of its own: Apollo Server, type-graphql, and a unit of work of MikroORM for each
// order. The same seven statements as the yardsticks; no tenants' walls, no tokens, no idempotency and no limits.
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { defineEntity, p } from '@mikro-orm/core';
import { type EntityManager, LockMode, MikroORM } from '@mikro-orm/postgresql';
import { Arg, buildSchema, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type PeerStart, sayReady } from './reads-peer.ts';

const SCHEMA = 'usual';

const Customer = defineEntity({
  name: 'UsualCustomer',
  tableName: 'customer',
  schema: SCHEMA,
  properties: {
    id: p.bigint('string').primary(),
    tenantId: p.integer(),
    currency: p.string(),
    isActive: p.boolean(),
    creditLimitMinor: p.bigint(),
    balanceMinor: p.bigint(),
    version: p.integer(),
  },
});

const Order = defineEntity({
  name: 'UsualOrder',
  tableName: 'sales_order',
  schema: SCHEMA,
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    tenantId: p.integer(),
    customer: () => p.manyToOne(Customer),
    number: p.string(),
    status: p.string(),
    currency: p.string(),
    totalMinor: p.bigint(),
    orderedAt: p.datetime(),
    lines: () => p.oneToMany(Line).mappedBy('order'),
  },
});

const Line = defineEntity({
  name: 'UsualLine',
  tableName: 'order_line',
  schema: SCHEMA,
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    order: () => p.manyToOne(Order),
    lineNumber: p.integer(),
    productId: p.bigint('string'),
    quantity: p.decimal('string'),
    priceMinor: p.bigint(),
    amountMinor: p.bigint(),
  },
});

const Outbox = defineEntity({
  name: 'UsualOutbox',
  tableName: 'outbox',
  schema: SCHEMA,
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    tenantId: p.integer(),
    topic: p.string(),
    payload: p.json<object>(),
    createdAt: p.datetime(),
  },
});

@InputType('LineInput')
class LineInput {
  @Field(() => ID) productId!: string;
  @Field(() => Int) quantity!: number;
  @Field(() => Int) priceMinor!: number;
}

@InputType('PlaceOrderInput')
class PlaceOrderInput {
  @Field(() => ID) customerId!: string;
  @Field(() => [LineInput]) lines!: LineInput[];
}

@ObjectType('Order')
class OrderType {
  @Field(() => ID) id!: string;
  @Field(() => String) number!: string;
  @Field(() => String) status!: string;
}

interface Context {
  readonly em: EntityManager;
}

@Resolver(() => OrderType)
class OrderResolver {
  @Query(() => Boolean)
  isServing() {
    return true;
  }

  @Mutation(() => OrderType)
  placeOrder(@Arg('input', () => PlaceOrderInput) { customerId, lines }: PlaceOrderInput, @Ctx() { em }: Context) {
    return em.transactional(async (tx) => {
      const filter = { id: customerId, isActive: true };
      const customer = await tx.findOneOrFail(Customer, filter, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const total = lines.reduce((sum, line) => sum + BigInt(line.quantity) * BigInt(line.priceMinor), 0n);
      if (customer.balanceMinor + total > customer.creditLimitMinor) throw new Error('Beyond the limit');
      const [next] = await tx.execute<{ number: string }[]>(`select nextval('${SCHEMA}.order_number') as number`);
      const order = tx.create(Order, {
        tenantId: customer.tenantId,
        customer,
        number: `SO-${next?.number}`,
        status: 'CONFIRMED',
        currency: customer.currency,
        totalMinor: total,
        orderedAt: new Date(),
      });
      lines.forEach(({ productId, quantity, priceMinor }, i) => {
        const amountMinor = BigInt(quantity) * BigInt(priceMinor);
        const values = { lineNumber: i + 1, productId, quantity: String(quantity), priceMinor: BigInt(priceMinor), amountMinor };
        tx.create(Line, { order, ...values });
      });
      customer.balanceMinor += total;
      customer.version += 1;
      await tx.flush();
      tx.create(Outbox, { tenantId: customer.tenantId, topic: 'order.placed', payload: { id: order.id }, createdAt: new Date() });
      return order;
    });
  }
}

const { connection, poolMax } = JSON.parse(process.argv[2] ?? '') as PeerStart;
const orm = await MikroORM.init({
  entities: [Customer, Order, Line, Outbox],
  dbName: connection.database ?? '',
  driverOptions: { ...connection, max: poolMax },
  ensureDatabase: false,
});
const schema = await buildSchema({ resolvers: [OrderResolver], validate: false });
const server = new ApolloServer<Context>({ schema, stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ em: orm.em.fork() }),
});
sayReady({ port: Number(new URL(url).port), address: '127.0.0.1', family: 'IPv4' });
