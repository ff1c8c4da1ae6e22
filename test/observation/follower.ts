/** Our books that follow the ERP of a random history: pages of any size, in any order of kinds, and what they show through the API. */
import { sql } from '../../src/read/sql.ts';
import { bare, openBooks, type Person, type Shown, type World } from '../support/world.ts';
import { type Command, observeAll, rowsOf } from './observing.ts';
import { ACCOUNTS, DAY, type Doc, type Erp, taxesOf, totalOf } from './erp.ts';

const COMMAND: Readonly<Record<Doc['kind'], Command>> = {
  Invoice: 'observeInvoice',
  CreditNote: 'observeCreditNote',
  Payment: 'observePayment',
};

const text = (minor: bigint) =>
  `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor)
    .padStart(3, '0')
    .replace(/(..)$/, '.$1')}`;

let made = 0;

export class Follower {
  /** Document there → our record. */
  readonly known = new Map<string, string>();
  /** Document there → the version that was read last. */
  private readonly read = new Map<string, number>();

  private constructor(
    private readonly world: World,
    private readonly person: Person,
    readonly legalEntityId: string,
    private readonly accounts: readonly string[],
    private readonly erp: Erp,
  ) {}

  /** A legal entity of its own, so that its books stand alone. */
  static async open(world: World, erp: Erp): Promise<Follower> {
    made += 1;
    const person = await world.as('admin');
    const { legalEntityId, accountId } = await openBooks(world, { code: `L${made}`, number: `C-${made}-0` });
    const accounts = [accountId];
    for (let i = 1; i < ACCOUNTS; i++) {
      const number = `C-${made}-${i}`;
      const { id: customerId } = await person.do('createCustomer', { number, name: number }, 'customer');
      accounts.push((await person.do('openAccount', { customerId, legalEntityId, number, currency: 'EUR' }, 'account')).id);
    }
    return new Follower(world, person, legalEntityId, accounts, erp);
  }

  private inputOf(doc: Doc): object {
    const shared = {
      recordId: this.known.get(doc.key) ?? null,
      legalEntityId: bare(this.legalEntityId),
      accountId: bare(this.accounts[doc.account] ?? ''),
      occurredAt: `${DAY(doc.day)}T12:00:00Z`,
      isDeleted: doc.isDeleted,
      number: doc.number,
      currency: 'EUR',
      ...(doc.voidedOn === null ? {} : { voidedOn: DAY(doc.voidedOn) }),
    };
    if (doc.kind === 'Payment') {
      const applications = [...doc.applied].map(([key, { amount, discount, on }]) => ({
        kind: this.erp.docs.get(key)?.kind,
        recordId: this.known.get(key),
        amount: text(amount),
        ...(discount > 0n ? { discount: text(discount) } : {}),
        ...(on === null ? {} : { appliedOn: DAY(on) }),
      }));
      const state = doc.isVoided ? 'VOIDED' : 'RECEIVED';
      return { ...shared, receivedOn: DAY(doc.day), amount: text(doc.amount), method: 'CHEQUE', state, applications };
    }
    const taxes = taxesOf(doc);
    const total = totalOf(doc);
    const tax = taxes.reduce((sum, t) => sum + t.tax, 0n);
    const rates = taxes.map((t) => ({ taxCategory: 'S', taxRate: t.rate, taxable: text(t.taxable), tax: text(t.tax) }));
    const document = {
      ...shared,
      issuedOn: DAY(doc.day),
      net: text(total - tax),
      tax: text(tax),
      total: text(total),
      taxes: rates,
      lines: rates.map((t) => ({
        description: `At ${t.taxRate}`,
        quantity: '1',
        unitPrice: t.taxable,
        net: t.taxable,
        taxRate: t.taxRate,
      })),
      state: doc.isVoided ? 'VOIDED' : 'ISSUED',
    };
    if (doc.kind === 'CreditNote') return { ...document, ...(doc.isAtOnce ? { refundedBy: 'CARD' } : {}) };
    return { ...document, dueOn: DAY(doc.day + doc.dueIn), ...(doc.isAtOnce ? { paidBy: 'CARD' } : {}) };
  }

