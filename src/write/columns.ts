/**
 * The column kinds of entities: what a property is in Postgres and how the graph shows it, said in one call. Entities use
 * only these, so that a reader of one noun can read all of them.
 */
import { p } from '@mikro-orm/core';
import { type FieldMeta, shown } from '../kernel/field.ts';

type Shown = Partial<Omit<FieldMeta, 'description'>>;
const meta = (description: string, more: Shown): FieldMeta => ({ description, ...more });

/** Id and tenant: every table has them. */
export const identified = (what: string) => ({
  id: shown(p.uuid().primary(), { description: `The id of the ${what}: its kind and a UUIDv7.`, type: 'ID', filter: true }),
  tenantId: p.uuid(),
});

/** Version and creation time, for records that change or are listed by age. */
export const versioned = () => ({
  version: shown(p.integer(), { description: 'Counts the changes of this record from 1; give it back as `expectedVersion`.' }),
  createdAt: shown(p.datetime(), { description: 'When it was recorded here.', type: 'DateTime', filter: true, sort: true }),
});

/** Whose books and whose account: the row scope of everything with money. */
export const rooted = () => ({
  legalEntityId: shown(p.uuid(), { description: 'The legal entity whose books it is in.', ref: 'LegalEntity', filter: true }),
  accountId: shown(p.uuid(), { description: "The customer's account it is on.", ref: 'CustomerAccount', filter: true }),
});

/** The same for rows that are reached only through their document: kept for row-level security, not shown. */
export const owned = () => ({ legalEntityId: p.uuid(), accountId: p.uuid() });

export const text = (description: string, more: Shown = {}) => shown(p.string(), meta(description, { type: 'String', ...more }));
export const currencyCode = (description: string, more: Shown = {}) =>
  shown(p.string(), { description, type: 'Currency', filter: true, ...more });
export const integer = (description: string, more: Shown = {}) => shown(p.integer(), meta(description, { type: 'Int', ...more }));
export const flag = (description: string, more: Shown = {}) =>
  shown(p.boolean(), meta(description, { type: 'Boolean', ...more }));
export const decimal = (description: string, more: Shown = {}) =>
  shown(p.decimal(), meta(description, { type: 'Decimal', ...more }));
export const day = (description: string, more: Shown = {}) =>
  shown(p.date(), meta(description, { type: 'Date', filter: true, sort: true, ...more }));
export const instant = (description: string, more: Shown = {}) =>
  shown(p.datetime(), meta(description, { type: 'DateTime', ...more }));
export const reference = (record: string, description: string) => shown(p.uuid(), { description, ref: record, filter: true });

/** An amount in minor units, shown as the Money field `as` in the currency of that property of the row. */
export const minor = (as: string, description: string, of: string | (Shown & { readonly currency: string }) = 'currency') => {
  const { currency, ...more } = typeof of === 'string' ? { currency: of } : of;
  return shown(p.bigint(), { description, money: { as, currency }, filter: true, sort: true, ...more });
};

/** One of a closed list of words, which becomes a GraphQL enum. */
export const choice = <const V extends string>(
  name: string,
  description: string,
  values: Readonly<Record<V, string>>,
  more: Shown = {},
) =>
  shown(p.string().$type<V>(), {
    description,
    enum: { name, values: Object.keys(values), descriptions: values },
    filter: true,
    sort: true,
    ...more,
  });
