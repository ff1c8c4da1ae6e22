// What the bench of webhooks tells its receivers and its peers, which are processes of their own, and what those answer.

/** So many receivers, each at an address of its own; those before are closed. */
export interface OpenOrder {
  readonly kind: 'open';
  readonly ms: number;
  readonly count: number;
}

/** What each receiver verifies by. */
export interface TrustOrder {
  readonly kind: 'trust';
  readonly ms: number;
  readonly secrets: readonly string[];
}

/** Each receiver is to get each of these events, numbered from `from` on, once, and those of one record in order. */
export interface ExpectOrder {
  readonly kind: 'expect';
  readonly ms: number;
  readonly from: number;
  readonly count: number;
}

/** When each of them happened; answered when the last has arrived. */
export interface HappenedOrder {
  readonly kind: 'happened';
  readonly ms: number;
  readonly atMs: readonly number[];
}

export type ReceiverOrder = OpenOrder | TrustOrder | ExpectOrder | HappenedOrder;

export interface Arrived {
  readonly deliveries: number;
  /** From the first that happened to the last that arrived. */
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the last message. */
  readonly bytes: number;
  /** The messages as they came at the first receiver, in order of their numbers. */
  readonly texts: readonly string[];
}

export interface Opened {
  readonly urls: readonly string[];
}

/** To whom a peer sends what, for each record. */
export interface PrepareOrder {
  readonly kind: 'prepare';
  readonly ms: number;
  readonly urls: readonly string[];
  readonly secrets: readonly string[];
  readonly texts: readonly string[];
  /** To one receiver at once. */
  readonly perEndpoint: number;
}

/** Events of these records; answered when all are sent. */
export interface PublishOrder {
  readonly kind: 'publish';
  readonly ms: number;
  readonly from: number;
  readonly topics: readonly number[];
}

export type PeerOrder = PrepareOrder | PublishOrder;

export interface Published {
  readonly atMs: number;
  /** Of the peer's process. */
  readonly cpuMicros: number;
}
