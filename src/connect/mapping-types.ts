/** The types behind mappings: which documents and parts of documents have a table, and the paths and values of their fields. */
import type { Canonical, CanonicalKind } from '../canonical/canonical.ts';

/** Fields that are lists of objects, such as an invoice's lines. */
type ListField<T> = {
  [F in keyof T & string]: NonNullable<T[F]> extends readonly (infer Entry)[] ? (Entry extends object ? F : never) : never;
}[keyof T & string];

/** What a table can be made for: a document (`Invoice`), or the entries of one of its lists (`Invoice.lines`). */
export type MappingName = CanonicalKind | { [K in CanonicalKind]: `${K}.${ListField<Canonical<K>>}` }[CanonicalKind];

/** The document, or the entry of the list. */
export type Shape<N extends MappingName> = N extends CanonicalKind
  ? Canonical<N>
  : N extends `${infer K extends CanonicalKind}.${infer F}`
    ? F extends keyof Canonical<K>
      ? NonNullable<Canonical<K>[F]> extends readonly (infer Entry)[]
        ? Entry
        : never
      : never
    : never;

type IsRecord<T> = T extends readonly unknown[] ? false : T extends object ? true : false;

/** Fields, and those of objects inside: `address.city`. */
export type PathOf<T> = {
  [F in keyof T & string]: IsRecord<NonNullable<T[F]>> extends true ? F | `${F}.${keyof NonNullable<T[F]> & string}` : F;
}[keyof T & string];

export type ValueAt<T, P extends string> = P extends `${infer F}.${infer Rest}`
  ? F extends keyof T
    ? Rest extends keyof NonNullable<T[F]>
      ? NonNullable<NonNullable<T[F]>[Rest]>
      : never
    : never
  : P extends keyof T
    ? NonNullable<T[P]>
    : never;

/** The field of the document that a path begins with. */
export type HeadOf<T, P extends string> = (P extends `${infer F}.${string}` ? F : P) & keyof T;
