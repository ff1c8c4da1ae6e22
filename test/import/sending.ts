// Files sent as a client sends them: announced, put to their address, imported, and waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person, Shown, World } from '../support/world.ts';

const FIGURES =
  'id lifecycle isDryRun lineCount rowCount newCount unchangedCount refusedCount customersChangedCount errorCode errorMessage runCount';

export interface FileToSend {
  readonly kind: string;
  readonly text: string | Buffer;
  readonly format?: string;
  readonly fileName?: string;
}

/** An upload that waits, with its address. */
export const announce = (person: Person, { kind, text, format = 'CSV', fileName = 'file.csv' }: FileToSend): Promise<Shown> =>
  person.do('createUpload', { kind, format, fileName, sizeBytes: Buffer.byteLength(text) }, 'upload', 'id url lifecycle');

export const put = (world: World, path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(new URL(path, world.url), { method: 'PUT', body, headers });

/** The id of an upload that is here. */
export async function send(world: World, person: Person, file: FileToSend): Promise<string> {
  const { id, url } = await announce(person, file);
  const response = await put(world, url, typeof file.text === 'string' ? file.text : new Uint8Array(file.text));
  if (response.status !== 200) throw new Error(await response.text());
  return id;
}

const stateOf = async (person: Person, id: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { import(id: $id) { ${FIGURES} } }`, { id }))['import'];

/** Starts it and waits for its end. */
export async function importFile(person: Person, input: Record<string, unknown>): Promise<Shown> {
  const { id } = await person.do('startImport', input, 'import');
  return ended(person, id);
}

export async function ended(person: Person, id: string): Promise<Shown> {
  for (;;) {
    const state = await stateOf(person, id);
    if (!['QUEUED', 'RUNNING'].includes(state.lifecycle)) return state;
    await sleep(20);
  }
}

export const refusalsOf = async (person: Person, id: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { import(id: $id) { refusals { nodes { line field code message text } } } }`, { id }))[
    'import'
  ].refusals.nodes;
