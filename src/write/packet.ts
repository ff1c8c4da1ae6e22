/**
 * Statements that travel in one packet and are answered in one: a single query for pg, with one Sync at its end. What comes behind one that
 * failed is not done and fails with the same. It holds statements of one transaction only, which that failure has ended anyway.
 */
import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Statement } from '../read/sql.ts';
import { MessageWriter, type Value } from '../read/wire/message-writer.ts';
import { parameterText } from '../read/wire/parameter.ts';
import { type Column, type Prepared, PreparedStatements } from './prepared.ts';

export interface Answered {
  readonly rows: readonly Record<string, unknown>[];
  readonly rowCount: number;
  /** What was done, for example `COMMIT`. */
  readonly command: string;
}

interface Sent {
  readonly text: string;
  readonly values: readonly Value[];
  readonly isKept: boolean;
  readonly rows: Record<string, unknown>[];
  done(answered: Answered): void;
  fail(error: unknown): void;
}

/** What pg's connection has and its types leave out. */
interface Inner {
  readonly stream: Duplex;
}

/** Days and instants stay texts, as they are bound. */
const TEXT_TYPES = new Set([1082, 1114, 1184, 1186]);
const asItIs = (text: string): unknown => text;

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

const columnOf = ({ name, dataTypeID: type }: Field): Column => ({
  name,
  read: TEXT_TYPES.has(type) ? asItIs : (pg.types.getTypeParser(type, 'text') as Column['read']),
});

/** What a connection is written with. */
export class PacketWriter {
  readonly messages = new MessageWriter();
  readonly prepared = new PreparedStatements(this.messages);
}

/** Made as the query that pg's client submits and hands its answers to. */
export class Packet implements pg.Submittable {
  private readonly sent: Sent[] = [];
  private readonly prepared: Prepared[] = [];
  /** The one that is being answered. */
  private at = 0;
  /** Of pg's: it ends the time that the packet may take. */
  callback: (() => void) | undefined;

  constructor(private readonly writer: PacketWriter) {}

  /** `isKept`: it comes again and again, so its plan is kept. Values that have no text fail here, before anything is written. */
  add({ text, values }: Statement, isKept: boolean): Promise<Answered> {
    const sent = values.map((value) => (value instanceof Uint8Array ? value : parameterText(value)));
    return new Promise((done, fail) => {
      this.sent.push({ text, values: sent, isKept, rows: [], done, fail });
    });
  }

  submit(connection: pg.Connection): void {
    const { messages, prepared } = this.writer;
    for (const { text, values, isKept } of this.sent) {
      const one = isKept ? prepared.of(text) : prepared.once(text);
      this.prepared.push(one);
      messages.bind(one.name, values);
      messages.execute();
    }
    messages.sync();
    (connection as unknown as Inner).stream.write(messages.take());
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    const prepared = this.prepared[this.at];
    if (prepared) prepared.columns = fields.map(columnOf);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.prepared[this.at]?.columns ?? [];
    const row: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i++) {
      const { name, read } = columns[i] as Column;
      const text = fields[i] ?? null;
      row[name] = text === null ? null : read(text);
    }
    this.sent[this.at]?.rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const sent = this.sent[this.at];
    this.at += 1;
    const [command = '', ...counts] = text.split(' ');
    sent?.done({ rows: sent.rows, rowCount: Number(counts.at(-1) ?? 0), command });
  }

  handleReadyForQuery(): void {
    this.callback?.();
  }

  /** Whether those behind it were ever prepared isn't known: they are prepared anew. */
  handleError(error: unknown): void {
    this.callback?.();
    for (const prepared of this.prepared.slice(this.at)) this.writer.prepared.giveUp(prepared);
    for (const { fail } of this.sent.slice(this.at)) fail(error);
    this.at = this.sent.length;
  }
}
