/**
 * What the conformance kit needs of an ERP's simulator beside its HTTP interface: the hand of a person on the ERP's own screens, and
 * a look into its books. A connector's `kit.ts` gives it.
 */
import type { ErpSimulator, ErpSimulatorOptions } from '../simulator.ts';

export interface KitCustomer {
  readonly id: string;
  readonly currency: string;
  /** The company there that the account is with, and the currency of its books, where the ERP has several. */
  readonly legalEntity?: string;
  readonly functionalCurrency?: string;
}

/** Records that random documents can refer to. */
export interface KitReferences {
  /** Active customers with the currency of their documents. */
  readonly customers: readonly KitCustomer[];
  /** Active products. */
  readonly products: readonly string[];
  readonly terms: readonly string[];
  /** Documents with something open. */
  readonly openInvoices: readonly KitOpenDocument[];
  readonly openCreditNotes: readonly KitOpenDocument[];
  /** Orders of which all can still be delivered; where the connector makes deliveries. */
  readonly openOrders?: readonly KitOpenOrder[];
  /** Ways to tax a line, each with its rate in percent; `{ category: 'O', rate: '0' }` where lines may be without tax. */
  readonly taxes: readonly { readonly category: string; readonly rate: string }[];
}

export interface KitOpenDocument {
  readonly id: string;
  readonly customer: string;
  readonly currency: string;
  /** Decimal text. */
  readonly open: string;
}

export interface KitOpenOrder {
  readonly id: string;
  readonly legalEntity?: string;
  /** With what is left to deliver, decimal text. */
  readonly lines: readonly { readonly id: string; readonly quantity: string }[];
}

/** A document as the ERP's own books have it, in decimal texts. */
export interface KitBooked {
  readonly id: string;
  /** Its day there. */
  readonly day: string;
  readonly currency: string;
  /** Of the functional currency for one of its own; null where it is in that, or none is kept. */
  readonly rate: string | null;
  /** Of a payment: what came. */
  readonly total: string;
  /** Null where it can have none. */
  readonly tax: string | null;
  /** What is not settled, or of a payment not applied; null where nothing of it ever is. */
  readonly open: string | null;
}

export interface KitErp {
  readonly simulator: ErpSimulator;
  /** Of a connection to it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** The companies there that it serves, where the ERP has several. */
  readonly legalEntities?: readonly string[];
  /** Of its books, or of those of the first company; USD where absent. */
  readonly functionalCurrency?: string;
  /** The records that a full read of a stream has to have, by the simulator's own books. */
  ids(stream: string): Promise<readonly string[]>;
  /** The documents of a stream by the simulator's own books; none for a stream of products, customers or terms. */
  booked(stream: string): Promise<readonly KitBooked[]>;
  /** A person makes a record of a stream there; null where the ERP has no way to. */
  make(stream: string): Promise<string | null>;
  /** A person changes it in a way that shows when it is read; false where nothing of it can be changed. */
  change(stream: string, id: string): Promise<boolean>;
  /** A person takes it back or deletes it for good; false where the ERP has no way to. */
  remove(stream: string, id: string): Promise<boolean>;
  /** How many records of a stream carry our reference. */
  countOurs(stream: string, ours: string): Promise<number>;
  references(): Promise<KitReferences>;
  /** Sets a field that no connector knows, as the ERP's own apps do; null where there is none to set. */
  mark?(stream: string, id: string, text: string): Promise<void>;
  /** What that field holds. */
  marked?(stream: string, id: string): Promise<string | null>;
  /** Closes the books there through that day, or opens them. */
  closeBooks?(through: string | null): Promise<void>;
  /** It forgets all sessions, so that what they were given (a token against forged requests, cookies) is not taken any more. */
  endSessions?(): void;
  /** The simulator's clock. */
  setNow(now: Date): void;
  close(): Promise<void>;
}

/** What `connectors/<name>/kit.ts` exports as `kit`. */
export interface KitTarget {
  start(options: ErpSimulatorOptions): Promise<KitErp>;
}
