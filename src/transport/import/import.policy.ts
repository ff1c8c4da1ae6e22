/** Who may send files and import them: the rights over what is read in are those of the commands that do it, looked up anew for each page. */
import type { PolicyRow, Role } from '../../access/policy.ts';

/** Those who may make customers; documents need more. */
const IMPORTERS: readonly Role[] = ['admin', 'order-desk', 'billing', 'credit', 'integration'];

export const importPolicy: readonly PolicyRow[] = [
  { permission: 'imports:read', description: 'See the uploads and imports that one has started.', roles: IMPORTERS },
  {
    permission: 'imports:start',
    description: 'Send files and import them, as far as one may do what each line asks for; cancel imports that one has started.',
    roles: IMPORTERS,
  },
  { permission: 'imports:run', description: 'Work on imports. For Cashgraph itself.', roles: [] },
];