  /** A payment waits for what it names. */
  private isReady = (doc: Doc): boolean => [...doc.applied.keys()].every((key) => this.known.has(key));

  /** Those that were changed since they were read. */
  changed(kind: Doc['kind']): readonly Doc[] {
    return [...this.erp.docs.values()].filter((d) => d.kind === kind && this.read.get(d.key) !== d.revision);
  }

  /** Reads documents of one kind as they are there now; gives how many of them changed something. */
  async follow(kind: Doc['kind'], docs: readonly Doc[]): Promise<number> {
    const ready = docs.filter(this.isReady);
    if (ready.length === 0) return 0;
    this.world.clock.advance(60_000);
    const outcomes = await observeAll(
      this.world,
      COMMAND[kind],
      ready.map((doc) => this.inputOf(doc)),
    );
    outcomes.forEach((outcome, i) => {
      const doc = ready[i] as Doc;
      if (!outcome.ok)
        throw new Error(`${doc.key}: ${JSON.stringify(outcome.problems)} ${String((outcome.fault as Error)?.stack)}`);
      this.known.set(doc.key, outcome.recordId);
      this.read.set(doc.key, doc.revision);
    });
    return outcomes.filter((o) => o.ok && o.isNew).length;
  }

  /** All that is still to be read. */
  async catchUp(pageSize: number): Promise<void> {
    for (const kind of ['Invoice', 'CreditNote', 'Payment'] as const)
      for (let docs = this.changed(kind); docs.length > 0; docs = this.changed(kind))
        await this.follow(kind, docs.slice(0, pageSize));
  }

  /** Everything once more, changed or not. */
  async replay(pageSize: number): Promise<number> {
    let changed = 0;
    for (const kind of ['Payment', 'CreditNote', 'Invoice'] as const) {
      const docs = [...this.erp.docs.values()].filter((d) => d.kind === kind);
      for (let i = 0; i < docs.length; i += pageSize) changed += await this.follow(kind, docs.slice(i, i + pageSize));
    }
    return changed;
  }

  /** What is open of each document that stands, by our records. */
  async open(): Promise<ReadonlyMap<string, string>> {
    const rows = await rowsOf<{ id: string; open: string }>(
      this.world,
      sql`select d.id, d.open_minor::text as open from (
            select id, legal_entity_id, lifecycle, open_minor from invoice
            union all select id, legal_entity_id, lifecycle, open_minor from credit_note
            union all select id, legal_entity_id, lifecycle, open_minor from payment
          ) d where d.legal_entity_id = ${sql.typed(bare(this.legalEntityId), 'uuid')}`,
    );
    const open = new Map(rows.map((r) => [r.id, r.open]));
    return new Map([...this.known].map(([key, id]) => [key, open.get(id) ?? 'gone']));
  }

  async trial(moment: { asOf?: string; knownAt?: string } = {}): Promise<ReadonlyMap<string, string>> {
    const { trialBalance } = await this.person.ask(
      'query($le: ID!, $asOf: Date, $knownAt: DateTime) { trialBalance(legalEntityId: $le, asOf: $asOf, knownAt: $knownAt) { code balance } }',
      { le: this.legalEntityId, ...moment },
    );
    const rows = trialBalance as { code: string; balance: string }[];
    return new Map(rows.filter((r) => !/^-?0\.00$/.test(r.balance)).map((r) => [r.code, r.balance]));
  }

  /** What an account owes at the end of a day. */
  async owed(account: number, asOf: string): Promise<string> {
    const rows: Shown[] = (
      await this.person.ask(
        'query($id: ID!, $asOf: Date!) { statement(accountId: $id, from: "2025-01-01", asOf: $asOf) { balance } }',
        {
          id: this.accounts[account],
          asOf,
        },
      )
    )['statement'];
    return rows.at(-1)?.balance ?? '0.00';
  }

  /** What its documents were set against each other to, and how many entries that took. */
  async entries(): Promise<number> {
    const [row] = await rowsOf<{ count: string }>(
      this.world,
      sql`select count(*)::text as count from journal_entry where legal_entity_id = ${sql.typed(bare(this.legalEntityId), 'uuid')}`,
    );
    return Number(row?.count);
  }
}

export { text };
