/**
 * A connector against its simulator as the engine would drive it, without a database: tokens, limits and books in memory. What comes is
 * kept by id, so that what came twice counts once; what a request says on its way is kept too, to be searched for secrets.
 */
import type { Canonical } from '../../canonical/canonical.ts';
import { CANONICAL } from '../../canonical/canonical.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { seededRandom, type SeededRandomness } from '../../kernel/random.ts';
import type { Tokens, TokenStore } from '../auth.ts';
import { type Connector, type ConnectorContext, MappingError, NotOurs, type SourceRecord, type Stream } from '../connector.ts';
import { createErpHttp } from '../erp-client.ts';
import type { Gate } from '../erp-http.ts';
import { createHttpClient, type HttpClient } from '../http.ts';
import { requestTokens } from '../token-request.ts';
import type { KitErp } from './kit-erp.ts';
import { type ReadAll, readAll, readAsFar, type ReadHow } from './paging.ts';

export interface Harness {
  readonly connector: Connector;
  readonly erp: KitErp;
  readonly random: SeededRandomness;
  readonly context: ConnectorContext;
  /** What went over the wire, as a log would have it. */
  readonly traces: readonly unknown[];
  /** Everything that must never show anywhere. */
  readonly secrets: readonly string[];
  /** How often tokens were fetched. */
  readonly refreshes: () => number;
  /** The refusals for going too fast, as they were understood. */
  readonly refusals: readonly Refusal[];
  /** Of the books there. */
  readonly functionalCurrency: string;
  stream(name: string): Stream;
  /** @throws what the stream throws */
  readAll(stream: string, how: ReadHow): Promise<ReadAll>;
  /** Never throws: what came before a failure is kept. */
  readAsFar(stream: string, how: ReadHow): Promise<ReadAll>;
  assemble(stream: string, record: SourceRecord): Assembling;
  close(): void;
}

export interface Refusal {
  /** Null: it was not told when to come again. */
  readonly retryAfterMs: number | null;
  /** Until the next request; null: none came. */
  waitedMs: number | null;
}

export type Assembling =
  | { readonly ok: true; readonly document: Canonical; readonly ours: string | null }
  | { readonly ok: false; readonly reason: 'MAPPING' | 'NOT_OURS' | 'FORM' | 'CRASH'; readonly text: string };

/** Nobody waits for a simulator. */
const QUICK = { pauseMs: 2, pauseMaxMs: 20 };
const TIMEOUT_MS = 1_000;

/** No limit and no breaker: it only notes what it is told. */
function notingGate(refusals: Refusal[]): Gate {
  let refusedAtMs: number | null = null;
  return {
    async enter() {
      const last = refusals.at(-1);
      if (last && refusedAtMs !== null) last.waitedMs = monotonicMs() - refusedAtMs;
      refusedAtMs = null;
    },
    async throttled(retryAfterMs) {
      refusals.push({ retryAfterMs, waitedMs: null });
      refusedAtMs = monotonicMs();
    },
    leave: async () => {},
    answered: async () => {},
    failed: async () => {},
  };
}

export interface HarnessOptions {
  readonly connector: Connector;
  readonly erp: KitErp;
  readonly seed: string;
  readonly now: () => Date;
  readonly functionalCurrency: string;
}

export function openHarness({ connector, erp, seed, now, functionalCurrency }: HarnessOptions): Harness {
  const config = connector.config.parse(erp.config) as unknown;
  const credentials = connector.credentials.parse(erp.credentials) as Readonly<Record<string, unknown>>;
  const random = seededRandom(seed);
  const http = createHttpClient({ allowsLoopback: true });
  const auth = connector.auth(config, credentials);
  const tokens = memoryTokens({ http, auth, now });
  const traces: unknown[] = [];
  const refusals: Refusal[] = [];
  const signal = new AbortController().signal;
  const context: ConnectorContext = {
    config,
    legalEntities: erp.legalEntities ?? [],
    now,
    signal,
    http: createErpHttp({
      http,
      baseUrls: connector.baseUrls(config),
      auth,
      tokens,
      gate: notingGate(refusals),
      ...(connector.judge ? { judge: connector.judge } : {}),
      now,
      randomness: random,
      signal,
      retries: QUICK,
      timeoutMs: TIMEOUT_MS,
      onTrace: (trace) => traces.push(trace),
    }),
  };
  const stream = (name: string): Stream => {
    const found = connector.streams.find((one) => one.name === name);
    if (!found) throw new Error(`There is no stream ${name}.`);
    return found;
  };
  return {
    connector,
    erp,
    random,
    context,
    traces,
    secrets: Object.values(credentials).filter((value): value is string => typeof value === 'string' && value.length > 5),
    refreshes: tokens.refreshes,
    refusals,
    functionalCurrency,
    stream,
    readAll: (name, how) => readAll(stream(name), context, how),
    readAsFar: (name, how) => readAsFar(stream(name), context, how),
    assemble: (name, record) => assembling(stream(name), record, { config, functionalCurrency }),
    close: () => http.close(),
  };
}

function assembling(
  stream: Stream,
  record: SourceRecord,
  context: { readonly config: unknown; readonly functionalCurrency: string },
): Assembling {
  try {
    const { document, ours } = stream.assemble(record.raw, context);
    const checked = CANONICAL[stream.kind].safeParse(document);
    if (checked.success) return { ok: true, document, ours: ours ?? null };
    const [issue] = checked.error.issues;
    return { ok: false, reason: 'FORM', text: `${issue?.path.join('.')}: ${issue?.message}` };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof MappingError) return { ok: false, reason: 'MAPPING', text: `${error.field}: ${text}` };
    return { ok: false, reason: error instanceof NotOurs ? 'NOT_OURS' : 'CRASH', text };
  }
}

interface Signing {
  readonly http: HttpClient;
  readonly auth: Parameters<typeof requestTokens>[0]['auth'];
  readonly now: () => Date;
}

/** One refresher at a time, as the engine's store has it over all processes. */
function memoryTokens({ http, auth, now }: Signing): TokenStore & { refreshes(): number } {
  let current: Tokens | null = null;
  let underWay: Promise<Tokens> | null = null;
  let count = 0;
  const isFresh = (tokens: Tokens) => tokens.expiresAt === null || tokens.expiresAt.getTime() > now().getTime() + 30_000;
  return {
    refreshes: () => count,
    async token(refused) {
      if (current && current.accessToken !== refused && isFresh(current)) return current.accessToken;
      underWay ??= requestTokens({ http, auth, current, now: now() }).finally(() => {
        underWay = null;
      });
      count += 1;
      const made = await underWay;
      current = made;
      return made.accessToken;
    },
  };
}
