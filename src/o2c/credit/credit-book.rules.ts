/**
 * Whether more credit fits: for a customer and everything above it, each with its limit, its blocks and what is overdue. Pure
 * but for its own state: what one decision of a set reserves, the next one sees.
 */
import { money, moneyText } from '../../kernel/money.ts';

/** A customer whose credit counts, as it was read under its lock. Amounts are in the group's currency. */
export interface CreditNode {
  readonly customerId: string;
  readonly number: string;
  readonly exposureMinor: bigint;
  /** Null: no limit. */
  readonly limitMinor: bigint | null;
  readonly isBlocked: boolean;
  readonly blockReason: string | null;
}

/** The rule of a legal entity against customers that owe for too long, and what such a customer owes. */
export interface Overdue {
  readonly days: number;
  readonly allowedMinor: bigint;
  /** Open invoices of the customer and everything below it, in all legal entities, overdue by more than the days. */
  readonly overdueMinor: bigint;
}

export interface CheckedAccount {
  readonly number: string;
  /** The number of the customer that it was opened for: who may see the account may see that one. */
  readonly origin: string;
  /** It belongs to another customer now, since the two were found to be the same. */
  readonly isMoved: boolean;
  /** Its own ERP lets it buy nothing more. */
  readonly isBlockedInErp: boolean;
  /** Its customer and everything above it, from below. */
  readonly chain: readonly string[];
  /** Null where the legal entity has no such rule. */
  readonly overdue: Overdue | null;
}

/** Customers with everything above them, whose credit accounts are locked. */
export interface LockedChains {
  /** As they are under their locks. */
  readonly nodes: readonly CreditNode[];
  /** Customer → the customer above it. */
  readonly parents: ReadonlyMap<string, string | null>;
  /** Account → its customer. */
  readonly customers: ReadonlyMap<string, string>;
  /** Customer → its credit account. */
  readonly creditAccounts: ReadonlyMap<string, string>;
}

export interface LoadedCredit {
  readonly groupCurrency: string;
  readonly nodes: readonly CreditNode[];
  readonly accounts: ReadonlyMap<string, CheckedAccount>;
  /** Under whose locks all this was read. */
  readonly chains?: LockedChains;
}

export interface CreditReason {
  readonly kind: 'LIMIT' | 'BLOCKED' | 'OVERDUE';
  /** For staff: whose credit does not hold, with its figures. */
  readonly text: string;
  /**
   * For everybody who may see the order, portal users too: the figures of the customer itself, which they may read, of those
   * above it, and of one that it was found to be the same as, only that their credit does not hold, and nothing of what a legal entity lets pass. Whatever stands on an order or in its events says this one.
   */
  readonly publicText: string;
}

export type CreditAnswer = { readonly fits: true } | { readonly fits: false; readonly reasons: readonly CreditReason[] };

export class CreditBook {
  private readonly nodes: Map<string, CreditNode>;

  constructor(private readonly loaded: LoadedCredit) {
    this.nodes = new Map(loaded.nodes.map((node) => [node.customerId, node]));
  }

  /** Does this much more fit, for the customer and everything above it? What adds nothing is stopped by blocks only. */
  check(accountId: string, addedGroupMinor: bigint): CreditAnswer {
    const account = this.account(accountId);
    const { overdue } = account;
    const chain = this.chain(accountId);
    const [own] = chain;
    if (!own) throw new Error(`The account ${accountId} has no customer`);
    const toldOf = (node: CreditNode, text: string) =>
      node === own && !account.isMoved
        ? text
        : `The credit of the companies that customer ${account.origin} belongs to does not allow it.`;
    const reasons = [
      ...(account.isBlockedInErp ? [blockedInErp(account)] : []),
      ...chain.flatMap((node) => this.blocked(node, toldOf)),
      ...(overdue && overdue.overdueMinor > overdue.allowedMinor ? [this.overdue(own, overdue, toldOf)] : []),
      ...chain.flatMap((node) => this.beyond(node, addedGroupMinor, toldOf)),
    ];
    return reasons.length === 0 ? { fits: true } : { fits: false, reasons };
  }

  get chains(): LockedChains | undefined {
    return this.loaded.chains;
  }

  /** Later checks count this as used. */
  reserve(accountId: string, addedGroupMinor: bigint): void {
    for (const node of this.chain(accountId))
      this.nodes.set(node.customerId, { ...node, exposureMinor: node.exposureMinor + addedGroupMinor });
  }

  private account(accountId: string): CheckedAccount {
    const account = this.loaded.accounts.get(accountId);
    if (!account) throw new Error(`The credit of the account ${accountId} was not loaded`);
    return account;
  }

  private chain(accountId: string): CreditNode[] {
    return this.account(accountId).chain.flatMap((id) => this.nodes.get(id) ?? []);
  }

  private text(minor: bigint): string {
    const { groupCurrency } = this.loaded;
    return `${moneyText(money(minor, groupCurrency))} ${groupCurrency}`;
  }

  private blocked(node: CreditNode, toldOf: ToldOf): CreditReason[] {
    if (!node.isBlocked) return [];
    return [
      {
        kind: 'BLOCKED',
        text: `The credit of customer ${node.number} is blocked: ${node.blockReason ?? ''}`,
        publicText: toldOf(node, `The credit of customer ${node.number} is blocked.`),
      },
    ];
  }

  private overdue(own: CreditNode, { days, allowedMinor, overdueMinor }: Overdue, toldOf: ToldOf): CreditReason {
    const text = `Customer ${own.number} owes ${this.text(overdueMinor)} that is more than ${days} days overdue; ${this.text(allowedMinor)} is allowed.`;
    const publicText = `Customer ${own.number} owes ${this.text(overdueMinor)} that has been overdue for too long.`;
    return { kind: 'OVERDUE', text, publicText: toldOf(own, publicText) };
  }

  private beyond(node: CreditNode, added: bigint, toldOf: ToldOf): CreditReason[] {
    const { limitMinor, exposureMinor, number } = node;
    if (limitMinor === null || added <= 0n || exposureMinor + added <= limitMinor) return [];
    const over = exposureMinor + added - limitMinor;
    const text = `Customer ${number} has a credit limit of ${this.text(limitMinor)} with ${this.text(exposureMinor)} used; ${this.text(added)} more is ${this.text(over)} too much.`;
    return [{ kind: 'LIMIT', text, publicText: toldOf(node, text) }];
  }
}

/** What everybody may be told of a customer, given what is said of the customer itself. */
type ToldOf = (node: CreditNode, text: string) => string;

const blockedInErp = ({ number, origin }: CheckedAccount): CreditReason => ({
  kind: 'BLOCKED',
  text: `The account ${number} of customer ${origin} is blocked in its ERP: lift the block there.`,
  publicText: `The credit of customer ${origin} is blocked.`,
});

/** The sentences one after the other, each once. */
const joined = (texts: readonly string[]): string => [...new Set(texts)].join(' ');

export const staffReason = (reasons: readonly CreditReason[]): string => joined(reasons.map((r) => r.text));
export const publicReason = (reasons: readonly CreditReason[]): string => joined(reasons.map((r) => r.publicText));
