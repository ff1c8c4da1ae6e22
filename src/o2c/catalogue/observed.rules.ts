/** Terms and products that an ERP shows, beside those that are known: which one it is, and whether it follows. Pure but for what one set of decisions adds. */
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Change, CommandContext, Decision } from '../../write/command.ts';
import { madeOf, ofGroup } from './catalogue.rules.ts';

interface Known {
  readonly id: string;
  readonly version: number;
}

/** Those that are known, by id and by their key; later decisions of one set see what earlier ones made. */
export class Shelf<R extends Known> {
  private readonly byId = new Map<string, R>();
  private readonly byKey = new Map<string, R>();

  constructor(
    rows: readonly R[],
    private readonly keyOf: (row: R) => string,
  ) {
    for (const row of rows) this.put(row);
  }

  put(row: R): void {
    const before = this.byId.get(row.id);
    if (before) this.byKey.delete(this.keyOf(before));
    this.byId.set(row.id, row);
    this.byKey.set(this.keyOf(row), row);
  }

  withKey(key: string): R | undefined {
    return this.byKey.get(key);
  }

  /** @throws NOT_FOUND */
  withId(id: string): R {
    const row = this.byId.get(id);
    if (!row) throw new DomainError('NOT_FOUND', 'The record that it is linked with is not there.', { path: ['recordId'] });
    return row;
  }
}

interface Observed<R> {
  readonly entity: 'Product' | 'PaymentTerms';
  readonly event: 'product' | 'payment_terms';
  readonly recordId: string | null;
  readonly isOwner: boolean;
  /** The property that is unique in the group. */
  readonly key: keyof R & string;
  /** What the ERP says. */
  readonly said: Partial<R>;
  /** What a new one has besides. */
  readonly fresh: Partial<R>;
  /** Columns that follow from others. */
  readonly implied?: (said: Partial<R>) => Partial<R>;
  readonly payloadOf: (row: R) => Readonly<Record<string, unknown>>;
}

/** One that is new is made; one that this ERP made follows it; any other is only linked. */
export function follow<R extends Known>(context: CommandContext, shelf: Shelf<R>, observed: Observed<R>): Decision {
  const { recordId, isOwner, key, said } = observed;
  const holder = shelf.withKey(String(said[key]));
  const known = recordId === null ? holder : shelf.withId(recordId);
  if (!known) return make(context, shelf, observed);
  if (recordId === null || !isOwner) return { unchanged: known.id };
  const isTaken = holder !== undefined && holder.id !== known.id;
  const follows: object = isTaken ? { ...said, [key]: known[key] } : said;
  const edit = editOf(known as object as Record<string, unknown>, { ...follows });
  return edit ? change(context, shelf, { ...observed, known, edit: edit as Partial<R> }) : { unchanged: known.id };
}

function make<R extends Known>(context: CommandContext, shelf: Shelf<R>, observed: Observed<R>): Change {
  const { entity, event, said, fresh, implied, payloadOf } = observed;
  const values = { ...fresh, ...said, ...implied?.(said) };
  const payload = payloadOf(values as R);
  const made = madeOf(context, { entity, values, event: `${event}.created`, payload });
  shelf.put({ ...values, id: made.recordId, version: 1 } as R);
  return made;
}

interface Edited<R> extends Observed<R> {
  readonly known: R;
  readonly edit: Partial<R>;
}

function change<R extends Known>(context: CommandContext, shelf: Shelf<R>, edited: Edited<R>): Change {
  const { entity, event, known, edit, implied, payloadOf } = edited;
  const { id, version } = known;
  const set = { ...edit, ...implied?.(edit) };
  const now = { ...known, ...set, version: version + 1 };
  shelf.put(now);
  const payload = { ...payloadOf(now), fields: fieldsOf(edit) };
  return {
    recordId: id,
    rows: [{ op: 'update', entity, id, version, set, owner: { tenantId: context.tenant.id } }],
    events: [{ type: `${event}.updated`, recordKind: entity, recordId: id, recordVersion: version + 1, ...ofGroup, payload }],
  };
}
