// A QuickBooks Online company as a server on this machine: Intuit's sign-in, the v3 API with its books, webhooks, limits and faults, under
// one origin with the real paths. For tests, the demo and authors of connectors; it never reaches anything but the webhook's receiver.
import { type ErpSimulator, type ErpSimulatorOptions, type FaultPlan, seededRandom } from '../../../src/connect/index.ts';
import { FaultChooser, readState, SimulatedServer, StateFile } from '../../../src/connect/simulating/index.ts';
import type { Body } from './body.ts';
import { Books, type KeptBooks, type Row } from './books.ts';
import { CompanyApi, type Kept } from './company-api.ts';
import type { EntityName } from './entities.ts';
import { INTUIT_LIMITS, type Limits, Throttle } from './limits.ts';
import { OAuth } from './oauth.ts';
import { Screen } from './screen.ts';
import { seedCompany } from './seed.ts';
import { type CompanySettings, settingsBody } from './seed-setup.ts';
import { quickBooksFront } from './front.ts';
import { viewOf } from './view.ts';
import { type WebhookFormat, webhookSender } from './webhooks.ts';
import { PERSON, Writer } from './writer.ts';

export type { Body } from './body.ts';
export type { EntityName } from './entities.ts';
export type { Limits } from './limits.ts';
export type { CompanySettings } from './seed-setup.ts';

export interface QuickBooksOptions extends ErpSimulatorOptions {
  /** CLOUD_EVENTS unless told. */
  readonly webhookFormat?: WebhookFormat;
  /** Intuit's own unless told; null keeps to none. */
  readonly limits?: Limits | null;
  /** Some customers of the seeded company pay in euros, yen and dinars. */
  readonly multiCurrency?: boolean;
  /** How late SLOW answers. */
  readonly slowMs?: number;
}

export interface QuickBooksAccess {
  readonly [name: string]: string;
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly realmId: string;
  readonly redirectUri: string;
  /** Good for one exchange, within ten minutes. */
  readonly authorizationCode: string;
  readonly refreshToken: string;
  readonly webhookVerifier: string;
}

/** Its methods do what a person does in QuickBooks' own screens: no version is asked for, no period is closed, webhooks are sent. */
export interface QuickBooksSimulator extends ErpSimulator {
  readonly access: QuickBooksAccess;
  /** Every webhook was taken, or there is nobody to take it. */
  readonly isIdle: boolean;
  create(entity: EntityName, body: Body): Body;
  /** Changes what is given and keeps the rest; a `Line` replaces all lines. */
  update(entity: EntityName, id: string, change: Body): Body;
  void(entity: EntityName, id: string): Body;
  remove(entity: EntityName, id: string): void;
  /** All of one customer's records become the other's; the first is gone. */
  mergeCustomers(goneId: string, intoId: string): void;
  read(entity: EntityName, id: string): Body | null;
  all(entity: EntityName): Body[];
  setPreferences(settings: CompanySettings): void;
  setLimits(limits: Limits | null): void;
  authorizationCode(): string;
  expireAccessTokens(): void;
}

interface State {
  readonly version: number;
  readonly books: KeptBooks;
  readonly answers: readonly Kept[];
}

/** Of the state file's form. */
const VERSION = 1;
const SIZE = 120;
const SLOW_MS = 300;
const REDIRECT_URI = 'http://127.0.0.1/oauth/callback';

export async function startSimulator(options: QuickBooksOptions = {}): Promise<QuickBooksSimulator> {
  const simulated = new SimulatedQuickBooks(options);
  await simulated.open(options.port ?? 0);
  return simulated;
}

class SimulatedQuickBooks implements QuickBooksSimulator {
  readonly #books: Books;
  readonly #writer: Writer;
  readonly #oauth: OAuth;
  readonly #faults: FaultChooser;
  readonly #throttle: Throttle;
  readonly #webhooks: ReturnType<typeof webhookSender>;
  readonly #server: SimulatedServer;
  readonly #file: StateFile | null;
  readonly #identity: ReturnType<typeof identityOf>;
  #access: QuickBooksAccess | null = null;

