/** The fields of every record type, as the record service has them: one table for reading, writing, filtering and the metadata. */
import type { RecordTypeName } from '../contract.ts';

export type Kind = 'TEXT' | 'NUMBER' | 'RATE' | 'INTEGER' | 'BOOLEAN' | 'DATE' | 'DATE_TIME' | 'REFERENCE' | 'CHOICE';
export type Target = RecordTypeName | 'item' | 'transaction';

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  readonly to?: Target;
  readonly choices?: Readonly<Record<string, string>>;
  readonly isReadOnly?: boolean;
  readonly isCustom?: boolean;
}

export interface SublistType {
  readonly name: string;
  /** By which lines are told apart; null for lines without a key. */
  readonly key: string | null;
  readonly fields: readonly Field[];
}

const of =
  (kind: Kind) =>
  (...names: readonly string[]): Field[] =>
    names.map((name) => ({ name, kind }));
export const texts = of('TEXT');
export const numbers = of('NUMBER');
export const integers = of('INTEGER');
export const flags = of('BOOLEAN');
export const dates = of('DATE');
export const moments = (...names: readonly string[]): Field[] =>
  names.map((name) => ({ name, kind: 'DATE_TIME', isReadOnly: true }));
export const ref = (name: string, to: Target): Field => ({ name, kind: 'REFERENCE', to });
export const choice = (name: string, choices: Readonly<Record<string, string>>): Field => ({ name, kind: 'CHOICE', choices });
export const readOnly = (...fields: readonly Field[]): Field[] => fields.map((field) => ({ ...field, isReadOnly: true }));
export const custom = (...names: readonly string[]): Field[] => names.map((name) => ({ name, kind: 'TEXT', isCustom: true }));

const address = texts(
  'addr1',
  'addr2',
  'addr3',
  'addressee',
  'attention',
  'addrPhone',
  'city',
  'state',
  'zip',
  'addrText',
  'country',
);
export const ADDRESS_FIELDS: ReadonlySet<string> = new Set(address.map(({ name }) => name));
