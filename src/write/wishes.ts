/** Wishes towards ERPs that are not answered yet: what commands look at before they wish again, or change what is wished for. */
import { DomainError } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import type { CommandContext, ErpAsk, Tx } from './command.ts';

interface OpenWish {
  readonly recordId: string;
  readonly command: ErpAsk['command'];
  readonly input: unknown;
}

/** By record, the oldest first. */
export type OpenWishes = ReadonlyMap<string, readonly OpenWish[]>;

interface Wished {
  readonly id: string;
  readonly legalEntityId: string;
}

/** Of records that are locked; where no ERP serves their legal entities nothing is looked for. */
export async function loadWishes(tx: Tx, records: Iterable<Wished>, context: CommandContext): Promise<OpenWishes> {
  const served = [...records].filter(({ legalEntityId }) => context.authority(legalEntityId, '').connection !== null);
  const wishes = new Map<string, OpenWish[]>();
  if (served.length === 0) return wishes;
  const rows = await tx.rows<OpenWish>(
    sql`select record_id as "recordId", command, input from erp_request
        where record_id = any(${sql.uuids(served.map((r) => r.id))}) and lifecycle = 'SENT' order by created_at, id`,
  );
  for (const row of rows) wishes.set(row.recordId, [...(wishes.get(row.recordId) ?? []), row]);
  return wishes;
}

/** @throws ERP_AUTHORITY while an ERP is asked for something of the record */
export function requireNoWish(wishes: OpenWishes, { id, legalEntityId }: Wished, context: CommandContext): void {
  if (!wishes.has(id)) return;
  const { connection } = context.authority(legalEntityId, '');
  throw new DomainError(
    'ERP_AUTHORITY',
    `${connection?.name ?? 'An ERP'} was asked for this, and has not answered yet: wait for its answer, which will show here.`,
    { path: ['id'], details: { connection: connection?.code ?? null } },
  );
}
