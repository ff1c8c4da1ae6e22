/** Questions to the inbox that read one row each, from the floor on (see `inbox-floor.ts`). */
import type { Queryable } from './connection.ts';

export async function inboxHasRows(client: Queryable, floor: bigint): Promise<boolean> {
  const { rows } = await client.query<{ id: string | null }>({
    name: 'inbox first',
    text: 'select min(id) as id from event_inbox where id > $1',
    values: [floor],
  });
  return typeof rows[0]?.id === 'string';
}

/** Of the rows that are committed; 0 when there are none. */
export async function newestInboxId(client: Queryable, floor: bigint): Promise<bigint> {
  const { rows } = await client.query<{ id: string | null }>('select max(id) as id from event_inbox where id > $1', [floor]);
  return BigInt(rows[0]?.id ?? 0);
}

/** The newest position of the log, if nothing up to the inbox id waits to be sealed. */
export async function headOnceSealed(
  client: Queryable,
  { floor, newest }: { floor: bigint; newest: bigint },
): Promise<bigint | null> {
  const { rows } = await client.query<{ position: string; isDone: boolean }>(
    'select position, not exists (select from event_inbox where id > $1 and id <= $2) as "isDone" from event_head',
    [floor, newest],
  );
  return rows[0]?.isDone ? BigInt(rows[0].position) : null;
}
