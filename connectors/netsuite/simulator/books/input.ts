/** What a write asks for, read from its JSON and not yet judged by the books. Values are raw: ids as numbers, amounts as decimal texts. */
import type { Json } from '../contract.ts';

export type Raw = string | number | boolean | null;

export interface Sublist<Item> {
  readonly items: readonly Item[];
  /** Lines that are not sent are dropped. */
  readonly isReplace: boolean;
}

export interface LineInput {
  /** The line that it changes; null makes one. */
  readonly key: number | null;
  readonly values: Readonly<Record<string, Raw>>;
  readonly custom?: Readonly<Record<string, Json>>;
  /** Where it stood in the request, for messages. */
  readonly path: string;
}

export interface TranInput {
  readonly header: Readonly<Record<string, Raw>>;
  readonly custom?: Readonly<Record<string, Json>>;
  readonly item?: Sublist<LineInput>;
  readonly apply?: Sublist<LineInput>;
  readonly package?: Sublist<Readonly<Record<string, Json>>>;
}

export const textIn = (values: Readonly<Record<string, Raw>>, name: string): string | undefined => {
  const value = values[name];
  return value === undefined || value === null ? undefined : String(value);
};
export const idIn = (values: Readonly<Record<string, Raw>>, name: string): number | undefined => {
  const value = values[name];
  return value === undefined || value === null ? undefined : Number(value);
};
