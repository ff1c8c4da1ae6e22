/** The folder of exports: where the file of a run is, and the sweeping away of those that nobody will ask for any more. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Sql, sql } from '../../read/sql.ts';

/** A late process of an earlier run never meets the file of a later one. */
export const pathOf = (folder: string, { id, run }: { readonly id: string; readonly run: number }): string =>
  join(folder, `${id}.${run}`);

const OURS = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})(?:\.part)?$/;
const AT_ONCE = 1_000;

export interface Sweeping {
  readonly folder: string;
  /** In the role `system`, over all tenants. */
  rows<T>(source: Sql): Promise<readonly T[]>;
}

/** Removes files of runs that are neither under way nor kept; whatever else is in the folder is left alone. */
export async function sweep({ folder, rows }: Sweeping): Promise<void> {
  const files = (await readdir(folder).catch(() => [])).flatMap((name) => {
    const [, id, run] = OURS.exec(name) ?? [];
    return id === undefined ? [] : [{ name, id, run: Number(run) }];
  });
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const found = await rows<{ id: string; run: number }>(sql`
      select id, run_count as run from export where id = any(${sql.uuids(some.map(({ id }) => id))}) and lifecycle in ('RUNNING', 'DONE')`);
    const kept = new Set(found.map(({ id, run }) => `${id}.${run}`));
    for (const { name, id, run } of some) if (!kept.has(`${id}.${run}`)) await rm(join(folder, name), { force: true });
  }
}
