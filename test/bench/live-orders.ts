// What the bench of live delivery tells its subscribers' process, and what that answers.
import type { Subscription } from './live-socket.ts';

/** Subscriber `i` asks for topic `i` modulo their number, or for all of them. */
export interface ConnectOrder {
  readonly kind: 'connect';
  readonly port: number;
  readonly count: number;
  /** Taken in turn, so many subscribers each; none for a server that asks nobody. */
  readonly tokens: readonly string[];
  /** In turn as well. */
  readonly subscriptions: readonly Subscription[];
  /** What stands before the number of the event in its bytes. */
  readonly marker: string;
}

/** Each event that is about to be made, by its topic; `from` is the number of the first. */
export interface ExpectOrder {
  readonly kind: 'expect';
  readonly from: number;
  readonly topics: readonly number[];
  readonly isFiltered: boolean;
  /** Whether to send back a message of each event. */
  readonly shows: boolean;
}

/** When each of them was sent; answered when the last has arrived. */
export interface SentOrder {
  readonly kind: 'sent';
  readonly atMs: readonly number[];
}

export type ClientsOrder = ConnectOrder | ExpectOrder | SentOrder | { readonly kind: 'heard' } | { readonly kind: 'leave' };

export interface Delivered {
  readonly deliveries: number;
  /** From the first that was sent to the last that arrived. */
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly bytes: number;
  /** JSON of one message for each event, where they were asked for. */
  readonly shown: readonly string[];
}
