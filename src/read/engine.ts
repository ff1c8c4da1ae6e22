/**
 * The read engine: one selection of the graph becomes one SQL statement, and its answer goes out as it comes.
 *
 *   GraphQL info ── plan.ts ──▶ what is asked: fragments, aliases, directives, arguments; no record known
 *                ── resolve.ts ▶ what it means: each name looked up in the catalogue, arguments read, permissions checked
 *                ── compile.ts ▶ one statement: `json_build_object` all the way down
 *                ── pool.ts ───▶ one round trip, with the settings of row-level security before it
 *                ──────────────▶ JSON, keyed by response name; `field-resolver.ts` hands each value to GraphQL
 *
 * A query of root fields that are all the engine's is answered whole (`operation/`): the same steps, once for each shape of
 * variables and reader, give a template, whose values are known later (`later.ts`, `asker.ts`); from then on a request only binds
 * it. Its answer is plain rows that `rows/` writes as JSON, or one column of JSON for each root field, and goes from the
 * database (`wire/`) to the socket as bytes. Whatever can't be, and every refusal, is left to GraphQL's own execution.
 *
 * The catalogue (`catalogue.ts`, `shown.ts`) says what a record is: columns with their descriptions from the entity, and its
 * read definition (relations, computed fields, scope). The schema (`schema*.ts`) is made from the same list, so whatever GraphQL
 * accepts can be resolved, and nobody writes a resolver for a field.
 *
 * Who may see what is decided in three places, each enough by itself for another mistake: every table enters a statement
 * through `levelOf` (compile-level.ts), which puts the row scope of `access/scope.ts` on it, in joins, nested lists, counts,
 * filters and cursors alike; every field that a selection, `where` or `orderBy` names is checked before (resolve.ts), and the whole
 * operation is refused with the paths; and the pools' roles stand behind row-level security, portal users' on a role of its own.
 * So another tenant's id behaves exactly as one that doesn't exist: null.
 *
 * Lists are keyset pages (paging.ts, keyset.ts, cursor.ts): a cursor carries the values of the order columns, each page is an
 * index range, and the database makes the cursors. Nested connections are the same subquery, correlated with their parent's
 * row, so each parent has its own page. To-one records are left joins of the row; a `through` relation joins both.
 *
 * `asOf` and `knownAt` make a list show an earlier state: the record's `at` says which rows existed and which columns had
 * other values, and these replace the columns everywhere below (selection, filters, order, cursors, computed fields).
 *
 * The same engine answers inside a writing transaction (`selected` with a runner), for nodes, and for live messages.
 */
import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { parsePublicId } from '../kernel/ids.ts';
import { eq, isIn } from '../kernel/predicate.ts';
import { answerPlan } from './answer-plan.ts';
import { askerOf, sharedAsker } from './asker.ts';
import { resolveRootAggregate, rootAggregateSql } from './aggregate/aggregate-root.ts';
import { nodesSql, recordsByIdSql, recordsSql, rootConnectionSql, type Sought } from './compile.ts';
import { BY_KEY } from './field-resolver.ts';
import { rootByPrefix, soughtBy } from './lookup.ts';
import { Operations, type OperationAnswer, type OperationRequest } from './operation/operations.ts';
import { atMost } from './operation/root.ts';
import type { Form } from './operation/template.ts';
import { below, type PlannedField, planField } from './plan.ts';
import type { ReadPool } from './pool.ts';
import type {
  Lookup,
  Planned,
  ReadEngine,
  SelectedAll,
  SelectedAllRequest,
  SelectedEachRequest,
  SelectedRequest,
  StatementRunner,
} from './read-engine.ts';
import { type Reader, refuseForbidden } from './reader.ts';
import { type Catalogue, NOW, type ReadRecord } from './record.ts';
import { resolveObject, resolveRootConnection } from './resolve.ts';
import { settingsOf } from './settings.ts';
import { type Sql, statement } from './sql.ts';
import type { ObjectRead } from './tree.ts';

export * from './read-engine.ts';

export interface ReadEngineOptions {
  readonly catalogue: Catalogue;
  /** Portal users read through a role whose policies know their accounts. */
  readonly pools: { readonly read: ReadPool; readonly portal: ReadPool };
  readonly clock: Clock;
  /** How many statements are kept for operations that come again. */
  readonly templatesMaxCount?: number;
  /** `JSON` only for comparing: whole operations are made of plain rows where they can be. */
  readonly form?: Form;
}

const TEMPLATES_MAX = 1_000;

/** How many records of one natural key are named when it is ambiguous. */
const CHOICES_MAX = 10;

interface Row {
  readonly id?: string;
  readonly answer: string;
  readonly choice?: string | null;
}

export function createReadEngine(options: ReadEngineOptions): ReadEngine {
  return new Engine(options);
}

class Engine implements ReadEngine {
  private readonly options: ReadEngineOptions;
  private readonly operations: Operations;

