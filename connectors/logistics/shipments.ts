// The simulated warehouse: what it was asked to ship, once for each key, and where each shipment is. It knows nothing of HTTP.

export const STEPS = ['ACCEPTED', 'PICKED', 'SHIPPED', 'IN_TRANSIT', 'DELIVERED'] as const;
export type Step = (typeof STEPS)[number];

export interface Shipment {
  /** The key that it was asked with. */
  readonly key: string;
  readonly body: string;
  /** The asker's id of it. */
  readonly fulfilmentId: string;
  readonly reference: string;
  /** The newest step; null before the first. */
  step: Step | null;
  isCancelled: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** A shipment that is new: its steps begin. */
  readonly begun?: Shipment;
}

/** Nobody ships to Antarctica: whoever tries gets a refusal in words. */
const NOT_SERVED = 'AQ';
const LEFT = new Set<Step | null>(['SHIPPED', 'IN_TRANSIT', 'DELIVERED']);

export class Warehouse {
  readonly #byKey = new Map<string, Shipment>();
  readonly #byId = new Map<string, Shipment>();

  get shipments(): readonly Shipment[] {
    return [...this.#byKey.values()];
  }

  /** A key that is known gets the first answer again. */
  ask(key: string, body: string): Answer {
    const known = this.#byKey.get(key);
    if (known) return known.body === body ? accepted(known) : refused(409, 'This key was used for another shipment.');
    const wanted = parsed(body);
    if (typeof wanted === 'string') return refused(422, wanted);
    // by the asker's id, so that a simulator that is started anew doesn't give the same one to another shipment
    const reference = `SIM-${wanted.id.slice(-8).toUpperCase()}`;
    const shipment: Shipment = { key, body, fulfilmentId: wanted.id, reference, step: null, isCancelled: false };
    this.#byKey.set(key, shipment);
    this.#byId.set(wanted.id, shipment);
    return { ...accepted(shipment), begun: shipment };
  }

  cancel(fulfilmentId: string): Answer {
    const shipment = this.#byId.get(fulfilmentId);
    if (!shipment) return refused(404, 'There is no such shipment.');
    if (LEFT.has(shipment.step)) return refused(409, 'It has left already.');
    shipment.isCancelled = true;
    return { status: 200, body: { reference: shipment.reference, isCancelled: true } };
  }
}

const accepted = ({ reference }: Shipment): Answer => ({ status: 201, body: { reference } });
const refused = (status: number, message: string): Answer => ({ status, body: { message } });

/** The asker's id of it, or what is wrong with what was asked. */
function parsed(body: string): { readonly id: string } | string {
  let document: { id?: unknown; number?: unknown; lines?: unknown; shipTo?: { country?: unknown } };
  try {
    document = JSON.parse(body) as typeof document;
  } catch {
    return 'The body is not JSON.';
  }
  const { id, number, lines, shipTo } = document;
  if (typeof id !== 'string' || typeof number !== 'string') return 'id and number must be texts.';
  if (!Array.isArray(lines) || lines.length === 0) return 'lines must be a list with one line or more.';
  return shipTo?.country === NOT_SERVED ? 'We do not ship to Antarctica.' : { id };
}
