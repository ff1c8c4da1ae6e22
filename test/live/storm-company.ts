// The company of the storm: customers with an account each in one of two legal entities, people with different reach, and commands that go on
// being made whatever happens to the server. Which events each may see is written down here by hand, over the log itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type SeededRandomness } from '../../src/kernel/random.ts';
import { bare, ISSUER, openBooks, type World } from '../support/world.ts';

/** An event of the log, as SQL gives it. */
export interface Logged {
  readonly position: number;
  readonly recordKind: string;
  readonly accountId: string | null;
  readonly legalEntityId: string | null;
  readonly recordedAtMs: number;
}

/** A way of following: who, what, and which events that must be. */
export interface Sort {
  readonly name: string;
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly sees: (event: Logged) => boolean;
}

export interface StormCompany {
  readonly world: World;
  readonly accountIds: readonly string[];
  /** Of which few see everything. */
  readonly wide: readonly Sort[];
  readonly narrow: readonly Sort[];
}

const EVENTS = `subscription Storm($after: Cursor!, $accountId: ID) {
  events(after: $after, accountId: $accountId) { cursor event { type recordKind recordId payload } gap { from to } } }`;
const PAYMENTS = `subscription Storm($after: Cursor!, $customerId: ID) {
  paymentChanged(after: $after, customerId: $customerId) { cursor event { type to } gap { from to } record { id number customer { name } } } }`;
/** What isn't of one legal entity is everybody's. */
const OF_GROUP = new Set(['Customer', 'CreditAccount']);
const PORTALS = 2;
const ENTITIES = ['DE01', 'FR01'] as const;

interface Customer {
  readonly customerId: string;
  readonly accountId: string;
}

export async function openStormCompany(world: World, customers: number): Promise<StormCompany> {
  const admin = await world.as('admin');
  const { opened, german } = await openCustomers(world, customers);
  await admin.do(
    'createActor',
    { kind: 'USER', name: 'cash of DE01', issuer: ISSUER, subject: 'cash-de', roles: [{ role: 'cash', legalEntityId: german }] },
    'actor',
  );
  const analyst = await world.tokenOf('analyst');
  const portals: Sort[] = [];
  for (const [i, { customerId, accountId }] of opened.slice(0, PORTALS).entries()) {
    const subject = `portal-${i + 1}`;
    const who = { kind: 'PORTAL', name: subject, issuer: ISSUER, subject, roles: [], customerIds: [customerId] };
    await admin.do('createActor', who, 'actor');
    portals.push({
      name: subject,
      token: await world.tokenOf(subject),
      query: PAYMENTS,
      variables: {},
      sees: (event) => event.recordKind === 'Payment' && event.accountId === bare(accountId),
    });
  }
  return {
    world,
    accountIds: opened.map(({ accountId }) => accountId),
    wide: [
      { name: 'admin', token: admin.token, query: EVENTS, variables: {}, sees: () => true },
      {
        name: 'cash of DE01',
        token: await world.tokenOf('cash-de'),
        query: EVENTS,
        variables: {},
        sees: (event) => event.legalEntityId === bare(german) || OF_GROUP.has(event.recordKind),
      },
    ],
    narrow: [
      ...portals,
      ...opened.map(
        ({ accountId }): Sort => ({
          name: `events of ${accountId}`,
          token: analyst,
          query: EVENTS,
          variables: { accountId },
          sees: (event) => event.accountId === bare(accountId),
        }),
      ),
      ...opened.map(
        ({ customerId, accountId }): Sort => ({
          name: `payments of ${customerId}`,
          token: analyst,
          query: PAYMENTS,
          variables: { customerId },
          sees: (event) => event.recordKind === 'Payment' && event.accountId === bare(accountId),
        }),
      ),
    ],
  };
}

async function openCustomers(world: World, customers: number): Promise<{ opened: Customer[]; german: string }> {
  const admin = await world.as('admin');
  const entities = new Map<string, string>();
  const opened: Customer[] = [];
  for (let i = 0; i < customers; i++) {
    const code = ENTITIES[i % ENTITIES.length] ?? '';
    const number = `C-${i + 1}`;
    const legalEntityId = entities.get(code);
    if (legalEntityId === undefined) {
      const books = await openBooks(world, { code, number });
      entities.set(code, books.legalEntityId);
      opened.push(books);
      continue;
    }
    const { id: customerId } = await admin.do('createCustomer', { number, name: `Customer ${number}` }, 'customer');
    const { id: accountId } = await admin.do('openAccount', { customerId, legalEntityId, number, currency: 'EUR' }, 'account');
    opened.push({ customerId, accountId });
  }
  const [german = ''] = entities.values();
  return { opened, german };
}

/** Makes commands one after the other; one that gets no answer is sent again under its key until it does. */
export class Trade {
  made = 0;
  private isOver = false;
  private readonly company: StormCompany;
  private readonly target: { port: number };
  private readonly random: SeededRandomness;
  private readonly running: Promise<void>[];

  constructor(company: StormCompany, { target, hands, pauseMs }: { target: { port: number }; hands: number; pauseMs: number }) {
    this.company = company;
    this.target = target;
    this.random = seededRandom('trade');
    this.running = Array.from({ length: hands }, (_, hand) => this.work(`hand-${hand}`, pauseMs));
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async work(hand: string, pauseMs: number): Promise<void> {
    const { world, accountIds } = this.company;
    const token = await world.tokenOf('cash');
    for (let n = 0; !this.isOver; n++) {
      const amount = { amount: `${1 + this.random.int(999)}.00`, currency: 'EUR' };
      await this.pay(token, { accountId: this.random.pick(accountIds), amount, idempotencyKey: `${hand}-${n}` });
      this.made += 1;
      await sleep(pauseMs);
    }
  }

  private async pay(
    token: string,
    { idempotencyKey, ...input }: { idempotencyKey: string; [field: string]: unknown },
  ): Promise<void> {
    const query = 'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id } userErrors { code } } }';
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${this.target.port}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify({ query, variables: { input } }),
      }).catch(() => null);
      const text = await response?.text().catch(() => '');
      if (response?.ok && text?.includes('"userErrors":[]')) return;
      if (response?.ok && text?.includes('"userErrors":[{')) throw new Error(text);
      await sleep(50);
    }
  }
}
