/**
 * What a connector is. An author declares: settings and credentials, how to sign in, how fast, which streams can be read and which
 * records written, how webhooks are proved, how to check. It holds no state, opens no database and knows nothing of GraphQL: cursors,
 * retries, limits, tokens, exactly-one effect and progress live in the sync engine, which calls what is declared here.
 */
import type { z } from 'zod';
import type { Canonical, CanonicalKind, Json, JsonObject } from '../canonical/canonical.ts';
import type { AuthScheme } from './auth.ts';
import type { ErpHttp, Judge } from './erp-http.ts';

/** What the engine hands to everything that a connector does. */
export interface ConnectorContext<Config = unknown> {
  /** As its schema gave it. */
  readonly config: Config;
  /** The companies there that the connection serves, by the ERP's ids; empty: the only one that there is. */
  readonly legalEntities: readonly string[];
  /** Signed in, within the rate limit, with retries for what may be repeated; only to the connection's own hosts. */
  readonly http: ErpHttp;
  readonly now: () => Date;
  /** Aborted when the work is given up. */
  readonly signal: AbortSignal;
  /**
   * The same for all work of the connection in this process while its settings and credentials are as they are: what a connector keeps in
   * memory of the ERP hangs on it. Absent: only for this piece of work.
   */
  readonly memory?: object;
}

/** A record as the ERP gave it. */
export interface SourceRecord {
  readonly externalId: string;
  /** The ERP's own version of it (SyncToken, etag, change stamp), if it has one. */
  readonly version: string | null;
  /** When the ERP says that it changed last, ISO 8601 with zone. */
  readonly updatedAt: string | null;
  /** It is gone there; `raw` is then whatever told so. */
  readonly isDeleted?: boolean;
  readonly raw: JsonObject;
}

/** Where a stream stands: plain JSON, meaningful to the connector only. */
export type Cursor = JsonObject;

export interface StreamPage {
  readonly records: readonly SourceRecord[];
  /** From here a later read goes on; kept in the transaction of the page's records. */
  readonly cursor: Cursor;
  /** About how many records the whole read has, where the ERP says so at no cost. */
  readonly total?: number;
  /**
   * Of an INCREMENTAL read: deletes may be missing, and only everything tells them. A FULL read follows at once; until one is done each
   * INCREMENTAL read has to say it again.
   */
  readonly needsFull?: true;
}

export interface ReadRequest {
  /** FULL: everything there is. INCREMENTAL: what changed since the cursor, with an overlap by the connector's own safety window. */
  readonly mode: 'FULL' | 'INCREMENTAL';
  /**
   * Of the last page that was kept; null: from the beginning. A FULL read gets only ever one of the same read; the first INCREMENTAL one
   * after it gets that of its last page, and has to bring what changed since that FULL read began.
   */
  readonly cursor: Cursor | null;
  readonly pageMaxCount: number;
}

/** What a mapping makes of a raw record. */
export interface Assembled<K extends CanonicalKind> {
  readonly document: Canonical<K>;
  /** The public id of our record that it carries, if it was made by us. */
  readonly ours?: string;
  /** What no field of the document holds. */
  readonly extensions?: JsonObject;
  /** When it was made there, ISO 8601 with zone. */
  readonly createdAt?: string;
}

/** Thrown by `assemble`: the record stays out, shown as an issue with this field and sentence, until it is mended there or replayed. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  constructor(
    /** The ERP's own field. */
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Thrown by `assemble` for a record that is no business of ours, such as a quote that nobody accepted. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

export interface Stream<Config = unknown, K extends CanonicalKind = CanonicalKind> {
  /** Unique in the connector, kebab-case, such as `credit-memos`. */
  readonly name: string;
  /** What its records become. */
  readonly kind: K;
  readonly description: string;
  /** Pages in an order such that going on from any page's cursor loses nothing. */
  read(context: ConnectorContext<Config>, request: ReadRequest): AsyncIterable<StreamPage>;
  /** Some records by their ids; those that are gone come with `isDeleted`. Ids that never were are left out. */
  get(context: ConnectorContext<Config>, ids: readonly string[]): Promise<readonly SourceRecord[]>;
  /** @throws MappingError, NotOurs */
  assemble(raw: JsonObject, context: AssembleContext<Config>): Assembled<K>;
  /** A full read must be compared with the ids that are known, since the ERP does not tell all deletes. */
  readonly needsKeyComparison?: boolean;
  /** How many records there are there, in all or dated in a period. */
  count?(context: ConnectorContext<Config>, period: Period | null): Promise<number>;
}

