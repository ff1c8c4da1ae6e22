/**
 * What the OData protocol (`odata/`) and the books (`books/`) of the simulated S/4HANA know of each other: entity sets as data, and what can
 * be done to their rows. Neither imports anything else of the other.
 */

export type EdmType =
  | 'Edm.String'
  | 'Edm.Boolean'
  | 'Edm.Decimal'
  | 'Edm.Int32'
  | 'Edm.DateTime'
  | 'Edm.DateTimeOffset'
  | 'Edm.Time'
  | 'Edm.Guid';

/**
 * Decimals as exact texts with the decimals that the wire shows; DateTime as `2026-01-31`, DateTimeOffset as an ISO instant in UTC with seven
 * decimals (`2026-01-31T10:33:45.1230000Z`), so that they compare as texts, Time as `10:33:45`; an initial CHAR is '', no date is null.
 * Properties that are `isAlpha` as they are stored (`0000000042`, the wire shows `42`); all others as the wire shows them.
 */
export type Value = string | boolean | number | null;
export type Row = Readonly<Record<string, Value>>;

export interface Property {
  readonly name: string;
  readonly type: EdmType;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** sap:display-format */
  readonly displayFormat?: 'Date' | 'NonNegative' | 'UpperCase';
  /** sap:unit: the property with its currency or unit. */
  readonly unit?: string;
  readonly label?: string;
  /** Digits only are padded to its length where it is stored (conversion routine ALPHA): `42` and `0000000042` are one. */
  readonly isAlpha?: boolean;
  readonly filterable?: false;
  readonly sortable?: false;
  readonly creatable?: false;
  readonly updatable?: false;
}

export interface Navigation {
  /** Such as `to_Item`. */
  readonly name: string;
  /** The set that it leads to, of the same service. */
  readonly set: string;
  readonly isMany: boolean;
  /** Pairs of property names: ours, theirs. */
  readonly on: readonly (readonly [string, string])[];
}

export interface EntitySet {
  /** Such as `A_SalesOrder`. */
  readonly name: string;
  /** Such as `A_SalesOrderType`. */
  readonly type: string;
  readonly keys: readonly string[];
  readonly properties: readonly Property[];
  readonly navigations: readonly Navigation[];
  readonly creatable?: boolean;
  readonly updatable?: boolean;
  readonly deletable?: boolean;
  /** False: only by navigation or $expand. */
  readonly addressable?: boolean;
  /** False: $top and $skip are ignored. */
  readonly pageable?: boolean;
  /** The property that the etag of a row is made of; absent: the set has none. A write to a row that has one must name it. */
  readonly etag?: string;
  /** The navigation to the row whose etag guards these, where they have none of their own (items: their header's). */
  readonly guardedBy?: string;
  /** Properties of which a value has few rows: `related` finds them without reading the whole set. */
  readonly indexes?: readonly string[];
}

/** A function import. */
export interface FunctionImport {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** The set whose rows it is bound to (sap:action-for), and whose etag it wants. */
  readonly set: string | null;
  readonly parameters: readonly { readonly name: string; readonly type: EdmType }[];
  readonly returns: Returned | null;
}

/** What a function gives: rows of a set, or of a complex type of its own (GetPDF: one with the bytes in base64). */
export type Returned =
  | { readonly set: string; readonly isMany: boolean }
  | { readonly complex: string; readonly properties: readonly Property[]; readonly isMany: boolean };

/** What SAP says about what it did: the header `sap-message`. */
export interface Message {
  /** Message class and number, such as `V1/311`. */
  readonly code: string;
  readonly message: string;
  readonly severity: 'info' | 'warning';
  readonly target?: string;
}

export interface Service {
  /** As in its path: `API_SALES_ORDER_SRV`, `API_OUTBOUND_DELIVERY_SRV;v=0002`. */
  readonly path: string;
  readonly namespace: string;
  readonly sets: readonly EntitySet[];
  readonly functions: readonly FunctionImport[];
}

/** Rows of other sets that are made with it: by the name of the navigation. */
export interface DeepRow {
  readonly row: Row;
  readonly children: Readonly<Record<string, readonly DeepRow[]>>;
}

/** A refusal in SAP's own words; `details` become errordetails. Code is message class and number, such as `V1/302`. */
export class SapRefusal extends Error {
  override readonly name = 'SapRefusal';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly {
      readonly code: string;
      readonly message: string;
      readonly severity?: 'error' | 'warning' | 'info';
      readonly target?: string;
    }[] = [],
  ) {
    super(message);
  }
}

/** The books behind all services. Each call is one logical unit of work: it is done whole or refused. */
export interface Books {
  readonly services: readonly Service[];
  /** Another one after every change of any row: what was read and sorted before holds until then. */
  readonly version: number;
  /** All rows of a set, in the order of their keys, whole (all properties). May be large: it is iterated, not copied. */
  rows(set: string): Iterable<Row>;
  /** By its key properties; all values here are in the form of `Row`, alpha ones are padded by the caller. */
  get(set: string, key: Row): Row | null;
  /** Rows that have all these values, in the order of their keys, by an index where there is one. */
  related(set: string, where: Row): Iterable<Row>;
  /** @throws SapRefusal */
  create(set: string, deep: DeepRow): Row;
  /** @throws SapRefusal */
  update(set: string, key: Row, changes: Row): Row;
  /** @throws SapRefusal */
  remove(set: string, key: Row): void;
  /** The service is named by its path: two of them have functions of one name. @throws SapRefusal */
  call(service: string, name: string, parameters: Row): readonly Row[] | Row | null;
  /** What was said about what was done since it was last asked. */
  takeMessages(): readonly Message[];
  /** Everything between is done whole or not at all: for a changeset. */
  atomically<T>(work: () => T): T;
}
