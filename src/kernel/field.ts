/**
 * What the graph shows of an entity's property, said once beside its column: description, filter, sort, permission.
 * It is data only; this file knows neither MikroORM nor GraphQL.
 */

/** The GraphQL scalar that a property shows as; without it the column's type decides. */
export type ShownType =
  | 'ID'
  | 'String'
  | 'Int'
  | 'Decimal'
  | 'Date'
  | 'DateTime'
  | 'Boolean'
  | 'Currency'
  | 'Email'
  | 'Url'
  | 'Cursor'
  | 'Json';

/** How one property is shown. A property without this is never shown. */
export interface FieldMeta {
  /** One or two sentences for the schema, with the unit. */
  readonly description: string;
  readonly type?: ShownType;
  /** The name in the graph where it isn't the property's. */
  readonly as?: string;
  /** This `…Minor` column shows as the Money field `as`, its currency taken from the property `currency`. */
  readonly money?: { readonly as: string; readonly currency: string };
  readonly enum?: {
    readonly name: string;
    readonly values: readonly string[];
    readonly descriptions?: Readonly<Record<string, string>>;
  };
  /** This uuid column shows as the public id of that kind of record. */
  readonly ref?: string;
  readonly filter?: boolean;
  readonly sort?: boolean;
  /** Aggregates add this number up. Amounts of money always are. */
  readonly measure?: boolean;
  /** Who lacks this permission may not name the field, in `where` and `orderBy` neither. */
  readonly permission?: string;
}

/**
 * Marks a property as shown. Takes and returns a property builder of `defineEntity`: more calls may be chained after it.
 * The builder that was passed stays as it was.
 * @example number: shown(p.string(), { description: 'The number on the document.', filter: true })
 */
export function shown<Builder extends { '~options': object }>(builder: Builder, meta: FieldMeta): Builder {
  const copy = Object.create(Object.getPrototypeOf(builder)) as Builder;
  return Object.assign(copy, builder, { '~options': { ...builder['~options'], shown: meta } });
}

/**
 * What `shown` stored, read from a property of the entity's metadata; undefined for a property that isn't shown or isn't there.
 * @example shownOf(Invoice.meta.properties.number)?.description
 */
export function shownOf(property: object | undefined): FieldMeta | undefined {
  const marked: { shown?: FieldMeta } | undefined = property;
  return marked?.shown;
}
