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
