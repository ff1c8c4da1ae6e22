/** A small schema with a field for each way in which an operation can go: well, slowly, badly, or without end. */
import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { DomainError } from '../../src/kernel/errors.ts';
import type { GraphContext } from '../../src/write/context.ts';

const Amount = new GraphQLScalarType({
  name: 'Amount',
  parseValue(value) {
    if (value === 'bug') throw new TypeError('secret internals of a scalar');
    if (typeof value !== 'string') throw new DomainError('AMOUNT_INVALID', 'Send the amount as text, such as "10.00".');
    return value;
  },
});

const PG_ERROR = Object.assign(new Error('duplicate key value violates unique constraint "customer_key"'), {
  name: 'error',
  code: '23505',
  detail: 'Key (email)=(jane@example.com) already exists.',
  table: 'customer',
  constraint: 'customer_key',
});

/** What the resolvers saw, how often something slow was begun, and how many streams are open. */
export const seen = { contexts: [] as GraphContext[], mutations: 0, slow: 0, openStreams: 0 };

const fails: Record<string, () => unknown> = {
  domain: () => {
    throw new DomainError('WRONG_STATE', 'The order is closed.', { details: { state: 'CLOSED' } });
  },
  database: () => {
    throw PG_ERROR;
  },
  graphql: () => {
    throw new GraphQLError('secret sentence of a library');
  },
  text: () => {
    throw 'secret thrown text';
  },
};

const Thing: GraphQLObjectType = new GraphQLObjectType({
  name: 'Thing',
  fields: () => ({
    name: { type: GraphQLString, resolve: () => 'thing' },
    thing: { type: Thing, resolve: () => ({}) },
    failing: { type: new GraphQLNonNull(GraphQLString), resolve: () => fails.database?.() },
  }),
});

const Query = new GraphQLObjectType<unknown, GraphContext>({
  name: 'Query',
  fields: {
    hello: { type: GraphQLString, args: { to: { type: GraphQLString } }, resolve: (_source, { to }) => `hello ${to ?? 'world'}` },
    me: {
      type: GraphQLString,
      resolve: (_source, _args, context) => {
        seen.contexts.push(context);
        return context.principal.name;
      },
    },
    thing: { type: Thing, resolve: () => ({}) },
    things: { type: new GraphQLList(Thing), resolve: () => Array.from({ length: 50 }, () => ({})) },
    fail: {
      type: GraphQLString,
      args: { how: { type: new GraphQLNonNull(GraphQLString) } },
      resolve: (_source, { how }) => fails[how as string]?.(),
    },
    pay: { type: GraphQLString, args: { amount: { type: Amount } }, resolve: (_source, { amount }) => String(amount) },
    slow: {
      type: GraphQLString,
      args: { ms: { type: new GraphQLNonNull(GraphQLInt) } },
      resolve: (_source, { ms }) => {
        seen.slow += 1;
        return new Promise((done) => setTimeout(() => done('slow'), ms as number));
      },
    },
  },
});

const Mutation = new GraphQLObjectType<unknown, GraphContext>({
  name: 'Mutation',
  fields: {
    act: {
      type: GraphQLBoolean,
      resolve: (_source, _args, context) => {
        seen.mutations += 1;
        seen.contexts.push(context);
        return true;
      },
    },
  },
});

async function* counted(source: AsyncGenerator<unknown>): AsyncGenerator<unknown> {
  seen.openStreams += 1;
  try {
    yield* source;
  } finally {
    seen.openStreams -= 1;
  }
}

async function* ticks({ everyMs, bytes }: { everyMs: number; bytes: number }): AsyncGenerator<unknown> {
  for (let n = 0; ; n++) {
    yield { tick: `${n}${'.'.repeat(bytes)}` };
    if (everyMs > 0) await new Promise((done) => setTimeout(done, everyMs));
  }
}

async function* failing(): AsyncGenerator<unknown> {
  yield { tickThenFail: 'one' };
  throw PG_ERROR;
}

const Subscription = new GraphQLObjectType<unknown, GraphContext>({
  name: 'Subscription',
  fields: {
    tick: {
      type: GraphQLString,
      args: { everyMs: { type: GraphQLInt, defaultValue: 20 }, bytes: { type: GraphQLInt, defaultValue: 0 } },
      subscribe: (_source, args) => counted(ticks(args as { everyMs: number; bytes: number })),
    },
    tickThenFail: { type: GraphQLString, subscribe: () => counted(failing()) },
    tickWithBadField: {
      type: GraphQLString,
      subscribe: () => counted(ticks({ everyMs: 20, bytes: 0 })),
      resolve: () => fails.database?.(),
    },
    refused: {
      type: GraphQLString,
      subscribe: () => {
        throw new DomainError('FORBIDDEN', 'This needs the permission x:y.');
      },
    },
  },
});

export const schema = new GraphQLSchema({ query: Query, mutation: Mutation, subscription: Subscription });
