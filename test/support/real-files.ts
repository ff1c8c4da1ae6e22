// Real receivables of other programs, where the folder with them is at hand. Read in place, never copied.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['CASHGRAPH_SHARED_DATA'] ?? join(import.meta.dirname, '../../../shared/data');

export const realFile = (name: string): string => join(folder, name);

/** Says so in one line where they are absent. */
export function hasRealFiles(): boolean {
  if (existsSync(folder)) return true;
  process.stderr.write(
    'Real files: skipped, since they are not there (CASHGRAPH_SHARED_DATA names the folder with receivables-highradius).\n',
  );
  return false;
}