export interface AssembleContext<Config = unknown> {
  readonly config: Config;
  /** Of the legal entity whose books these are; of the first, where there are several. */
  readonly functionalCurrency: string;
}

export interface Period {
  readonly from: string;
  readonly to: string;
}

export const PUSH_COMMANDS = ['CREATE', 'UPDATE', 'VOID'] as const;
/** What is asked of an ERP. UPDATE: bring the record there up to the document; for a payment also what it is set against. */
export type PushCommand = (typeof PUSH_COMMANDS)[number];

export interface PushRequest<K extends CanonicalKind = CanonicalKind> {
  readonly command: PushCommand;
  readonly document: Canonical<K>;
  /** The public id of our record: kept in a field of the record there that the platform owns. */
  readonly ours: string;
  /** Names this request for ever: the same for every attempt. At most 36 characters. */
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
  /**
   * The record there; null for one that is to be made. `version` is its newest, to lock by; `raw` is what the platform took last: what
   * is other there now was changed by somebody else.
   */
  readonly known: { readonly externalId: string; readonly version: string | null; readonly raw: JsonObject } | null;
}

/** What came of it: the record there as it is now, whole, as a stream would read it. */
export interface PushResult {
  readonly record: SourceRecord;
  /** It was there already, and was found: nothing was made. */
  readonly isFound?: boolean;
  /** Fields that had another value there and were set by us. */
  readonly overridden?: readonly { readonly field: string; readonly theirs: Json; readonly ours: Json }[];
}

export interface Push<Config = unknown, K extends CanonicalKind = CanonicalKind> {
  readonly kind: K;
  /** The stream whose records it makes. */
  readonly stream: string;
  readonly commands: readonly PushCommand[];
  /**
   * Looks for what an earlier attempt, or somebody else, made for this request: by our reference there. Asked before anything is sent
   * again after an answer was lost, and where the ERP knows no key of ours before the first attempt as well. Always asked with `known: null`.
   */
  find(context: ConnectorContext<Config>, request: PushRequest<K>): Promise<SourceRecord | null>;
  /** @throws ExternalError: REJECTED and CONFLICT with the ERP's own words in `words` */
  send(context: ConnectorContext<Config>, request: PushRequest<K>): Promise<PushResult>;
}

/** A stream, or records of it, that a webhook says have changed. */
export interface WebhookHint {
  readonly stream: string;
  readonly externalId?: string;
  readonly isDeleted?: boolean;
}

export interface WebhookMessage {
  readonly headers: Readonly<Record<string, unknown>>;
  /** As it came. */
  readonly body: Uint8Array;
}

export interface Webhooks<Config = unknown, Credentials = unknown> {
  /** Is it from the ERP, by its signature over the raw body? In constant time. */
  verify(
    message: WebhookMessage,
    context: { readonly config: Config; readonly credentials: Credentials; readonly now: Date },
  ): boolean;
  /** What it says; of other companies' records nothing. @throws Error for a body that has not its form */
  hints(message: WebhookMessage, context: { readonly config: Config }): readonly WebhookHint[];
}

export interface Checked {
  /** The company there, as a person would know it. */
  readonly company: string;
  readonly functionalCurrency?: string;
  readonly country?: string;
  /** The companies that the ERP has, where it can have several: a connection says which of them are which legal entities. */
  readonly legalEntities?: readonly CheckedLegalEntity[];
  /** What will not work, and what to do about it. */
  readonly warnings: readonly string[];
}

export interface CheckedLegalEntity {
  readonly externalId: string;
  readonly name: string;
  readonly functionalCurrency?: string;
  readonly country?: string;
}

export interface Balance {
  readonly customer: string;
  readonly currency: string;
  /** What the customer owes there; negative: is owed. */
  readonly amount: string;
}

