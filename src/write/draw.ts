/** Numbers of a series: drawn when everything is decided, under the series' row lock, so that a roll-back leaves no gap. */
import { DomainError } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import type { DrawnHash, DrawnNumber } from '../kernel/drawn-number.ts';
import { hashOf } from '../kernel/hash.ts';
import type { Change, RowChange } from './command.ts';
import type { Session } from './transaction.ts';

const isDrawn = (value: unknown): value is DrawnNumber => typeof value === 'object' && value !== null && 'drawnFrom' in value;
const isHash = (value: unknown): value is DrawnHash => typeof value === 'object' && value !== null && 'hashWhenDrawn' in value;

type Values = Readonly<Record<string, unknown>>;
const valuesOf = (row: RowChange): Values => (row.op === 'insert' ? row.values : row.op === 'update' ? row.set : {});

interface SeriesRow {
  readonly id: string;
  readonly prefix: string;
  readonly first: string;
  readonly before_on: string | null;
}

type Writing = Pick<Change, 'rows' | 'events'>;

/** Puts in what was drawn. */
export type Fill = (change: Writing) => Writing;
const AS_IT_IS: Fill = (change) => change;

/**
 * Draws every number that the changes ask for, in their order. What follows from them names the same ones and draws none of its own.
 * Changes without any cost nothing. @throws EFFECTIVE_DATE_INVALID when dates would fall
 */
export async function drawNumbers(session: Session, tenantId: string, changes: readonly Writing[]): Promise<Fill> {
  const slots = slotsOf(changes);
  if (slots.size === 0) return AS_IT_IS;
  const numbers = new Map<string, { text: string; number: bigint }>();
  for (const { id, prefix, first, before_on } of await take(session, tenantId, slots)) {
    let newest = before_on;
    [...(slots.get(id) ?? [])].forEach(([slot, on], i) => {
      if (on !== null && newest !== null && on < newest) {
        throw new DomainError(
          'EFFECTIVE_DATE_INVALID',
          `The newest document of this series is dated ${newest}; dates can't fall as numbers rise.`,
          {
            path: ['issuedOn'],
          },
        );
      }
      newest = on ?? newest;
      const number = BigInt(first) + BigInt(i);
      numbers.set(`${id} ${slot}`, { number, text: `${prefix}${number.toString().padStart(6, '0')}` });
    });
  }
  const numberOf = (value: DrawnNumber): string | bigint => {
    const found = numbers.get(`${value.drawnFrom} ${value.slot}`);
    if (!found) throw new Error(`There is no number series ${value.drawnFrom}`);
    return value.as === 'TEXT' ? found.text : found.number;
  };
  const fill = <V extends Values>(values: V): V => {
    const filled: Record<string, string | bigint> = {};
    let isFilled = false;
    for (const name in values) {
      const value = values[name];
      if (isDrawn(value)) filled[name] = numberOf(value);
      else if (isHash(value)) filled[name] = hashOf(fill(value.hashWhenDrawn));
      else continue;
      isFilled = true;
    }
    return isFilled ? { ...values, ...filled } : values; // most rows draw nothing
  };
  const fillRow = (row: RowChange): RowChange =>
    row.op === 'insert' ? { ...row, values: fill(row.values) } : row.op === 'update' ? { ...row, set: fill(row.set) } : row;
  return (c) => ({ ...c, rows: c.rows.map(fillRow), events: c.events.map((e) => ({ ...e, payload: fill(e.payload) })) });
}

/** Series → slot → the document's date. */
type Slots = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

function slotsOf(changes: readonly Writing[]): Slots {
  const slots = new Map<string, Map<string, string | null>>();
  const note = (values: Values) => {
    for (const name in values) {
      const value = values[name];
      if (!isDrawn(value)) continue;
      const ofSeries = slots.get(value.drawnFrom) ?? new Map<string, string | null>();
      ofSeries.set(value.slot, value.on ?? null);
      slots.set(value.drawnFrom, ofSeries);
    }
  };
  for (const change of changes) {
    for (const row of change.rows) note(valuesOf(row));
    for (const event of change.events) note(event.payload);
  }
  return slots;
}

/** Locks the series in id order and takes as many numbers of each as it has slots. */
function take(session: Session, tenantId: string, slots: Slots): Promise<readonly SeriesRow[]> {
  const ids = [...slots.keys()].sort();
  const counts = ids.map((id) => slots.get(id)?.size ?? 0);
  const newest = ids.map((id) =>
    [...(slots.get(id)?.values() ?? [])].reduce<string | null>((a, b) => (b !== null && (a === null || b > a) ? b : a), null),
  );
  return session.rows<SeriesRow>(
    sql`with locked as (
          select s.id, v.n, v.newest, s.last_on from number_series s
          join unnest(${sql.typed(ids, 'uuid[]')}, ${sql.typed(counts, 'bigint[]')}, ${sql.typed(newest, 'date[]')}) as v(id, n, newest) on v.id = s.id
          where s.tenant_id = ${tenantId} order by s.id for update of s
        )
        update number_series s set next_number = s.next_number + locked.n, last_on = greatest(s.last_on, locked.newest) from locked
        where s.tenant_id = ${tenantId} and s.id = locked.id
        returning s.id, s.prefix, (s.next_number - locked.n)::text as first, locked.last_on::text as before_on`,
  );
}
