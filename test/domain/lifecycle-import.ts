/** How to bring uploads and imports into each of their states: written by hand, since one that is started is soon done. `test/import` has it as it is. */
import { randomUUID } from 'node:crypto';
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import { bare, type Books, type World } from '../support/world.ts';
import type { Driver } from './lifecycle-drivers.ts';

type Values = Readonly<Record<string, string | number | null>>;

/** A row that admin has started. */
async function write({ database, tenantId }: World, table: string, values: Values): Promise<string> {
  const id = randomUUID();
  const names = Object.keys(values);
  await withClient(database.connection, (client) =>
    client.query(
      `insert into ${table} (tenant_id, id, started_by_id, created_at, ${names.join(', ')})
       values ($1, $2, (select id from actor where tenant_id = $1 and subject = 'admin'), now(), ${names.map((_, i) => `$${i + 3}`).join(', ')})`,
      [tenantId, id, ...Object.values(values)],
    ),
  );
  return id;
}

const RECEIVED = { sha256: '0'.repeat(64), columns: '["number"]', line_count: 1, received_at: '2026-01-01' };

const upload = (world: World, lifecycle: string) =>
  write(world, 'upload', {
    kind: 'CUSTOMERS',
    format: 'CSV',
    file_name: 'x.csv',
    size_bytes: 1,
    lifecycle,
    ...(lifecycle === 'RECEIVED' ? RECEIVED : {}),
  });

const action = (command: string) => ({ command, input: (id: string) => ({ id }), as: 'admin' });

export function uploadDriver(world: World): Driver {
  const states = ['WAITING', 'RECEIVED', 'DELETED'];
  return {
    record: 'Upload',
    prefix: 'upl',
    reach: Object.fromEntries(states.map((state) => [state, async () => publicId('upl', await upload(world, state))])),
    actions: { DELETE: action('deleteUpload') },
  };
}

const FAILED = { error_code: 'INTERNAL', error_message: 'It failed.' };

export function importDriver(world: World, { legalEntityId }: Books): Driver {
  const of = (lifecycle: string) => async (): Promise<string> => {
    const upload_id = await upload(world, 'RECEIVED');
    const values = {
      upload_id,
      legal_entity_id: bare(legalEntityId),
      kind: 'CUSTOMERS',
      is_dry_run: 'false',
      mapping: '{}',
      line_total: 1,
    };
    return publicId('imp', await write(world, 'import', { ...values, lifecycle, ...(lifecycle === 'FAILED' ? FAILED : {}) }));
  };
  const states = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'];
  return {
    record: 'Import',
    prefix: 'imp',
    reach: Object.fromEntries(states.map((state) => [state, of(state)])),
    actions: { CANCEL: action('cancelImport') },
  };
}
