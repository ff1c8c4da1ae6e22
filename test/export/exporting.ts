// Exports as somebody asks for them over HTTP: started, waited for, downloaded.
import { setTimeout as wait } from 'node:timers/promises';
import type { Person, Shown, World } from '../support/world.ts';

export interface Asked {
  readonly query: string;
  readonly format?: 'JSONL' | 'CSV' | 'PARQUET';
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const SHOWN =
  'id lifecycle format list rowTotal rowCount lineCount byteCount position fileName sha256 url expiresAt errorCode errorMessage runCount allowedActions version';

export const start = (person: Person, { format = 'JSONL', ...asked }: Asked): Promise<Shown> =>
  person.do('startExport', { format, ...asked }, 'export', SHOWN);

export async function show(person: Person, id: string): Promise<Shown> {
  return (await person.ask(`query($id: ID!) { export(id: $id) { ${SHOWN} } }`, { id }))['export'];
}

/** The export once it is in one of the states. */
export async function until(person: Person, id: string, ...states: readonly string[]): Promise<Shown> {
  for (let tries = 0; tries < 800; tries++) {
    const shown = await show(person, id);
    if (states.includes(shown.lifecycle)) return shown;
    if (['FAILED', 'CANCELLED', 'EXPIRED'].includes(shown.lifecycle)) throw new Error(JSON.stringify(shown));
    await wait(25);
  }
  throw new Error(`${id} never became ${states.join(' or ')}`);
}

export const serverOf = (world: World): string => new URL(world.url).origin;

export const fetched = (world: World, url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${serverOf(world)}${url}`, { headers });

/** The whole way: the export when it is done, and the text of its file. */
export async function exported(
  world: World,
  person: Person,
  asked: Asked,
): Promise<{ shown: Shown; bytes: Buffer; text: string }> {
  const { id } = await start(person, asked);
  const shown = await until(person, id, 'DONE');
  const answer = await fetched(world, shown.url);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { shown, bytes, text: bytes.toString('utf8') };
}

export const linesOf = (text: string): Shown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