  constructor(options: QuickBooksOptions) {
    const { seed = 'quickbooks', now = () => new Date(), limits = INTUIT_LIMITS, webhookFormat = 'CLOUD_EVENTS' } = options;
    const nowSec = (): number => Math.floor(now().getTime() / 1_000);
    this.#identity = identityOf(seed);
    const { realmId, verifier, client } = this.#identity;
    this.#books = new Books(nowSec);
    this.#writer = new Writer(this.#books);
    const company = new CompanyApi(this.#books, this.#writer, now);
    const { size = SIZE, multiCurrency: isMultiCurrency = false, statePath } = options;
    const kept = statePath === undefined ? null : (readState(statePath, VERSION) as State | null);
    const state = (): State => ({ version: VERSION, books: this.#books.kept(), answers: company.kept() });
    this.#file = statePath === undefined ? null : new StateFile(statePath, state);
    if (kept === null) {
      const random = seededRandom(`${seed} company`);
      const { companies = [] } = options;
      const seeding = { books: this.#books, writer: this.#writer, random, isMultiCurrency, companies };
      seedCompany({ ...seeding, size, nowSec: nowSec() });
    } else {
      this.#books.load(kept.books);
      company.load(kept.answers);
    }
    this.#books.nowSec = nowSec;
    this.#oauth = new OAuth(client, seededRandom(`${seed} tokens`), now);
    this.#faults = new FaultChooser(seededRandom(`${seed} faults`));
    this.#faults.set(options.faults ?? {});
    this.#throttle = new Throttle(now);
    this.#throttle.limits = limits;
    this.#webhooks = webhookSender({ realmId, verifier, format: webhookFormat });
    this.#webhooks.url = options.webhook?.url ?? null;
    const front = quickBooksFront({
      realmId,
      oauth: this.#oauth,
      company,
      screen: new Screen(this.#books, this.#writer),
      throttle: this.#throttle,
      random: seededRandom(`${seed} answers`),
      now,
      slowMs: options.slowMs ?? SLOW_MS,
      onDone: () => this.#tell(),
    });
    this.#server = new SimulatedServer(front, this.#faults);
  }

  async open(port: number): Promise<void> {
    await this.#server.listen(port);
    await this.#file?.save();
    const { realmId, verifier, client } = this.#identity;
    this.#access = {
      baseUrl: this.url,
      clientId: client.id,
      clientSecret: client.secret,
      realmId,
      redirectUri: REDIRECT_URI,
      authorizationCode: this.#oauth.newCode(),
      refreshToken: this.#oauth.newRefreshToken(),
      webhookVerifier: verifier,
    };
  }

  get url(): string {
    return this.#server.url;
  }

  get access(): QuickBooksAccess {
    if (this.#access === null) throw new Error('The simulator does not listen yet.');
    return this.#access;
  }

  get isIdle(): boolean {
    return this.#webhooks.isIdle;
  }

  violations = (): number => this.#throttle.violations;

  setFaults(plan: FaultPlan): void {
    this.#faults.set(plan);
  }

  setWebhook(webhook: { readonly url: string } | null): void {
    this.#webhooks.url = webhook?.url ?? null;
  }

  setLimits(limits: Limits | null): void {
    this.#throttle.limits = limits;
  }

  setPreferences(settings: CompanySettings): void {
    this.#told(this.#writer.update('Preferences', { sparse: true, ...settingsBody(settings) }, PERSON));
  }

  authorizationCode(): string {
    return this.#oauth.newCode();
  }

  expireAccessTokens(): void {
    this.#oauth.expireAccessTokens();
  }

  create(entity: EntityName, body: Body): Body {
    return this.#told(this.#writer.create(entity, body, PERSON));
  }

  update(entity: EntityName, id: string, change: Body): Body {
    return this.#told(this.#writer.update(entity, { ...change, Id: id, sparse: true }, PERSON));
  }

  void(entity: EntityName, id: string): Body {
    return this.#told(this.#writer.void(entity, { Id: id }, PERSON));
  }

  remove(entity: EntityName, id: string): void {
    this.#writer.remove(entity, { Id: id }, PERSON);
    this.#tell();
  }

  mergeCustomers(goneId: string, intoId: string): void {
    this.#writer.merge(goneId, intoId);
    this.#tell();
  }

  read(entity: EntityName, id: string): Body | null {
    const row = this.#books.row(entity, id);
    return row === undefined ? null : viewOf(this.#books, row);
  }

  all(entity: EntityName): Body[] {
    return Array.from(this.#books.rows(entity), (row) => viewOf(this.#books, row));
  }

  async close(): Promise<void> {
    await this.#webhooks.close();
    await this.#server.close();
    await this.#file?.close();
  }

  #told(row: Row): Body {
    this.#tell();
    return viewOf(this.#books, row);
  }

  #tell(): void {
    const changes = this.#books.takeChanges();
    if (changes.length > 0) this.#file?.changed();
    this.#webhooks.send(changes);
  }
}

/** The app and the company, the same for the same seed, so that a restart needs no new settings. */
function identityOf(seed: number | string) {
  const random = seededRandom(`${seed} identity`);
  const text = (bytes: number): string => Buffer.from(random.bytes(bytes)).toString('base64url');
  const realmId = `93414${String(1_000_000_000 + random.int(9_000_000_000))}`;
  return { realmId, client: { id: `AB${text(24)}`, secret: text(30), realmId }, verifier: text(27) };
}
