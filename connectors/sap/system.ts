/**
 * One S/4HANA system: its services, what each says of itself, its clock. What a service says of itself takes megabytes and hardly ever
 * changes: it is kept for some minutes. What else is read once is kept for as long as a piece of work takes, and never longer.
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

interface Said {
  readonly atMs: number;
  readonly metadata: Metadata;
}

/** Of the connection. */
interface System {
  readonly said: Map<ServiceName, Said>;
  /** By how much the system's clock is behind ours; never above zero. */
  behindMs: number;
}

const METADATA_MAX_AGE_MS = 15 * 60_000;

const systems = new WeakMap<object, System>();
/** Of a piece of work, by whatever asks for it. What is under way is never shared between two: one of them may be given up. */
const works = new WeakMap<object, Map<string, Promise<unknown>>>();

function systemOf(context: Context): System {
  const owner = context.memory ?? context;
  const known = systems.get(owner) ?? { said: new Map<ServiceName, Said>(), behindMs: 0 };
  systems.set(owner, known);
  return known;
}

function workOf(context: Context): Map<string, Promise<unknown>> {
  const known = works.get(context) ?? new Map<string, Promise<unknown>>();
  works.set(context, known);
  return known;
}

/** Worked out once for a piece of work; what fails is tried anew. */
export function once<T>(context: Context, name: string, work: () => Promise<T>): Promise<T> {
  const known = workOf(context) as Map<string, Promise<T>>;
  const found = known.get(name);
  if (found) return found;
  const made = work();
  known.set(name, made);
  made.catch(() => known.delete(name));
  return made;
}

/** Forgets what `once` worked out under that name. */
export const forget = (context: Context, name: string): void => void workOf(context).delete(name);

/** Forgets what the services said of themselves: all of them are asked anew. */
export const forgetMetadata = (context: Context): void => systemOf(context).said.clear();

/** @throws ExternalError */
export function metadataOf(context: Context, service: ServiceName): Promise<Metadata> {
  return once(context, `metadata of ${service}`, async () => {
    const { said } = systemOf(context);
    const atMs = context.now().getTime();
    const known = said.get(service);
    if (known && atMs - known.atMs < METADATA_MAX_AGE_MS) return known.metadata;
    const metadata = await readMetadata(context, service);
    said.set(service, { atMs, metadata });
    return metadata;
  });
}

async function readMetadata(context: Context, service: ServiceName): Promise<Metadata> {
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
  if (!Number.isNaN(date)) systemOf(context).behindMs = Math.min(0, date - context.now().getTime());
}

/** By the slower of the two clocks: what is stamped there from now on is not before it. */
export const systemNow = (context: Context): Date => new Date(context.now().getTime() + systemOf(context).behindMs);

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
