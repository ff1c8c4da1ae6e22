/**
 * The read engine: one selection of the graph becomes one SQL statement, and its answer goes out as it comes.
 *
 *   GraphQL info ── plan.ts ──▶ what is asked: fragments, aliases, directives, arguments; no record known
 *                ── resolve.ts ▶ what it means: each name looked up in the catalogue, arguments read, permissions checked
 *                ── cost.ts ───▶ refused when it could cost too much, before the database is touched
 *                ── compile.ts ▶ one statement: `json_build_object` all the way down
 *                ── pool.ts ───▶ one round trip, with the settings of row-level security before it
 *                ──────────────▶ JSON, keyed by response name; `field-resolver.ts` hands each value to GraphQL
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
import { eq, isIn, TRUE } from '../kernel/predicate.ts';
import { nodesSql, recordsSql, rootConnectionSql, type Sought } from './compile.ts';
import { costOfConnection, costOfObject, refuseCostly } from './cost.ts';
import { BY_KEY } from './field-resolver.ts';
import { keyPredicate, legalEntityRelation } from './natural-key.ts';
import { PAGE_MAX } from './paging.ts';
import { below, type PlannedField, planField } from './plan.ts';
import type { ReadPool } from './pool.ts';
import type { By, Lookup, Planned, ReadEngine, SelectedRequest, StatementRunner } from './read-engine.ts';
import { needPermission, type Reader, refuseForbidden } from './reader.ts';
import { type Catalogue, NOW, type ReadRecord } from './record.ts';
import { resolveObject, resolveRootConnection } from './resolve.ts';
import { selectionHash } from './selection-hash.ts';
import { settingsOf } from './settings.ts';
import { type Sql, statement } from './sql.ts';
import type { ObjectRead } from './tree.ts';
import { uuidWith, type WhereContext } from './where.ts';

export * from './read-engine.ts';

export interface ReadEngineOptions {
  readonly catalogue: Catalogue;
  /** Portal users read through a role whose policies know their accounts. */
  readonly pools: { readonly read: ReadPool; readonly portal: ReadPool };
  readonly clock: Clock;
  /** What one field of the root may cost: about one per object that it could return. */
  readonly maxCost: number;
}

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

  constructor(options: ReadEngineOptions) {
    this.options = options;
  }

  async many(info: GraphQLResolveInfo, principal: Principal, record: string): Promise<Planned> {
    const { catalogue, maxCost } = this.options;
    const reader = this.reader(principal);
    const read = resolveRootConnection(reader, catalogue.record(record), planField(info));
    refuseForbidden(reader);
    refuseCostly(costOfConnection(read), maxCost);
    const [row] = await this.rows<Row>(principal, rootConnectionSql(reader, read));
    return parsed(row);
  }

  async one(info: GraphQLResolveInfo, principal: Principal, lookup: Lookup): Promise<Planned | null> {
    const record = this.options.catalogue.record(lookup.record);
    const reader = this.reader(principal);
    const plan = planField(info);
    const object = resolveObject({ reader, record, moment: NOW, path: [plan.key] }, plan.of ?? []);
    const { by } = lookup;
    const rows = await this.rowsOf({ reader, object, ...soughtBy({ reader, record, path: [plan.key] }, by) });
    if (rows.length > 1) throw 'ref' in by ? ambiguousRef(record) : ambiguous(record, rows);
    return rows[0] ? parsed(rows[0]) : null;
  }

  async found(principal: Principal, { record: name, by }: Lookup): Promise<readonly string[]> {
    const record = this.options.catalogue.record(name);
    const reader = this.reader(principal);
    const object = resolveObject({ reader, record, moment: NOW, path: [name] }, [ID]);
    const rows = await this.rowsOf({ reader, object, ...soughtBy({ reader, record, path: [name] }, by) });
    return rows.map((row) => parsePublicId(String(parsed(row)['id'])).uuid);
  }

  async node(info: GraphQLResolveInfo, principal: Principal, id: string): Promise<Planned | null> {
    const [node = null] = await this.nodes(info, principal, [id]);
    return node;
  }

  async nodes(info: GraphQLResolveInfo, principal: Principal, ids: readonly string[]): Promise<readonly (Planned | null)[]> {
    if (ids.length > PAGE_MAX)
      throw new DomainError('TOO_MANY_ITEMS', `At most ${PAGE_MAX} ids can be read at once, not ${ids.length}.`);
    const reader = this.reader(principal);
    const plan = planField(info);
    const uuids = new Map<ReadRecord, string[]>();
    for (const id of ids) {
      const { record, uuid } = this.nodeOf(id);
      uuids.set(record, [...(uuids.get(record) ?? []), uuid]);
    }
    const wanted = [...uuids].map(([record, some]) => {
      const fields = plan.byType?.[record.name] ?? [];
      const object = resolveObject({ reader, record, moment: NOW, path: [plan.key] }, fields);
      return { object, where: isIn('id', some), count: some.length };
    });
    refuseForbidden(reader);
    refuseCostly(
      wanted.reduce((sum, one) => sum + one.count * costOfObject(one.object), 0),
      this.options.maxCost,
    );
    if (wanted.length === 0) return [];
    const rows = await this.rows<Row>(principal, nodesSql(reader, wanted));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = byId.get(parsePublicId(id).uuid);
      return row ? parsed(row) : null;
    });
  }

  async selected({ info, path, record: name, id, principal, run }: SelectedRequest): Promise<Planned | null | undefined> {
    const plan = planField(info);
    const asked = below(plan, path);
    if (asked.length === 0) return undefined;
    const answers: (Planned | null)[] = [];
    // one after the other: a writing transaction has one connection
    for (const field of asked) answers.push(await this.recordFor({ field, name, id, principal, run }));
    if (asked.length === 1) return answers[0] ?? null;
    if (answers.every((answer) => answer === null)) return null;
    return { [BY_KEY]: Object.fromEntries(asked.map(({ key }, i) => [key, answers[i] ?? null])) };
  }

  private async recordFor({ field, name, id, principal, run }: RecordRequest): Promise<Planned | null> {
    const record = this.options.catalogue.record(name);
    const reader = this.reader(principal);
    const object = resolveObject({ reader, record, moment: NOW, path: [field.key] }, field.of ?? []);
    const rows = await this.rowsOf({ reader, object, where: eq('id', id), choiceBy: null, known: null, run });
    return rows[0] ? parsed(rows[0]) : null;
  }

  selectionHash(info: GraphQLResolveInfo): string {
    return selectionHash(planField(info));
  }

  rows<T>(principal: Principal, source: Sql): Promise<readonly T[]> {
    const { read, portal } = this.options.pools;
    return (principal.portal ? portal : read).run<T>(statement(source), settingsOf(principal));
  }

  private reader(principal: Principal): Reader {
    const { catalogue, clock } = this.options;
    return { catalogue, principal, now: new Date(clock.now().getTime() + (principal.clockOffsetMs ?? 0)), refused: new Map() };
  }

  private async rowsOf({ reader, object, run, ...sought }: Finding): Promise<readonly Row[]> {
    refuseForbidden(reader);
    refuseCostly(costOfObject(object), this.options.maxCost);
    const source = recordsSql(reader, { object, limit: CHOICES_MAX, ...sought });
    return run ? run.rows<Row>(source) : this.rows<Row>(reader.principal, source);
  }

  private nodeOf(id: string): { record: ReadRecord; uuid: string } {
    const { prefix, uuid } = parsePublicId(id);
    const record = this.options.catalogue.byPrefix(prefix);
    if (record?.definition.root) return { record, uuid };
    throw new DomainError('INVALID_ID', `No record that can be read by itself has ids that begin with "${prefix}_".`, {
      details: { path: ['id'] },
    });
  }
}

interface RecordRequest {
  readonly field: PlannedField;
  readonly name: string;
  readonly id: string;
  readonly principal: Principal;
  readonly run: StatementRunner | undefined;
}

interface Finding extends Sought {
  readonly reader: Reader;
  readonly object: ObjectRead;
  readonly run?: StatementRunner | undefined;
}

const ID: PlannedField = { key: 'id', name: 'id', args: {}, of: null };

function soughtBy(context: WhereContext, by: By): Sought {
  const { reader, record, path } = context;
  const nothing = { choiceBy: null, known: null };
  if ('id' in by) return { ...nothing, where: eq('id', uuidWith(record.definition.prefix, by.id, ['id'])) };
  if ('key' in by) return { ...nothing, where: keyPredicate(context, by.key), choiceBy: legalEntityRelation(record) };
  needPermission(reader, record.definition.root?.known?.permission ?? null, [...path, 'externalRef']);
  return { ...nothing, where: TRUE, known: by.ref };
}

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
