/** A step of the demo's history: one set of one command, at one instant, by one person; and how its inputs name records. */
import type { Role } from '../../access/policy.ts';
import { currency as currencyOf, exponentOf } from '../../kernel/currency.ts';
import { decimalOf, decimalText } from '../../kernel/decimal.ts';
import { publicId } from '../../kernel/ids.ts';

/** What a document came to, as the books have it. */
export interface Amount {
  readonly minor: bigint;
  readonly currency: string;
  /** What of it paying early saves. */
  readonly discountMinor: bigint;
}

/** A record that is there, and its amount where a later step asks for it. */
export interface Made {
  readonly uuid: string;
  readonly amount?: Amount;
}

/** The records that are there, by the keys that inputs name them by: `acc DE C-1001`. */
export type Records = ReadonlyMap<string, Made>;

export interface Lookup {
  /** The public id of a record. */
  (prefix: IdPrefix, name: string): string;
  amountOf(prefix: IdPrefix, name: string): Amount;
}

export interface StepInput {
  /** The key of the record that it makes, where a later step names it. */
  readonly makes?: string;
  readonly of: (id: Lookup) => unknown;
}

/** Prefixes of public ids, which also part the keys. */
export type IdPrefix = 'le' | 'pt' | 'prd' | 'pl' | 'cus' | 'acc' | 'inv' | 'pay' | 'ord' | 'orl' | 'hld' | 'apr' | 'ful';

export interface Step {
  readonly at: Date;
  readonly by: Role;
  readonly command: string;
  readonly inputs: readonly StepInput[];
  /** Its inputs name what comes with an order and is no step of its own: lines and holds, or ask for amounts. Those are read before it. */
  readonly readsOrders?: boolean;
}

export const idKey = (prefix: IdPrefix, name: string): string => `${prefix} ${name}`;

/** Records by their keys. @throws when a step names what no earlier one has made: a mistake in the plan */
export function lookupIn(records: Records): Lookup {
  const made = (prefix: IdPrefix, name: string): Made => {
    const found = records.get(idKey(prefix, name));
    if (!found) throw new Error(`The demo has no ${idKey(prefix, name)} yet`);
    return found;
  };
  const amountOf = (prefix: IdPrefix, name: string): Amount => {
    const { amount } = made(prefix, name);
    if (!amount) throw new Error(`The demo has no amount of ${idKey(prefix, name)} yet`);
    return amount;
  };
  return Object.assign((prefix: IdPrefix, name: string) => publicId(prefix, made(prefix, name).uuid), { amountOf });
}

/** Minor units as the decimal text that inputs take. */
export const amountText = (minor: bigint, currency: string): string =>
  decimalText(decimalOf(minor, exponentOf(currencyOf(currency))));

/** A step, or none where there is nothing to do. */
export const stepOf = (step: Step): Step | null => (step.inputs.length === 0 ? null : step);