  constructor(options: ReadEngineOptions) {
    this.options = options;
    const { catalogue, templatesMaxCount = TEMPLATES_MAX } = options;
    this.operations = new Operations({
      catalogue,
      templatesMaxCount,
      nowOf: (principal) => this.nowOf(principal),
      ...(options.form ? { form: options.form } : {}),
      run: (bound, principal, sink) => this.poolOf(principal).bytes.run(bound, settingsOf(principal), sink),
    });
  }

  operation(request: OperationRequest): Promise<OperationAnswer | null> {
    return this.operations.answer(request);
  }

  async many(info: GraphQLResolveInfo, principal: Principal, record: string): Promise<Planned> {
    const reader = this.reader(principal);
    const read = resolveRootConnection(reader, reader.catalogue.record(record), planField(info));
    refuseForbidden(reader);
    const [row] = await this.rows<Row>(principal, rootConnectionSql(reader, read));
    return parsed(row);
  }

  async aggregate(info: GraphQLResolveInfo, principal: Principal, name: string): Promise<Planned> {
    const reader = this.reader(principal);
    const read = resolveRootAggregate(reader, reader.catalogue.record(name), planField(info));
    refuseForbidden(reader);
    const [row] = await this.rows<Row>(principal, rootAggregateSql(reader, read));
    return parsed(row);
  }

  async one(info: GraphQLResolveInfo, principal: Principal, lookup: Lookup): Promise<Planned | null> {
    const record = this.options.catalogue.record(lookup.record);
    const reader = this.reader(principal);
    const plan = planField(info);
    const object = resolveObject({ reader, record, moment: NOW, path: [plan.key] }, plan.of ?? []);
    const { by } = lookup;
    const rows = await this.rowsOf({ reader, principal, object, ...soughtBy({ reader, record, path: [plan.key] }, by) });
    if (rows.length > 1) throw 'ref' in by ? ambiguousRef(record) : ambiguous(record, rows);
    return rows[0] ? parsed(rows[0]) : null;
  }

  async found(principal: Principal, { record: name, by }: Lookup): Promise<readonly string[]> {
    const record = this.options.catalogue.record(name);
    const reader = this.reader(principal);
    const object = resolveObject({ reader, record, moment: NOW, path: [name] }, [ID]);
    const rows = await this.rowsOf({ reader, principal, object, ...soughtBy({ reader, record, path: [name] }, by) });
    return rows.map((row) => parsePublicId(String(parsed(row)['id'])).uuid);
  }

  async node(info: GraphQLResolveInfo, principal: Principal, id: string): Promise<Planned | null> {
    const [node = null] = await this.nodes(info, principal, [id]);
    return node;
  }

