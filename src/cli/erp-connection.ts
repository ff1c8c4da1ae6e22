/** The connection that a command names by its code. */
import type { Platform } from '../platform.ts';
import { sql } from '../read/sql.ts';
import { Failure } from './failure.ts';

export interface NamedConnection {
  readonly id: string;
  readonly code: string;
  readonly connector: string;
}

/** @throws Failure that lists what there is */
export async function findConnection(platform: Platform, tenantId: string, code: string): Promise<NamedConnection> {
  const connections = await platform.systemRows<NamedConnection>(
    sql`select id, code, connector from connection where tenant_id = ${tenantId} order by code`,
  );
  const found = connections.find((one) => one.code === code);
  if (found) return found;
  const list =
    connections.length === 0 ? 'There are none yet.' : `The connections are ${connections.map((one) => one.code).join(', ')}.`;
  throw new Failure(`There is no connection ${code}. ${list}`);
}
