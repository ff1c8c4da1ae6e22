/** What a simulator of another system offers: a server on this machine that behaves like it, for the demo, for tests and for authors. */

export interface SimulatorOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Decides what goes wrong, and when. */
  readonly seed?: number | string;
  /** Where it reports to, and the secret that both sides sign with. Without them it takes everything and reports nothing. */
  readonly webhook?: SimulatorWebhook;
  /** Between two steps of what it simulates. */
  readonly delayMs?: number;
  /** The part of requests and reports, 0 to 1, that go wrong in one of the ways in which networks and servers do. */
  readonly faults?: number;
  /** Its clock; the machine's unless told. */
  readonly now?: () => Date;
}

export interface SimulatorWebhook {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
}

export interface Simulator {
  /** Where it is asked. */
  readonly url: string;
  /** From now on it reports there, and takes only what is signed with the secret. */
  connect(webhook: SimulatorWebhook): void;
  close(): Promise<void>;
}

/** What `connectors/<name>/simulator.ts` exports. */
export interface SimulatorModule {
  startSimulator(options: SimulatorOptions): Promise<Simulator>;
}

/**
 * What an ERP's simulator may do to a request, as networks and servers do it:
 * - THROTTLED: refused for going too fast, with or without a time to come again
 * - UNAVAILABLE: 503, nothing done
 * - SERVER_ERROR: 500, nothing done
 * - LOST_ANSWER: done, then the connection is cut before the answer
 * - HALF_ANSWER: done, then the connection is cut in the middle of the answer
 * - HTML: done or not, 200 with a page of a proxy in it
 * - FAULT_IN_SUCCESS: not done, 200 with an error in the body, as far as this ERP does that
 * - SLOW: done, answered late
 * - UNAUTHORIZED: the access token is refused once, although it was valid
 * - TIMEOUT: done, and never answered
 */
export const FAULT_KINDS = [
  'THROTTLED',
  'UNAVAILABLE',
  'SERVER_ERROR',
  'LOST_ANSWER',
  'HALF_ANSWER',
  'HTML',
  'FAULT_IN_SUCCESS',
  'SLOW',
  'UNAUTHORIZED',
  'TIMEOUT',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What goes wrong: a part of the requests at random (seeded), or the next ones as scripted; `null` lets one pass. */
export interface FaultPlan {
  /** 0 to 1. */
  readonly rate?: number;
  /** Of the random ones; all of them where absent. */
  readonly kinds?: readonly FaultKind[];
  /** Used up from the first on before anything is left to chance. */
  readonly script?: readonly (FaultKind | null)[];
  /** Only requests of which this is true count; all where absent. */
  readonly only?: (request: { readonly method: string; readonly path: string }) => boolean;
  /** THROTTLED and UNAVAILABLE say when to come again; as it comes where absent. */
  readonly tellsRetryAfter?: boolean;
}

/** A customer that a simulated ERP has beside those of its own history: other simulators may know it, too, by another name. */
export interface SimulatedCompany {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly taxId?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly street?: string;
  readonly postalCode?: string;
  readonly city?: string;
  /** IBAN, or a domestic account number. */
  readonly bankAccount?: string;
  /** In the currency of the ERP's company. */
  readonly creditLimit?: string;
  /** How it pays; PROMPT where absent. */
  readonly payer?: 'PROMPT' | 'LATE' | 'BAD';
}

export interface ErpSimulatorOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** The company, its history and what goes wrong follow from it. */
  readonly seed?: number | string;
  /** How many invoices its history has, about; 0: an empty company with its settings. */
  readonly size?: number;
  readonly faults?: FaultPlan;
  /** They take part in its history as its other customers do. */
  readonly companies?: readonly SimulatedCompany[];
  /** PEM: the certificate that clients prove themselves with, where they do; one of its own where absent. */
  readonly certificate?: string;
  /** Where its events are posted to. */
  readonly webhook?: { readonly url: string };
  /** The file in which it keeps its books between starts. The company is made when there is none yet; without a path it ends with the process. */
  readonly statePath?: string;
  readonly now?: () => Date;
}

/** An ERP that is simulated: a server with its own books. */
export interface ErpSimulator {
  /** Where it is asked. */
  readonly url: string;
  /** Printed as one line by `cashgraph simulator`: what a client needs to sign in. */
  readonly access: Readonly<Record<string, string>>;
  /** From now on. */
  setFaults(plan: FaultPlan): void;
  /** Posts its events there from now on. */
  setWebhook(webhook: { readonly url: string } | null): void;
  /** How often a documented limit of the ERP was broken by its clients. */
  readonly violations: () => number;
  close(): Promise<void>;
}

/** What `connectors/<name>/simulator/index.ts` of an ERP exports. */
export interface ErpSimulatorModule {
  startSimulator(options: ErpSimulatorOptions): Promise<ErpSimulator>;
}
