// A NetSuite OneWorld account as a server on this machine: sign-in both ways, record service and SuiteQL over books that foot, governance
// and faults, under one origin with the real paths. For tests, the demo and authors of connectors; it reaches nothing but its webhook.
import { type FaultPlan, seededRandom } from '../../../src/connect/index.ts';
import { FaultChooser, readState, SimulatedServer, StateFile } from '../../../src/connect/simulating/index.ts';
import { Books } from './books/books.ts';
import type { Body, NetSuiteAccess, NetSuiteOptions, NetSuiteSimulator, RecordTypeName } from './contract.ts';
import { bundleSender } from './events.ts';
import { NetSuiteFront } from './front.ts';
import { type Identity, identityOf, type KeyPair, ownKeyPair } from './identity.ts';
import { Jobs } from './jobs.ts';
import { Governance, STANDARD_CONCURRENCY } from './limits.ts';
import { Problem, userError } from './problem.ts';
import { RecordApi } from './records/api.ts';
import { lenient } from './records/parse.ts';
import { Records } from './records/records.ts';
import { Viewer } from './records/view.ts';
import { Screen } from './screen.ts';
import { seedAccount } from './seed/seed.ts';
import { DEFAULT_SUBSIDIARIES } from './seed/setup.ts';
import { OAuth1 } from './sign-in/oauth1.ts';
import { OAuth2 } from './sign-in/oauth2.ts';
import { loadState, type State, stateOf, VERSION } from './state.ts';
import { QueryApi } from './suiteql/api.ts';
import { Zone } from './zone.ts';

export type {
  Body,
  DateFormat,
  NetSuiteAccess,
  NetSuiteOptions,
  NetSuiteSimulator,
  RecordTypeName,
  SimulatedSubsidiary,
} from './contract.ts';
export { Problem };

const SIZE = 120;
const SLOW_MS = 300;
const ROWS_MAX = 100_000;
const ZONE = 'America/Los_Angeles';

export async function startSimulator(options: NetSuiteOptions = {}): Promise<NetSuiteSimulator> {
  const simulated = new SimulatedNetSuite(options);
  await simulated.open(options.port ?? 0);
  return simulated;
}

class SimulatedNetSuite implements NetSuiteSimulator {
  readonly #records: Records;
  readonly #queries: QueryApi;
  readonly #oauth2: OAuth2;
  readonly #faults: FaultChooser;
  readonly #governance: Governance;
  readonly #events: ReturnType<typeof bundleSender>;
  readonly #server: SimulatedServer;
  readonly #file: StateFile | null;
  readonly #identity: Identity;
  readonly #keys: KeyPair;

