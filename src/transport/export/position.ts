/**
 * One state of the database and its place in the log, taken in one moment: whoever has the rows of the snapshot follows the log from
 * that place and misses nothing. A change that is committed and not sealed yet has no place, so a moment is waited for in which the
 * tenant has none of those. Where writes never pause that long, the place is still one that misses nothing: events of the last moments
 * come again, with versions that the rows show already.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Principal } from '../../access/principal.ts';
import { transaction } from '../../outbox/connection.ts';
import { settingsOf } from '../../read/settings.ts';
import { openSnapshot, type Snapshot } from '../../read/snapshot.ts';
import type { ExportEngines } from './engines.ts';

export interface Opened {
  readonly snapshot: Snapshot;
  readonly position: bigint;
}

const TRIES = 40;
const WAIT_MS = 25;

interface Place {
  readonly position: string;
  readonly id: string;
  readonly isPending: boolean;
}

const PLACE = `select h.position::text, pg_export_snapshot() as id,
  exists (select from event_inbox i where i.tenant_id = $1) as "isPending" from event_head h`;

/** The caller ends the snapshot. */
export async function openAt(engines: ExportEngines, principal: Principal): Promise<Opened> {
  const { connection, roles, limits, pool } = engines;
  for (let tries = 1; ; tries++) {
    const opened = await transaction(
      pool,
      async (client): Promise<Opened | null> => {
        const { rows } = await client.query<Place>(PLACE, [principal.tenantId]);
        const [place] = rows;
        if (!place) throw new Error('The log has no head.');
        if (place.isPending && tries < TRIES) return null;
        // while this transaction is open its state can be taken on
        const snapshot = await openSnapshot({
          connection,
          role: principal.portal ? roles.portal : roles.read,
          settings: settingsOf(principal),
          snapshotId: place.id,
          statementTimeoutMs: limits.exportStatementTimeoutMs,
        });
        return { snapshot, position: BigInt(place.position) };
      },
      'isolation level repeatable read read only',
    );
    if (opened) return opened;
    await wait(WAIT_MS);
  }
}
