/**
 * The statements that one connection has prepared, under short names. The one used longest ago makes room; the settings of
 * row-level security are among them.
 */
import { createHash } from 'node:crypto';
import type { MessageWriter } from './message-writer.ts';

export type Settings = Readonly<Record<string, string>>;

/** How many statements stay prepared on one connection. */
const PREPARED_MAX = 300;
const NAMES_MAX = 5_000;
const SETTING = /^app\.[a-z_]+$/;

const names = new Map<string, string>();

/** The same name for the same text. Postgres cuts names after 63 bytes. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) names.clear();
  const name = `read ${createHash('sha256').update(text).digest('base64url').slice(0, 27)}`;
  names.set(text, name);
  return name;
}

const settingTexts = new Map<string, string>();

/** @throws Error for a name that isn't a setting of ours */
export function settingsText(settings: Settings): string {
  const keys = Object.keys(settings);
  const set = keys.join(' ');
  const known = settingTexts.get(set);
  if (known !== undefined) return known;
  for (const key of keys) if (!SETTING.test(key)) throw new Error(`${key} is no setting of ours.`);
  const calls = keys.map((key, i) => `set_config('${key}', $${i + 1}, true)`);
  const text = `select ${calls.join(', ') || 'null'}`;
  settingTexts.set(set, text);
  return text;
}

export class Prepared {
  private readonly writer: MessageWriter;
  /** The newest last. */
  private readonly known = new Set<string>();

  constructor(writer: MessageWriter) {
    this.writer = writer;
  }

  /** Before anything that can fail: what follows a failure isn't done, and a name must be free before it's used again. */
  makeRoom(): void {
    while (this.known.size > PREPARED_MAX - 2) {
      const [oldest = ''] = this.known;
      this.known.delete(oldest);
      this.writer.close(oldest);
    }
  }

  /** The name of the statement, which is prepared first unless it is. Whoever finds it gone renews it. */
  name(text: string): string {
    const name = nameOf(text);
    if (this.known.delete(name)) {
      this.known.add(name);
      return name;
    }
    this.known.add(name);
    this.writer.parse(name, text);
    return name;
  }

  /** Prepares it anew at its next use. */
  renew(text: string): void {
    const name = nameOf(text);
    if (this.known.delete(name)) this.writer.close(name);
  }
}
