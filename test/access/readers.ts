// People of a stage's companies, each with what may be seen and what is permitted.
import type { Company } from './company.ts';
import { type Sight, sightOf } from './oracle.ts';
import type { Stage, Viewer } from './stage.ts';

export interface Reader extends Viewer {
  readonly sight: Sight;
  readonly permissions: ReadonlySet<string>;
}

export async function readerOf(stage: Stage, company: Company, subject: string): Promise<Reader> {
  const viewer = await stage.viewer(company, subject);
  const { me } = await viewer.person.ask('{ me { permissions } }');
  return { ...viewer, sight: await sightOf(stage, viewer.reach), permissions: new Set<string>(me.permissions) };
}

/** The same people of every company. */
export async function readersOf(stage: Stage, subjects: readonly string[]): Promise<readonly Reader[]> {
  const readers: Reader[] = [];
  for (const company of stage.companies) for (const subject of subjects) readers.push(await readerOf(stage, company, subject));
  return readers;
}
