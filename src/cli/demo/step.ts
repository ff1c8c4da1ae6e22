/** A step of the demo's history: one set of one command, at one instant, by one person; and how its inputs name records. */
import type { Role } from '../../access/policy.ts';
import { currency as currencyOf, exponentOf } from '../../kernel/currency.ts';
import { decimalOf, decimalText } from '../../kernel/decimal.ts';
import { publicId } from '../../kernel/ids.ts';

/** Uuids of the records that are there, by the keys that inputs name them by: `acc DE C-1001`. */
export type Ids = ReadonlyMap<string, string>;

export interface StepInput {
  /** The key of the record that it makes, where a later step names it. */
  readonly makes?: string;
  readonly of: (id: (prefix: IdPrefix, name: string) => string) => unknown;
}

/** Prefixes of public ids, which also part the keys. */
export type IdPrefix = 'le' | 'pt' | 'cus' | 'acc' | 'inv' | 'pay';

export interface Step {
  readonly at: Date;
  readonly by: Role;
  readonly command: string;
  readonly inputs: readonly StepInput[];
}

export const idKey = (prefix: IdPrefix, name: string): string => `${prefix} ${name}`;

/** The public id of a key. @throws when a step names what no earlier one has made: a mistake in the plan */
export const idIn =
  (ids: Ids) =>
  (prefix: IdPrefix, name: string): string => {
    const uuid = ids.get(idKey(prefix, name));
    if (uuid === undefined) throw new Error(`The demo has no ${idKey(prefix, name)} yet`);
    return publicId(prefix, uuid);
  };

/** Minor units as the decimal text that inputs take. */
export const amountText = (minor: bigint, currency: string): string =>
  decimalText(decimalOf(minor, exponentOf(currencyOf(currency))));

/** A step, or none where there is nothing to do. */
export const stepOf = (step: Step): Step | null => (step.inputs.length === 0 ? null : step);
