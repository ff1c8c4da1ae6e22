/**
 * One S/4HANA system: its services, what each says of itself, its clock. What is read of it once is kept for as long as a piece of work
 * takes: by the context that the engine hands in, and never longer.
 */
import { type ConnectorContext, ExternalError, type ErpAnswer } from '../../src/connect/index.ts';
import { refusal, strange } from './faults.ts';
import { type EntitySet, type Metadata, parseMetadata } from './metadata.ts';
import type { Settings } from './settings.ts';

export type Context = ConnectorContext<Settings>;

/** Services by what they are for, each with the communication scenario that opens it. */
export const SERVICES = {
  partner: { path: 'API_BUSINESS_PARTNER', scenario: 'SAP_COM_0008' },
  product: { path: 'API_PRODUCT_SRV', scenario: 'SAP_COM_0009' },
  order: { path: 'API_SALES_ORDER_SRV', scenario: 'SAP_COM_0109' },
  delivery: { path: 'API_OUTBOUND_DELIVERY_SRV;v=0002', scenario: 'SAP_COM_0106' },
  billing: { path: 'API_BILLING_DOCUMENT_SRV', scenario: 'SAP_COM_0120 (not certain: look for the one with this service)' },
  items: { path: 'API_OPLACCTGDOCITEMCUBE_SRV', scenario: 'SAP_COM_0002' },
  credit: { path: 'API_CRDTMBUSINESSPARTNER', scenario: 'the one for credit management with this service' },
} as const;
export type ServiceName = keyof typeof SERVICES;

export const rootOf = (service: ServiceName): string => `/sap/opu/odata/sap/${SERVICES[service].path}`;

/** Sent with every request: without a language texts change with the user's, without a client the default one answers. */
export const systemQuery = ({ config }: Context): Readonly<Record<string, string | undefined>> => ({
  'sap-language': config.language,
  'sap-client': config.client,
});

interface Kept {
  readonly metadata: Map<ServiceName, Promise<Metadata>>;
  /** By whatever asks for it. */
  readonly values: Map<string, Promise<unknown>>;
  /** By how much the system's clock is behind ours; never above zero. */
  behindMs: number;
}

const kept = new WeakMap<object, Kept>();

function keptFor(context: Context): Kept {
  const known = kept.get(context);
  if (known) return known;
  const made: Kept = { metadata: new Map(), values: new Map(), behindMs: 0 };
  kept.set(context, made);
  return made;
}

/** Worked out once for a piece of work; what fails is tried anew. */
export function once<T>(context: Context, name: string, work: () => Promise<T>): Promise<T> {
  return keep(keptFor(context).values as Map<string, Promise<T>>, name, work);
}

function keep<K, T>(known: Map<K, Promise<T>>, key: K, work: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const made = work();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

/** Forgets what `once` worked out under that name. */
export const forget = (context: Context, name: string): void => void keptFor(context).values.delete(name);

export function metadataOf(context: Context, service: ServiceName): Promise<Metadata> {
  return keep(keptFor(context).metadata, service, async () => {
    const answer = await context.http.get(`${rootOf(service)}/$metadata`, {
      query: systemQuery(context),
      headers: { accept: 'application/xml' },
      answer: 'TEXT',
    });
    noteClock(context, answer);
    const read = parseMetadata(String(answer.body));
    if (read) return read;
    throw strange(
      `${SERVICES[service].path} answers $metadata with something that is none. Is it the address of the API (with -api)?`,
    );
  });
}

/** Null: this release has no such set. */
export const setOf = async (context: Context, service: ServiceName, name: string): Promise<EntitySet | null> =>
  (await metadataOf(context, service)).sets.get(name) ?? null;

export async function neededSet(context: Context, service: ServiceName, name: string): Promise<EntitySet> {
  const set = await setOf(context, service, name);
  if (set) return set;
  throw refusal(`${SERVICES[service].path} has no ${name} in this system.`);
}

/** Does the service answer at all? Why not, where not. */
export async function isOpen(context: Context, service: ServiceName): Promise<boolean> {
  try {
    await metadataOf(context, service);
    return true;
  } catch (error) {
    if (error instanceof ExternalError && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}

function noteClock(context: Context, { headers }: ErpAnswer): void {
  const date = Date.parse(headers['date'] ?? '');
  if (!Number.isNaN(date)) keptFor(context).behindMs = Math.min(0, date - context.now().getTime());
}

/** By the slower of the two clocks: what is stamped there from now on is not before it. */
export const systemNow = (context: Context): Date => new Date(context.now().getTime() + keptFor(context).behindMs);

const DAY_MS = 86_400_000;

/**
 * The day there at an instant, for stamps that have a date only. Where the system's zone is not known it is the day before: no zone is
 * further behind than that.
 */
export function systemDay({ config }: Context, instant: string): string {
  const at = Date.parse(instant);
  if (config.systemZone === undefined) return new Date(at - DAY_MS).toISOString().slice(0, 10);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: config.systemZone, dateStyle: 'short' }).format(at);
}