  async nodes(info: GraphQLResolveInfo, principal: Principal, ids: readonly string[]): Promise<readonly (Planned | null)[]> {
    const reader = this.reader(principal);
    const plan = planField(info);
    const uuids = new Map<ReadRecord, string[]>();
    for (const id of atMost(ids)) {
      const { prefix, uuid } = parsePublicId(id);
      const record = rootByPrefix((one) => this.options.catalogue.byPrefix(one), prefix);
      uuids.set(record, [...(uuids.get(record) ?? []), uuid]);
    }
    const wanted = [...uuids].map(([record, some]) => {
      const fields = plan.byType?.[record.name] ?? [];
      const object = resolveObject({ reader, record, moment: NOW, path: [plan.key] }, fields);
      return { object, where: isIn('id', some), count: some.length };
    });
    refuseForbidden(reader);
    if (wanted.length === 0) return [];
    const rows = await this.rows<Row>(principal, nodesSql(reader, wanted));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = byId.get(parsePublicId(id).uuid);
      return row ? parsed(row) : null;
    });
  }

  async selected({ info, path, record: name, id, principal, run }: SelectedRequest): Promise<Planned | null | undefined> {
    const asked = below(answerPlan(info).plan, path);
    if (asked.length === 0) return undefined;
    const answers: (Planned | null)[] = [];
    // one after the other: a writing transaction has one connection
    for (const field of asked) answers.push(await this.recordFor({ field, name, id, principal, run }));
    if (asked.length === 1) return answers[0] ?? null;
    if (answers.every((answer) => answer === null)) return null;
    return { [BY_KEY]: Object.fromEntries(asked.map(({ key }, i) => [key, answers[i] ?? null])) };
  }

  async selectedEach({ info, path, record: name, asked, run }: SelectedEachRequest): Promise<readonly (Planned | null)[]> {
    const [first] = asked;
    if (!first) return [];
    const { principal } = first;
    const fields = below(answerPlan(info).plan, path);
    const record = this.options.catalogue.record(name);
    const isShared = asked.some((one) => one.principal.actorId !== principal.actorId);
    const reader = { ...this.reader(principal), ...(isShared ? { asker: sharedAsker(principal) } : {}) };
    const ids = [...new Set(asked.map(({ id }) => id))];
    const sources = fields.map((field) => {
      const object = resolveObject({ reader, record, moment: NOW, path: [field.key] }, field.of ?? []);
      return recordsByIdSql(reader, [{ object, where: isIn('id', ids) }]);
    });
    refuseForbidden(reader);
    const found = await Promise.all(
      sources.map(async (source) => {
        const rows = await (run ? run.rows<Row>(source) : this.rows<Row>(principal, source));
        return new Map(rows.map((row) => [row.id ?? '', parsed(row)]));
      }),
    );
    return asked.map(({ id }) => {
      if (!found[0]?.has(id)) return null;
      if (fields.length === 1) return found[0].get(id) ?? null;
      return { [BY_KEY]: Object.fromEntries(fields.map(({ key }, i) => [key, found[i]?.get(id) ?? null])) };
    });
  }

  async selectedAll({ info, path, field, record: name, ids, principal, run }: SelectedAllRequest): Promise<SelectedAll> {
    const record = this.options.catalogue.record(name);
    const answers: Record<string, Record<string, Planned> | null> = {};
    for (const list of below(answerPlan(info).plan, path)) {
      const asked = below(list, [field]);
      const found: Record<string, Planned>[] = [];
      for (const one of asked) found.push(await this.recordsById({ field: one, record, ids, principal, run }));
      answers[list.key] = asked.length === 0 ? null : byKey(asked, found);
    }
    return answers;
  }

  private async recordsById({ field, record, ids, principal, run }: RecordsRequest): Promise<Record<string, Planned>> {
    const reader = this.reader(principal);
    const object = resolveObject({ reader, record, moment: NOW, path: [field.key] }, field.of ?? []);
    refuseForbidden(reader);
    if (ids.length === 0) return {};
    const source = nodesSql(reader, [{ object, where: isIn('id', ids) }]);
    const rows = run ? await run.rows<Row>(source) : await this.rows<Row>(principal, source);
    return Object.fromEntries(rows.map((row) => [row.id ?? '', parsed(row)]));
  }

  private async recordFor({ field, name, id, principal, run }: RecordRequest): Promise<Planned | null> {
    const record = this.options.catalogue.record(name);
    const reader = this.reader(principal);
    const object = resolveObject({ reader, record, moment: NOW, path: [field.key] }, field.of ?? []);
    const rows = await this.rowsOf({ reader, principal, object, where: eq('id', id), choiceBy: null, known: null, run });
    return rows[0] ? parsed(rows[0]) : null;
  }

  selectionHash(info: GraphQLResolveInfo): string {
    return answerPlan(info).hash;
  }

  rows<T>(principal: Principal, source: Sql): Promise<readonly T[]> {
    return this.poolOf(principal).run<T>(statement(source), settingsOf(principal));
  }

  private poolOf({ portal }: Principal): ReadPool {
    return portal ? this.options.pools.portal : this.options.pools.read;
  }

  private reader(principal: Principal): Reader {
    return { catalogue: this.options.catalogue, asker: askerOf(principal), now: this.nowOf(principal), refused: new Map() };
  }

  private nowOf({ clockOffsetMs = 0 }: Principal): Date {
    return new Date(this.options.clock.now().getTime() + clockOffsetMs);
  }

  private async rowsOf({ reader, principal, object, run, ...sought }: Finding): Promise<readonly Row[]> {
    refuseForbidden(reader);
    const source = recordsSql(reader, { object, limit: CHOICES_MAX, ...sought });
    return run ? run.rows<Row>(source) : this.rows<Row>(principal, source);
  }
}

interface RecordRequest {
  readonly field: PlannedField;
  readonly name: string;
  readonly id: string;
  readonly principal: Principal;
  readonly run: StatementRunner | undefined;
}

interface RecordsRequest {
  readonly field: PlannedField;
  readonly record: ReadRecord;
  readonly ids: readonly string[];
  readonly principal: Principal;
  readonly run: StatementRunner | undefined;
}

/** One planned object per id; where the record was asked for under several names, one that holds each of them. */
function byKey(asked: readonly PlannedField[], found: readonly Record<string, Planned>[]): Record<string, Planned> {
  const [first = {}] = found;
  if (asked.length === 1) return first;
  const of = (id: string) => Object.fromEntries(asked.map(({ key }, i) => [key, found[i]?.[id] ?? null]));
  return Object.fromEntries(Object.keys(first).map((id) => [id, { [BY_KEY]: of(id) }]));
}

interface Finding extends Sought {
  readonly reader: Reader;
  readonly principal: Principal;
  readonly object: ObjectRead;
  readonly run?: StatementRunner | undefined;
}

const ID: PlannedField = { key: 'id', name: 'id', args: {}, of: null };

const ambiguousRef = ({ name, definition }: ReadRecord) =>
  new DomainError(
    'AMBIGUOUS',
    `The ERP uses this id for more than one ${definition.root?.one ?? name}, in several of its lists: name it by our id or its number.`,
  );

/** The database writes the answer as text, so that every driver hands it over alike. */
const parsed = (row: Row | undefined): Planned => JSON.parse(row?.answer ?? 'null') as Planned;

function ambiguous(record: ReadRecord, rows: readonly Row[]): DomainError {
  const choices = rows
    .map(({ choice }) => choice)
    .filter((choice) => typeof choice === 'string')
    .sort();
  const { root } = record.definition;
  return new DomainError(
    'AMBIGUOUS',
    `More than one ${root?.one ?? record.name} fits: say the legal entity (${choices.join(', ')}), or the id.`,
    { details: { choices } },
  );
}
