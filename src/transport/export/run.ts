/**
 * One run of an export: from the snapshot to the whole file. About once a second it says how far it is and learns whether it is to go
 * on. Of what isn't whole nothing is left, and the process keeps answering others in between.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { accessKeyOf, type Principal, requirePermission } from '../../access/principal.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { childPageSql, type WholeList, wholeListCountSql, wholeListSql } from '../../read/every-row.ts';
import type { Reader } from '../../read/reader.ts';
import type { Snapshot } from '../../read/snapshot.ts';
import type { Row } from './columns.ts';
import type { ExportEngines } from './engines.ts';
import { fileNameOf } from './export.rules.ts';
import { ExportFile } from './file.ts';
import { pathOf } from './folder.ts';
import { type Form, formOf } from './form.ts';
import { openAt } from './position.ts';
import type { Begun, Steps } from './steps.ts';
import { readerOf, wantedList } from './wanted.ts';

const TELL_MS = 1_000;
/** So long it works before it rests, and so long it rests at most. */
const WORK_MS = 4;
const REST_MAX_MS = 250;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** It is not this run's to go on with, and nothing is to be said of it. */
export class Stopped extends Error {}

/** What it works with while it writes. */
interface Writing {
  readonly principal: Principal;
  readonly reader: Reader;
  readonly list: WholeList;
  readonly snapshot: Snapshot;
  readonly file: ExportFile;
  readonly form: Form;
}

export class Run {
  private rowCount = 0;
  private toldAtMs = 0;
  private restedAtMs = 0;
  private total: number | null = null;
  private position = 0n;
  private readonly startedAtMs = monotonicMs();

  constructor(
    private readonly engines: ExportEngines,
    private readonly steps: Steps,
    private readonly begun: Begun,
  ) {}

  /** @throws Stopped; DomainError, UNAVAILABLE where another process is to go on; whatever the database or the disk says */
  async work(): Promise<void> {
    const { engines, begun } = this;
    const { folder, limits, signal } = engines;
    const principal = await this.principal();
    const list = wantedList(engines, principal, begun);
    const { snapshot, position } = await openAt(engines, principal);
    this.position = position;
    // a statement may take minutes, and the end of the process does not wait for it
    const leave = () => void snapshot.end();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const file = await ExportFile.create(pathOf(folder, begun), limits.exportFileMaxBytes);
      const lineCount = await this.written({ principal, reader: readerOf(engines, principal), list, snapshot, file });
      await snapshot.end();
      await this.publish(file, lineCount);
    } finally {
      signal.removeEventListener('abort', leave);
      await snapshot.end();
    }
  }

  /** Gives how many lines it has. */
  private async written(parts: Omit<Writing, 'form'>): Promise<number> {
    const { reader, list, snapshot, file } = parts;
    try {
      const form = formOf(this.begun.format, list, async (page) => {
        const [row] = await snapshot.rows<{ answer: string }>(childPageSql(reader, page));
        return JSON.parse(row?.answer ?? 'null') as Row;
      });
      try {
        await this.write({ ...parts, form });
      } finally {
        await form.close();
      }
      return form.lineCount;
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  private async write(writing: Writing): Promise<void> {
    const { reader, list, snapshot, file, form } = writing;
    const [counted] = await snapshot.rows<{ count: number }>(wholeListCountSql(reader, list));
    this.total = counted?.count ?? null;
    await file.write(form.begin());
    await this.tell(writing);
    this.restedAtMs = monotonicMs();
    for await (const lines of snapshot.lines(wholeListSql(reader, list), list.rowsPerFetch)) {
      for await (const bytes of form.rows(lines)) {
        await file.write(bytes);
        await this.goOn(writing);
      }
      this.rowCount += lines.count;
      await this.goOn(writing);
    }
    for await (const bytes of form.end()) await file.write(bytes);
    await this.tell(writing);
  }

  /** Called after each piece, which is some thousandths of a second of work at most. */
  private async goOn(writing: Writing): Promise<void> {
    const { signal, limits } = this.engines;
    if (signal.aborted) throw new DomainError('UNAVAILABLE', 'The process ends: another one goes on.');
    const nowMs = monotonicMs();
    if (nowMs - this.startedAtMs > limits.exportMaxMinutes * MINUTE_MS)
      throw new DomainError('TIMEOUT', `It took longer than ${limits.exportMaxMinutes} minutes: export less at once.`);
    if (nowMs - this.toldAtMs >= TELL_MS) await this.tell(writing);
    const busyMs = monotonicMs() - this.restedAtMs;
    if (busyMs < WORK_MS) return;
    // who waits for an answer comes first: it works for a share of the time, and where others slow it down it rests longer
    await wait(Math.min(REST_MAX_MS, busyMs * (100 / limits.exportWorkPercent - 1)));
    this.restedAtMs = monotonicMs();
  }

  /** @throws Stopped when it isn't to go on; FORBIDDEN when its starter has other rights by now */
  private async tell({ file, form, principal }: Writing): Promise<void> {
    this.toldAtMs = monotonicMs();
    const { position, total, rowCount } = this;
    const { lineCount } = form;
    const told = { position, rowTotal: total, rowCount, lineCount, byteCount: file.byteCount };
    if (!(await this.steps.tell(this.begun, told))) throw new Stopped();
    if (accessKeyOf(await this.principal()) !== accessKeyOf(principal))
      throw new DomainError('FORBIDDEN', 'What its starter may read has changed while it ran: start it again.');
  }

  private async publish(file: ExportFile, lineCount: number): Promise<void> {
    const { begun, engines, position, rowCount } = this;
    const made = await file.finish().catch(async (error: unknown) => {
      await file.discard();
      throw error;
    });
    const fileName = fileNameOf(begun, begun.begunAt);
    const keptMs = engines.limits.exportKeptHours * HOUR_MS;
    // where the answer is lost nobody knows here whether it counts: the file stays, and is swept away if it doesn't
    const isDone = await this.steps.finish(begun, { ...made, fileName, rowCount, lineCount, position, keptMs });
    if (isDone) return;
    await file.discard();
    throw new Stopped();
  }

  /** Whoever started it, as they stand now. @throws DomainError FORBIDDEN */
  private async principal(): Promise<Principal> {
    const { tenantId, startedById: actorId } = this.begun;
    const principal = await this.engines.principalOf({ tenantId, actorId });
    if (!principal) throw new DomainError('FORBIDDEN', 'Whoever started it may not sign in any more.');
    requirePermission(principal, 'exports:start');
    return principal;
  }
}
