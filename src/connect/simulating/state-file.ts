/** The file in which a simulated company is kept between starts: as a whole, written beside and put in its place, so it is never half. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const WAIT_MS = 1_000;

/**
 * @param version of the file's form: one that another version of the simulator wrote is not read
 * @returns null when there is none yet
 * @throws Error that says what to do about one that can't be read
 */
export function readState(path: string, version: number): { readonly version: number } | null {
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: number };
    if (state.version === version) return state;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  }
  throw new Error(`The books of the simulated company in ${path} can not be read. Delete the file to begin with a new company.`);
}

export class StateFile {
  readonly #path: string;
  readonly #state: () => object;
  #isDirty: boolean;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, state: () => object) {
    this.#path = path;
    this.#state = state;
    this.#isDirty = !existsSync(path);
    mkdirSync(dirname(path), { recursive: true });
  }

  /** Something has changed: it is written in a second, together with what else changes until then. */
  changed(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.save().catch(() => this.changed()); // a full disk: again, until there is room
    }, WAIT_MS);
  }

  /** What has changed is on disk afterwards. */
  save(): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.save();
  }

  async #write(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const beside = `${this.#path}.part`;
    try {
      await writeFile(beside, JSON.stringify(this.#state()));
      await rename(beside, this.#path);
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }
}
