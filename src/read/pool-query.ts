/**
 * One round trip for a read: the settings of row-level security and the query travel before one Sync, so they form one
 * implicit transaction and the settings end with it. Built on pg's own query; only what goes out first is added.
 */
import pg from 'pg';
import type { Statement } from './sql.ts';

/** What pg's connection has and its types leave out. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: { portal: string }): void;
  close(message: { type: 'S'; name: string }): void;
}

interface Hooks {
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
  name?: string;
}

export type Settings = Readonly<Record<string, string>>;
export type Done = (error: Error | null, result?: { rows: readonly unknown[] }) => void;

interface NamedStatement extends Statement {
  readonly name: string;
}

interface Request {
  readonly statement: NamedStatement;
  readonly settings: Settings;
  readonly done: Done;
}

/** How many statements stay prepared on one connection; the one used longest ago makes room. */
const PREPARED_MAX = 300;
const SETTINGS = 'settings ';
const SETTING = /^app\.[a-z_]+$/;

/** The statements that each connection has prepared, the newest last. */
const prepared = new WeakMap<Wire, Set<string>>();

// pg's types know the class as a Submittable only
const Base = pg.Query as unknown as new (config: object, values: undefined, done: Done) => pg.Submittable & Hooks;

export class ScopedQuery extends Base {
  private areSettingsDone = false;
  private readonly settings: Settings;
  private readonly statement: NamedStatement;

  constructor({ statement, settings, done }: Request) {
    super({ text: statement.text, name: statement.name, values: [...statement.values] }, undefined, done);
    this.settings = settings;
    this.statement = statement;
  }

  /** Called by pg between cork and uncork. */
  override prepare(connection: Wire): void {
    const known = prepared.get(connection) ?? new Set();
    prepared.set(connection, known);
    sendSettings(connection, known, this.settings);
    makeRoom(connection, known, this.statement.name);
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.areSettingsDone) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.areSettingsDone) super.handleCommandComplete(message, connection);
    this.areSettingsDone = true;
  }
}

/** A short name for each set of settings, since Postgres cuts long ones. */
const names = new Map<string, string>();

function sendSettings(connection: Wire, known: Set<string>, settings: Settings): void {
  const keys = Object.keys(settings);
  const set = keys.join(' ');
  const statement = names.get(set) ?? `${SETTINGS}${names.size}`;
  names.set(set, statement);
  if (!known.has(statement)) {
    for (const key of keys) if (!SETTING.test(key)) throw new Error(`${key} is no setting of ours.`);
    const calls = keys.map((key, i) => `set_config('${key}', $${i + 1}, true)`);
    connection.parse({ name: statement, text: `select ${calls.join(', ') || 'null'}` });
    known.add(statement);
  }
  connection.bind({ statement, values: Object.values(settings) });
  connection.execute({ portal: '' });
}

function makeRoom(connection: Wire, known: Set<string>, name: string): void {
  known.delete(name);
  known.add(name);
  if (known.size <= PREPARED_MAX) return;
  for (const oldest of known) {
    if (oldest.startsWith(SETTINGS)) continue;
    known.delete(oldest);
    delete connection.parsedStatements[oldest];
    connection.close({ type: 'S', name: oldest });
    return;
  }
}
