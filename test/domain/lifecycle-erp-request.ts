/** How to bring a request towards an ERP into each of its states. What an ERP answered is written by hand: `test/sync` has it from an ERP. */
import { randomUUID } from 'node:crypto';
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import { bare, type Books, type World } from '../support/world.ts';
import type { Driver } from './lifecycle-drivers.ts';

export function erpRequestDriver(world: World, { legalEntityId, accountId }: Books): Driver {
  const connectionId = randomUUID();
  const write = (statement: string, values: readonly unknown[]) =>
    withClient(world.database.connection, (client) => client.query(statement, [...values]));
  const request = async (lifecycle: string): Promise<string> => {
    // of no connector that is installed: nothing is sent
    await write(
      `insert into connection (tenant_id, id, code, name, connector, lifecycle, config, sealed_credentials, created_at)
       values ($1, $2, 'gone', 'Gone', 'gone', 'PAUSED', '{}', '', now()) on conflict do nothing`,
      [world.tenantId, connectionId],
    );
    const id = randomUUID();
    await write(
      `insert into erp_request (tenant_id, id, connection_id, legal_entity_id, account_id, record_kind, record_id, command, lifecycle, asked_by_id, created_at)
       values ($1, $2, $3, $4, $5, 'CustomerAccount', $5, 'UPDATE', $6, (select id from actor where tenant_id = $1 limit 1), now())`,
      [world.tenantId, id, connectionId, bare(legalEntityId), bare(accountId), lifecycle],
    );
    return publicId('erq', id);
  };
  return {
    record: 'ErpRequest',
    prefix: 'erq',
    reach: {
      SENT: () => request('SENT'),
      CONFIRMED: () => request('CONFIRMED'),
      REFUSED: () => request('REFUSED'),
    },
    actions: { RETRY: { command: 'retryErpRequest', input: (id) => ({ id }) } },
  };
}
