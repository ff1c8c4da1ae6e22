/** Customers that are known beside those that an ERP shows: numbers and names that are taken, and the hierarchy. Pure but for what one set of decisions adds. */
import { DomainError } from '../../kernel/errors.ts';
import { normalise } from '../../kernel/text.ts';
import type { RowChange, RowOf } from '../../write/command.ts';
import type { Customer, CustomerAlias } from './party.entity.ts';
import type { AccountRow, LegalEntityRow } from './party.facts.ts';
import type { AccountDetails, TraitRow } from './trait.rules.ts';

type CustomerRow = RowOf<typeof Customer>;

export interface ShownCustomer extends Omit<AccountDetails, 'country'> {
  readonly recordId: string | null;
  readonly isOwner: boolean;
  readonly legalEntityId: string;
  readonly number: string | null;
  readonly fallbackNumber: string;
  readonly name: string;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly country?: string | undefined;
  readonly currency?: string | undefined;
  readonly parentAccountId?: string | null | undefined;
  readonly paymentTermsId?: string | null | undefined;
  readonly partyAccountId?: string | null | undefined;
  readonly creditLimit?: string | undefined;
  readonly isCreditBlocked?: boolean | undefined;
}

export interface LoadedParties {
  readonly hierarchy: readonly { readonly id: string; readonly parentId: string | null; readonly accountId: string | null }[];
  /** Those that are followed, and those of the parties of new ones. */
  readonly accounts: readonly AccountRow[];
  readonly customers: readonly CustomerRow[];
  readonly aliases: readonly RowOf<typeof CustomerAlias>[];
  readonly traits: readonly TraitRow[];
  readonly entities: readonly LegalEntityRow[];
  readonly customerNumbers: readonly string[];
  /** `legal entity number`. */
  readonly accountNumbers: readonly string[];
  /** Accounts with a document. */
  readonly booked: readonly string[];
  /** `legal entity customer`: customers that have an account there. */
  readonly siblings: readonly string[];
}

/** What is known; later decisions of one set see what earlier ones made of it. */
export class KnownParties {
  private readonly accounts: Map<string, AccountRow>;
  private readonly customers: Map<string, CustomerRow>;
  private readonly parents: Map<string, string | null>;
  private readonly customerOfAccount: Map<string, string>;
  private readonly names: Set<string>;
  private readonly customerNumbers: Set<string>;
  private readonly accountNumbers: Set<string>;
  private readonly entities: ReadonlyMap<string, LegalEntityRow>;
  private readonly booked: ReadonlySet<string>;
  private readonly siblings: ReadonlySet<string>;
  /** By `customer account`, the account being empty for a customer's own. */
  private readonly held: Map<string, readonly TraitRow[]>;

  constructor(loaded: LoadedParties) {
    const { hierarchy } = loaded;
    this.accounts = new Map(loaded.accounts.map((a) => [a.id, a]));
    this.customers = new Map(loaded.customers.map((c) => [c.id, c]));
    this.parents = new Map(hierarchy.map((h) => [h.id, h.parentId]));
    this.customerOfAccount = new Map(hierarchy.flatMap((h) => (h.accountId === null ? [] : [[h.accountId, h.id] as const])));
    this.names = new Set(loaded.aliases.map((a) => `${a.customerId} ${a.searchName}`));
    this.customerNumbers = new Set(loaded.customerNumbers);
    this.accountNumbers = new Set(loaded.accountNumbers);
    this.entities = new Map(loaded.entities.map((e) => [e.id, e]));
    this.booked = new Set(loaded.booked);
    this.siblings = new Set(loaded.siblings);
    this.held = new Map();
    for (const trait of loaded.traits) this.held.set(traitOwner(trait), [...this.traits(trait), trait]);
  }

  /** @throws NOT_FOUND */
  account(id: string): AccountRow {
    const account = this.accounts.get(id);
    if (!account) throw new DomainError('NOT_FOUND', 'The account that it is linked with is not there.', { path: ['recordId'] });
    return account;
  }

  /** That an account was opened for: what its ERP says is about that one, whoever it was found to be the same as. */
  customer({ originCustomerId }: AccountRow): CustomerRow {
    const customer = this.customers.get(originCustomerId);
    if (!customer) throw new Error(`The customer ${originCustomerId} was not loaded`);
    return customer;
  }

