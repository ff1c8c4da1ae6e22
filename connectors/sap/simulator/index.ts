// An SAP S/4HANA system as a server on this machine: its OData V2 services over books that add up, sign-in, CSRF tokens, events, limits and
// faults, under one origin with the real paths. For tests, the demo and authors of connectors; it never reaches anything but the webhook.
import { type ErpSimulator, type ErpSimulatorOptions, type FaultPlan, seededRandom } from '../../../src/connect/index.ts';
import { FaultChooser, readState, SimulatedServer, StateFile } from '../../../src/connect/simulating/index.ts';
import { createBooks, type KeptBooks, type SapBooks, type SapSettings } from './books/index.ts';
import { eventSender } from './events.ts';
import { SapFront, TOKENS, USER_INTERFACE } from './front.ts';
import { Throttle } from './limits.ts';
import { Gateway } from './odata/gateway.ts';
import type { Paging } from './odata/reader.ts';
import { Screen } from './screen.ts';
import { identityOf, Sessions } from './session.ts';

export type { SapBooks, SapChange } from './books/index.ts';
export type { Row } from './model.ts';
export type { Paging } from './odata/reader.ts';

export interface SapOptions extends ErpSimulatorOptions {
  /** Requests that it takes at once, 4 unless told; null: as many as come. */
  readonly concurrent?: number | null;
  /** Services page on their own, 1,000 rows unless told; null: they never do. */
  readonly paging?: Paging | null;
  /** How the company has set its system up, and what it does where nobody knows. */
  readonly settings?: SapSettings;
  /** How late SLOW answers. */
  readonly slowMs?: number;
}

export interface SapAccess {
  readonly [name: string]: string;
  readonly baseUrl: string;
  /** What the user interface's host gives: a page for whatever is asked. */
  readonly uiUrl: string;
  /** A communication user. */
  readonly user: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenUrl: string;
  /** sap-client */
  readonly client: string;
  /** Company codes, with commas between. */
  readonly companyCodes: string;
  /** Bearer token of its events. */
  readonly webhookSecret: string;
}

export interface SapSimulator extends ErpSimulator {
  readonly access: SapAccess;
  /** What people do in SAP's own screens, and the rows as they are. */
  readonly books: SapBooks;
  /** Every event was taken, or there is nobody to take it. */
  readonly isIdle: boolean;
  setConcurrent(concurrent: number | null): void;
  setPaging(paging: Paging | null): void;
  /** Services by name (`API_SALES_ORDER_SRV`) that are not switched on, and that the user has no right to. */
  setServices(services: { readonly inactive?: readonly string[]; readonly denied?: readonly string[] }): void;
  /** Cookies and CSRF tokens given so far are worth nothing any more. */
  endSessions(): void;
  expireAccessTokens(): void;
  /** Links to a next page that were given so far are refused. */
  expireSkipTokens(): void;
}

interface State {
  readonly version: typeof VERSION;
  readonly books: KeptBooks;
}

/** Of the file's form. */
const VERSION = 1;
const SIZE = 120;
const SLOW_MS = 300;
const PAGING: Paging = { rows: 1_000, topMaxRows: 5_000 };

export async function startSimulator(options: SapOptions = {}): Promise<SapSimulator> {
  const simulated = new SimulatedSap(options);
  await simulated.open(options.port ?? 0);
  return simulated;
}

class SimulatedSap implements SapSimulator {
  readonly books: SapBooks;
  readonly #identity: ReturnType<typeof identityOf>;
  readonly #gateway: Gateway;
  readonly #sessions: Sessions;
  readonly #throttle: Throttle;
  readonly #faults: FaultChooser;
  readonly #events: ReturnType<typeof eventSender>;
  readonly #server: SimulatedServer;
  readonly #file: StateFile | null;

  constructor(options: SapOptions) {
    const { seed = 'sap', now = () => new Date(), size = SIZE, companies, settings, statePath, slowMs = SLOW_MS } = options;
    this.#identity = identityOf(seed);
    const kept = statePath === undefined ? null : (readState(statePath, VERSION) as State | null);
    this.books = createBooks({
      seed,
      size,
      now,
      kept: kept?.books ?? null,
      ...(companies === undefined ? {} : { companies }),
      ...(settings === undefined ? {} : { settings }),
    });
    const state = (): State => ({ version: VERSION, books: this.books.kept() });
    this.#file = statePath === undefined ? null : new StateFile(statePath, state);
    const paging = options.paging === undefined ? PAGING : options.paging;
    this.#gateway = new Gateway({ books: this.books, random: seededRandom(`${seed} answers`), now, paging });
    this.#sessions = new Sessions(this.#identity, seededRandom(`${seed} sessions`), now);
    this.#throttle = new Throttle(options.concurrent);
    this.#faults = new FaultChooser(seededRandom(`${seed} faults`));
    this.#faults.set(options.faults ?? {});
    this.#events = eventSender({ books: this.books, secret: this.#identity.webhookSecret });
    this.#events.url = options.webhook?.url ?? null;
    this.books.onChange(() => this.#file?.changed());
    const front = new SapFront({
      identity: this.#identity,
      gateway: this.#gateway,
      sessions: this.#sessions,
      throttle: this.#throttle,
      screen: new Screen(this.books),
      slowMs,
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

  get access(): SapAccess {
    const { user, password, clientId, clientSecret, client, webhookSecret } = this.#identity;
    return {
      baseUrl: this.url,
      uiUrl: `${this.url}${USER_INTERFACE}`,
      user,
      password,
      clientId,
      clientSecret,
      tokenUrl: `${this.url}${TOKENS}`,
      client,
      companyCodes: this.books.companyCodes.join(','),
      webhookSecret,
    };
  }

  get isIdle(): boolean {
    return this.#events.isIdle;
  }

  violations = (): number => this.#throttle.violations;

  setFaults(plan: FaultPlan): void {
    this.#faults.set(plan);
  }

  setWebhook(webhook: { readonly url: string } | null): void {
    this.#events.url = webhook?.url ?? null;
  }

  setConcurrent(concurrent: number | null): void {
    this.#throttle.concurrent = concurrent;
  }

  setPaging(paging: Paging | null): void {
    this.#gateway.reader.paging = paging;
  }

  setServices({
    inactive = [],
    denied = [],
  }: {
    readonly inactive?: readonly string[];
    readonly denied?: readonly string[];
  }): void {
    this.#gateway.inactive = new Set(inactive);
    this.#gateway.denied = new Set(denied);
  }

  endSessions(): void {
    this.#sessions.endSessions();
  }

  expireAccessTokens(): void {
    this.#sessions.expireAccessTokens();
  }

  expireSkipTokens(): void {
    this.#gateway.reader.expireSkipTokens();
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#server.close();
    await this.#file?.close();
  }
}
