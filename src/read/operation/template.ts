/**
 * The template of a whole operation: one statement, how to bind it, and how its rows become the answer. It is made once for each shape
 * of variables and principal, and holds no value of either.
 */
import { type FieldNode, GraphQLError, isNonNullType } from 'graphql';
import { DomainError } from '../../kernel/errors.ts';
import { laterAsker } from '../asker.ts';
import { type Binding, type Later, Trace } from '../later.ts';
import { planRoots } from '../plan.ts';
import { type Reader, refuseForbidden } from '../reader.ts';
import type { Catalogue } from '../record.ts';
import type { RowsProgram } from '../rows/program.ts';
import { type Sql, sql, type Statement, statement } from '../sql.ts';
import type { Operation } from './operation.ts';
import { type RootRead, rootKindOf } from './root.ts';
import { laterVariables } from './variables.ts';

/** One root field of the answer: what the statement gives, or a text that is always the same. */
export interface TemplateRoot {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly isNullable: boolean;
  /** JSON; null for what the statement gives. */
  readonly text: string | null;
}

export interface Template {
  /** In the order of the answer. */
  readonly roots: readonly TemplateRoot[];
  /** Its values may be known later. */
  readonly statement: Statement;
  /** How rows become the one root field that they answer; null where each root field is a column of JSON. */
  readonly program: RowsProgram | null;
  /** More than one record of the root says that its key is ambiguous. */
  readonly isOne: boolean;
  /** Made when it is bound, only to refuse what can't be converted. */
  readonly checks: readonly Later<unknown>[];
}

/** Rows where there is such a form, or the database makes the JSON; for comparing the two. */
export type Form = 'ROWS' | 'JSON';

export interface Making {
  readonly catalogue: Catalogue;
  readonly operation: Operation;
  readonly binding: Binding;
  readonly form: Form;
}

export interface MadeTemplate {
  /** Null where operations of this shape take the ordinary path. */
  readonly template: Template | null;
  readonly trace: Trace;
}

export function makeTemplate(making: Making): MadeTemplate {
  const trace = new Trace(making.binding);
  try {
    return { template: templateOf(making, trace), trace };
  } catch (error) {
    // what is wrong with it is told by the ordinary path
    if (error instanceof DomainError || error instanceof GraphQLError) return { template: null, trace };
    throw error;
  } finally {
    trace.end();
  }
}

interface Asked {
  readonly key: string;
  readonly read: RootRead;
}

function templateOf({ catalogue, operation, binding, form }: Making, trace: Trace): Template | null {
  const { schema, fragments, definition } = operation;
  const variableValues = laterVariables(operation.variables, binding.variables, trace);
  const source = { catalogue, asker: laterAsker(binding.principal, trace) };
  const now = trace.later((bound) => bound.now);
  const asked: Asked[] = [];
  const roots = planRoots({ schema, fragments, variableValues }, definition).map((root): TemplateRoot => {
    const { key, name } = root.field;
    const kind = root.definition && rootKindOf(root.definition);
    if (!kind && name !== '__typename') throw new Error(`The root field ${name} isn't the read engine's.`);
    if (kind) asked.push({ key, read: resolved({ ...source, now, refused: new Map() }, (reader) => kind(reader, root.field)) });
    const isNullable = root.definition !== null && !isNonNullType(root.definition.type);
    return { key, nodes: root.nodes, isNullable, text: kind ? null : JSON.stringify(root.type) };
  });
  if (asked.length === 0) return null;
  const [first] = asked;
  const rows = asked.length === 1 && form === 'ROWS' ? first?.read.rows?.(source, first.key) : undefined;
  const made = statement(rows ? rows.source : columns(asked.map(({ read }) => read.json(source))));
  const isOne = first?.read.isOne === true;
  return { roots, statement: made, program: rows?.program ?? null, isOne, checks: trace.unused(made.values) };
}

function resolved(reader: Reader, resolve: (reader: Reader) => RootRead): RootRead {
  const read = resolve(reader);
  refuseForbidden(reader);
  return read;
}

const columns = (expressions: readonly Sql[]): Sql =>
  sql`select ${sql.join(expressions.map((expression, i) => sql`${expression} as ${sql.id(`a${i + 1}`)}`))}`;
