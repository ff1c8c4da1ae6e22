/**
 * Whole operations: a query whose root fields are all the read engine's is answered by one statement, as bytes. Whatever can't be
 * is left to the ordinary path, which also says what is wrong with a request; so nobody sees which of them answered.
 */
import { getVariableValues } from 'graphql';
import type { Principal } from '../../access/principal.ts';
import { type DomainError, isDomainError } from '../../kernel/errors.ts';
import { shapeOf } from '../asker.ts';
import { type Binding, Later } from '../later.ts';
import type { Catalogue } from '../record.ts';
import type { Statement } from '../sql.ts';
import type { BoundStatement, RowSink } from '../wire/byte-pool.ts';
import { parameterText } from '../wire/parameter.ts';
import { answerSink } from './answer.ts';
import type { Operation } from './operation.ts';
import { type Form, makeTemplate, type Template, type TemplateRoot } from './template.ts';
import { type OperationTemplates, TemplateCache } from './templates.ts';
import { variablesShape } from './variables.ts';

export interface OperationRequest {
  readonly operation: Operation;
  /** As they came. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/** The bytes of `data`, in pieces, or that the database couldn't answer, which is an error of each root field. */
export type OperationAnswer =
  | { readonly data: readonly Buffer[] }
  | { readonly failure: DomainError; readonly roots: readonly TemplateRoot[] };

export interface OperationsOptions {
  readonly catalogue: Catalogue;
  readonly templatesMaxCount: number;
  nowOf(principal: Principal): Date;
  /** Which forms are tried; rows, unless told. */
  readonly form?: Form;
  run(statement: BoundStatement, principal: Principal, sink: RowSink): Promise<void>;
}

interface Bound {
  readonly template: Template;
  readonly statement: BoundStatement;
}

export class Operations {
  private readonly options: OperationsOptions;
  private readonly templates = new WeakMap<Operation, OperationTemplates>();
  private readonly cache: TemplateCache;

  constructor(options: OperationsOptions) {
    this.options = options;
    this.cache = new TemplateCache(options.templatesMaxCount);
  }

  /** Null where the ordinary path has to answer. */
  async answer(request: OperationRequest): Promise<OperationAnswer | null> {
    const bound = this.bind(request);
    if (!bound) return null;
    try {
      const sink = answerSink(bound.template);
      await this.options.run(bound.statement, request.principal, sink);
      const data = sink.finish();
      return data && { data };
    } catch (failure) {
      // any other error of the database is told as always
      return isDomainError(failure) ? { failure, roots: bound.template.roots } : null;
    }
  }

  private bind({ operation, principal, variables: given }: OperationRequest): Bound | null {
    const coerced = getVariableValues(operation.schema, operation.definition.variableDefinitions ?? [], given, { maxErrors: 1 });
    if (!coerced.coerced) return null;
    const variables = coerced.coerced;
    const inVariables = variablesShape(operation.variables, variables);
    if (inVariables === null) return null;
    const shape = `${shapeOf(principal)} ${inVariables}`;
    const binding: Binding = { principal, variables, now: this.options.nowOf(principal) };
    try {
      const templates = this.templatesOf(operation);
      const found = this.cache.find(templates, shape, binding);
      const template = found === undefined ? this.make(templates, { operation, shape, binding }) : found;
      if (!template) return null;
      for (const check of template.checks) check.of(binding);
      return { template, statement: boundTo(template.statement, binding) };
    } catch (error) {
      if (isDomainError(error)) return null;
      throw error;
    }
  }

  private make(templates: OperationTemplates, { operation, shape, binding }: Making): Template | null {
    const { catalogue, form = 'ROWS' } = this.options;
    const { template, trace } = makeTemplate({ catalogue, operation, binding, form });
    if (!trace.isBroken) this.cache.keep(templates, shape, { template, decisions: trace.decisions });
    return template;
  }

  private templatesOf(operation: Operation): OperationTemplates {
    const before = this.templates.get(operation);
    if (before) return before;
    const templates: OperationTemplates = new Map();
    this.templates.set(operation, templates);
    return templates;
  }
}

interface Making {
  readonly operation: Operation;
  readonly shape: string;
  readonly binding: Binding;
}

const boundTo = ({ text, values }: Statement, binding: Binding): BoundStatement => ({
  text,
  values: values.map((value) => parameterText(value instanceof Later ? value.of(binding) : value)),
});