  /** What a customer's own traits, or those of one account, are by now. */
  traits(owner: Pick<TraitRow, 'customerId' | 'accountId'>): readonly TraitRow[] {
    return this.held.get(traitOwner(owner)) ?? [];
  }

  /** Applies what is written of them. */
  noteTraits(rows: readonly RowChange[]): void {
    for (const row of rows) {
      if (row.entity !== 'CustomerTrait') continue;
      if (row.op === 'insert') {
        const made = row.values as unknown as TraitRow;
        this.held.set(traitOwner(made), [...this.traits(made), made]);
      } else
        for (const [owner, held] of this.held)
          this.held.set(
            owner,
            held.filter(({ id }) => id !== row.id),
          );
    }
  }

  /** @throws NOT_FOUND */
  entity(id: string): LegalEntityRow {
    const entity = this.entities.get(id);
    if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
    return entity;
  }

  isBooked(accountId: string): boolean {
    return this.booked.has(accountId);
  }

  /** The customer of a parent's account. @throws NOT_FOUND */
  parentOf(accountId: string | null | undefined): string | null {
    if (typeof accountId !== 'string') return null;
    const customerId = this.customerOfAccount.get(accountId);
    if (!customerId) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['parentAccountId'] });
    return customerId;
  }

  /** Would the customer stand above itself? */
  isCircle(customerId: string, parentId: string): boolean {
    for (let id: string | null = parentId; id !== null; id = this.parents.get(id) ?? null) if (id === customerId) return true;
    return false;
  }

  /** Has it an account there, so that an ERP of that legal entity may have said that it is a parent? */
  isAt(legalEntityId: string, customerId: string): boolean {
    return this.siblings.has(`${legalEntityId} ${customerId}`);
  }

  /** The number that the ERP gives, unless another customer of the group has it. @throws ALREADY_EXISTS */
  customerNumber(shown: ShownCustomer): string {
    return free([shown.number, shown.fallbackNumber], (number) => this.customerNumbers.has(number));
  }

  /** The number that the ERP gives, unless another account of the legal entity has it. @throws ALREADY_EXISTS */
  accountNumber(shown: ShownCustomer): string {
    return free([shown.number, shown.fallbackNumber], (number) => this.accountNumbers.has(`${shown.legalEntityId} ${number}`));
  }

  /** Of an account that exists: the number that the ERP gives it by now, unless another one has it. */
  numberAfter({ legalEntityId, number }: AccountRow, shown: string | null): string {
    return shown === null || this.accountNumbers.has(`${legalEntityId} ${shown}`) ? number : shown;
  }

  /** Is the name new for the customer? Then it is known from now on. */
  isNewName(customerId: string, name: string): boolean {
    const key = `${customerId} ${normalise(name)}`;
    if (this.names.has(key)) return false;
    this.names.add(key);
    return true;
  }

  noteMade(
    { number, parentId, id }: Pick<CustomerRow, 'id' | 'number' | 'parentId'>,
    account: Pick<AccountRow, 'id' | 'number' | 'legalEntityId'>,
  ): void {
    this.customerNumbers.add(number);
    this.accountNumbers.add(`${account.legalEntityId} ${account.number}`);
    this.parents.set(id, parentId);
    this.customerOfAccount.set(account.id, id);
  }

  noteCustomer(customer: CustomerRow): void {
    this.customers.set(customer.id, customer);
    this.parents.set(customer.id, customer.parentId);
  }

  noteAccount(account: AccountRow | Pick<AccountRow, 'id' | 'number' | 'legalEntityId'>): void {
    this.accountNumbers.add(`${account.legalEntityId} ${account.number}`);
    if ('version' in account) this.accounts.set(account.id, account);
  }
}

const traitOwner = ({ customerId, accountId }: Pick<TraitRow, 'customerId' | 'accountId'>) => `${customerId} ${accountId ?? ''}`;

function free(numbers: readonly (string | null)[], isTaken: (number: string) => boolean): string {
  const found = numbers.find((number) => number !== null && !isTaken(number));
  if (typeof found === 'string') return found;
  throw new DomainError('ALREADY_EXISTS', `Another customer has the number ${numbers.at(-1)} already.`, { path: ['number'] });
}
