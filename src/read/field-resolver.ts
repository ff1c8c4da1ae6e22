/**
 * How GraphQL finds a field's value where no resolver is written. A planned answer is a plain object keyed by response name, so
 * aliases need nothing more; everything else that resolvers return is a class instance, read by field name.
 */
import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';

/** Holds one planned object per response name, where a payload's field was asked for under several aliases. */
export const BY_KEY = '$byKey';

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

export const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  if (typeof source !== 'object' || source === null) return undefined;
  // the root value of a mutation or query without a resolver is never planned
  if (isPlain(source) && info.path.prev !== undefined) return (source as Record<string, unknown>)[info.path.key];
  const value: unknown = defaultFieldResolver(source, args, context, info);
  if (typeof value !== 'object' || value === null || !(BY_KEY in value)) return value;
  return (value[BY_KEY] as Record<string, unknown>)[info.path.key];
};

/** For interfaces and unions: planned objects say the name of their type. */
export const resolveType = (value: unknown): string | undefined => {
  const marked = (value as { $type?: unknown }).$type;
  return typeof marked === 'string' ? marked : undefined;
};