export interface RateLimit {
  /** What the limit is counted by: connections with an equal key share it. */
  readonly key: string;
  readonly requestsMaxCount: number;
  readonly perMs: number;
  readonly concurrentMaxCount: number;
  /** After a refusal without a time to come again. */
  readonly pauseMs: number;
}

export type AuthoritySide = 'PLATFORM' | 'CONNECTION';
/** The kinds of records of which one side has authority; the others belong to the platform, which fills them from the ERP. */
export const AUTHORITY_KINDS = ['CustomerAccount', 'Order', 'Invoice', 'CreditNote', 'Payment'] as const;
export type AuthorityKind = (typeof AUTHORITY_KINDS)[number];

export interface ConnectorDefinition<Config, Credentials> {
  /** kebab-case; also the name of its folder. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Shown to whoever may see connections. */
  readonly config: z.ZodObject;
  /** Sealed, and never shown again. */
  readonly credentials: z.ZodObject;
  /** Where requests go to; all others are refused. https, or http on this machine where the operator allows it. */
  baseUrls(config: Config): readonly string[];
  auth(config: Config, credentials: Credentials): AuthScheme;
  rateLimit(config: Config): RateLimit;
  /** What is wrong with an answer that came with success, or how the ERP's own error codes are to be taken. */
  readonly judge?: Judge;
  /** In the order in which their records refer to each other. */
  readonly streams: readonly Stream<Config>[];
  readonly pushes: readonly Push<Config>[];
  /** Who has authority unless an administrator says otherwise; the platform over what isn't named. */
  readonly authority: Readonly<Partial<Record<AuthorityKind, AuthoritySide>>>;
  /** Why nothing of a kind can be asked of the ERP, as a sentence for whoever wants to: it stands in the refusal. */
  readonly unavailable?: Readonly<Partial<Record<AuthorityKind, string>>>;
  readonly webhooks?: Webhooks<Config, Credentials>;
  check(context: ConnectorContext<Config>): Promise<Checked>;
  /** What each customer owes there. */
  balances?(context: ConnectorContext<Config>): AsyncIterable<readonly Balance[]>;
  /** A record of one of the streams of invoices, as the ERP prints it. @throws ExternalError, REJECTED for one that is not there */
  invoicePdf?(
    context: ConnectorContext<Config>,
    invoice: { readonly stream: string; readonly externalId: string },
  ): Promise<Uint8Array>;
  /** What the conformance kit must leave out, each with the reason; named as the kit names its tests. */
  readonly skips?: Readonly<Record<string, string>>;
  /** What the conformance kit found, from `coverage.json` of its folder: put there by whoever loads it. */
  readonly coverage?: JsonObject;
}

/** A connector whose settings are known at run time only: what the engine holds. */
export type Connector = ConnectorDefinition<unknown, unknown>;

/** A stream or push of one kind each: its documents are of the kind that it names. */
type StreamOf<Config> = { readonly [K in CanonicalKind]: Stream<Config, K> }[CanonicalKind];
type PushOf<Config> = { readonly [K in CanonicalKind]: Push<Config, K> }[CanonicalKind];

/** As an author writes it: what the settings' schemas give is what the functions get. */
type Declared<Config extends z.ZodObject, Credentials extends z.ZodObject> = Omit<
  ConnectorDefinition<z.output<Config>, z.output<Credentials>>,
  'config' | 'credentials' | 'streams' | 'pushes'
> & {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly streams: readonly StreamOf<z.output<Config>>[];
  readonly pushes: readonly PushOf<z.output<Config>>[];
};

/**
 * Declares a connector; the types of its settings follow from their schemas.
 * @throws Error naming what doesn't fit together: a stream named twice, a push to a stream that isn't there or of another kind
 */
export function defineConnector<Config extends z.ZodObject, Credentials extends z.ZodObject>(
  definition: Declared<Config, Credentials>,
): Connector {
  const names = definition.streams.map((stream) => stream.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${definition.name}: two streams are called ${twice}.`);
  for (const push of definition.pushes) {
    const stream = definition.streams.find((one) => one.name === push.stream);
    if (stream?.kind !== push.kind)
      throw new Error(`${definition.name}: the push of ${push.kind} names ${push.stream}, which is no stream of that kind.`);
  }
  return definition;
}
