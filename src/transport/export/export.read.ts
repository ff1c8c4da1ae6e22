/** How exports are read: by whoever started them, and by nobody else. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { sql } from '../../read/sql.ts';
import { exportMachine } from './export.machine.ts';
import { EXPORTS } from './export.rules.ts';

export const exportRead: ReadDefinition = {
  prefix: 'exp',
  description: 'A list that is read to its end in the background, from one snapshot of the database, into a file.',
  resource: { permission: 'exports:read', own: 'startedById' },
  root: { one: 'export', many: 'exports' },
  order: ['-createdAt'],
  computed: {
    position: {
      kind: 'computed',
      description:
        'The place in the log that the snapshot is of: follow `events(after:)` from here, and nothing is missed. An event whose version the rows show already may come once more.',
      type: 'Cursor',
      nullable: true,
      sql: (alias) => sql`${sql.id(alias, 'position')}::text`,
    },
    url: {
      kind: 'computed',
      description:
        'Where to download the file with GET, on this server; null unless it is done. It is signed and needs no token, holds for an hour, and each read of this field makes a new one: keep it secret. It takes Range, so that a broken download can go on.',
      type: 'String',
      nullable: true,
      sql: (alias) =>
        sql`case when ${sql.id(alias, 'lifecycle')} = 'DONE' then ${sql.literal(`${EXPORTS}exp_`)} || ${sql.id(alias, 'id')} || '/' || ${sql.id(alias, 'file_name')} end`,
    },
    allowedActions: allowedActions({
      machine: exportMachine,
      enumName: 'ExportAction',
      permissions: { CANCEL: 'exports:start', RESTART: 'exports:start' },
      isTenantWide: true,
    }),
  },
};
