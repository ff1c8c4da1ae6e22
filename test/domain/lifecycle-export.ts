/** How to bring an export into each of its states: written by hand, since one that is started is soon done. `test/export` has it as it is. */
import { randomUUID } from 'node:crypto';
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import type { World } from '../support/world.ts';
import type { Driver } from './lifecycle-drivers.ts';

const DONE = { file_name: 'x.csv', sha256: '0'.repeat(64), expires_at: '2030-01-01', position: '1' };
const MORE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DONE,
  EXPIRED: DONE,
  FAILED: { error_code: 'INTERNAL', error_message: 'It failed.' },
};

export function exportDriver(world: World): Driver {
  const of = (lifecycle: string) => async (): Promise<string> => {
    const id = randomUUID();
    const more = Object.entries(MORE[lifecycle] ?? {});
    await withClient(world.database.connection, (client) =>
      client.query(
        `insert into export (tenant_id, id, started_by_id, query, variables, list, format, lifecycle, queued_at, created_at${more.map(([name]) => `, ${name}`).join('')})
         values ($1, $2, (select id from actor where tenant_id = $1 and subject = 'admin'), '{ customers { nodes { id } } }', '{}', 'customers', 'CSV', $3, now(), now()${more.map((_, i) => `, $${i + 4}`).join('')})`,
        [world.tenantId, id, lifecycle, ...more.map(([, value]) => value)],
      ),
    );
    return publicId('exp', id);
  };
  const action = (command: string) => ({ command, input: (id: string) => ({ id }), as: 'admin' });
  const states = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED'];
  return {
    record: 'Export',
    prefix: 'exp',
    reach: Object.fromEntries(states.map((state) => [state, of(state)])),
    actions: { CANCEL: action('cancelExport'), RESTART: action('restartExport') },
  };
}