  constructor(options: NetSuiteOptions) {
    const { seed = 'netsuite', now = () => new Date(), statePath, certificate, dateFormat = 'M/D/YYYY', concurrency } = options;
    const nowSec = (): number => Math.floor(now().getTime() / 1_000);
    this.#identity = identityOf(seed);
    const { account, clientId, certificateId, token, webhookSecret } = this.#identity;
    const books = new Books(nowSec, new Zone(options.timeZone ?? ZONE));
    books.voidsByJournal = options.voidsByJournal ?? false;
    this.#records = new Records(books);
    const kept = statePath === undefined ? null : (readState(statePath, VERSION) as State | null);
    const given = certificate === undefined ? null : { certificate, privateKey: '' };
    this.#keys = given ?? (kept === null || kept.keys.privateKey === '' ? ownKeyPair() : kept.keys);
    this.#file = statePath === undefined ? null : new StateFile(statePath, () => stateOf(books, this.#keys));
    if (kept === null) {
      const { size = SIZE, companies = [], subsidiaries = DEFAULT_SUBSIDIARIES } = options;
      seedAccount({
        records: this.#records,
        random: seededRandom(`${seed} company`),
        size,
        companies,
        subsidiaries,
        nowSec: nowSec(),
      });
    } else loadState(books, kept);
    books.nowSec = nowSec;
    this.#oauth2 = new OAuth2({ id: clientId, certificateId, certificate: this.#keys.certificate }, nowSec);
    this.#faults = new FaultChooser(seededRandom(`${seed} faults`));
    this.#faults.set(options.faults ?? {});
    this.#governance = new Governance(concurrency === undefined ? STANDARD_CONCURRENCY : concurrency);
    this.#events = bundleSender(webhookSecret);
    this.#events.url = options.webhook?.url ?? null;
    const rowsMax = options.queryRowsMax ?? ROWS_MAX;
    this.#queries = new QueryApi(this.#records, { dateFormat, rowsMax, onBroken: () => this.#governance.broken() });
    const front = new NetSuiteFront({
      account,
      oauth1: new OAuth1(account, token),
      oauth2: this.#oauth2,
      records: new RecordApi(this.#records, dateFormat),
      queries: this.#queries,
      jobs: new Jobs(),
      governance: this.#governance,
      screen: new Screen(this.#records),
      nowSec,
      slowMs: options.slowMs ?? SLOW_MS,
      onDone: () => this.#tell(),
    });
    this.#server = new SimulatedServer(front, this.#faults);
  }

  async open(port: number): Promise<void> {
    await this.#server.listen(port);
    await this.#file?.save();
  }

  get url(): string {
    return this.#server.url;
  }

  get access(): NetSuiteAccess {
    const { token, ...identity } = this.#identity;
    return { baseUrl: this.url, ...identity, privateKey: this.#keys.privateKey, ...token };
  }

  get isIdle(): boolean {
    return this.#events.isIdle;
  }

  violations = (): number => this.#governance.violations;

  setFaults(plan: FaultPlan): void {
    this.#faults.set(plan);
  }

  setWebhook(webhook: { readonly url: string } | null): void {
    this.#events.url = webhook?.url ?? null;
  }

  setLimits(concurrency: number | null): void {
    this.#governance.limit = concurrency;
  }

  setRole(subsidiaries: readonly string[] | null): void {
    this.#records.role = subsidiaries === null ? null : new Set(subsidiaries.map(Number));
  }

  expireTokens(): void {
    this.#oauth2.expireAll();
  }

  create(type: RecordTypeName, body: Body): string {
    return this.#done(() => String(this.#records.create(this.#records.type(type), body, lenient())));
  }

  update(type: RecordTypeName, id: string, change: Body): void {
    this.#done(() => this.#records.update(this.#found(type, id), change, lenient()));
  }

  remove(type: RecordTypeName, id: string): void {
    this.#done(() => this.#records.remove(this.#found(type, id)));
  }

  void(type: RecordTypeName, id: string): void {
    this.#done(() => {
      const found = this.#found(type, id);
      if (found.family === 'LIST') throw userError('Only a transaction can be voided.');
      this.#records.writer.void(found.row);
    });
  }

  closeOrder(id: string): void {
    this.#done(() => {
      const found = this.#found('salesOrder', id);
      if (found.family === 'TRANSACTION') this.#records.writer.closeOrder(found.row);
    });
  }

  transform(type: RecordTypeName, id: string, into: RecordTypeName, body: Body = {}): string {
    return this.#done(() => String(this.#records.transform(this.#found(type, id), this.#records.type(into), body, lenient())));
  }

  read(type: RecordTypeName, id: string): Body | null {
    return this.#asPerson(() => {
      try {
        return this.#viewer().record(this.#found(type, id));
      } catch (error) {
        if (error instanceof Problem) return null;
        throw error;
      }
    });
  }

  all(type: RecordTypeName): Body[] {
    const viewer = this.#viewer();
    return this.#asPerson(() => Array.from(this.#records.all(this.#records.type(type)), (shown) => viewer.record(shown)));
  }

  countOf(table: string): number {
    return Number(this.query(`SELECT COUNT(*) AS n FROM ${table}`)[0]?.['n'] ?? 0);
  }

  query(sql: string): Readonly<Record<string, string>>[] {
    return this.#asPerson(() => this.#queries.rows(sql));
  }

  closePeriod(through: string | null): void {
    const { books } = this.#records;
    books.closedThrough = through;
    books.version += 1;
    this.#file?.changed();
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#server.close();
    await this.#file?.close();
  }

  /** A person sees all subsidiaries, and sets up what there is, whatever the role of the integration may. */
  #asPerson<Result>(act: () => Result): Result {
    const { role } = this.#records;
    Object.assign(this.#records, { role: null, isPerson: true });
    try {
      return act();
    } finally {
      Object.assign(this.#records, { role, isPerson: false });
    }
  }

  #done<Result>(act: () => Result): Result {
    const result = this.#asPerson(act);
    this.#tell();
    return result;
  }

  #found(type: RecordTypeName, id: string) {
    return this.#records.find(this.#records.type(type), id);
  }

  #viewer(): Viewer {
    return new Viewer(this.#records.books, { root: `${this.url}/services/rest`, isExpanded: true, isEnumSimple: false });
  }

  #tell(): void {
    const changes = this.#records.books.takeChanges();
    if (changes.length > 0) this.#file?.changed();
    this.#events.send(changes);
  }
}
