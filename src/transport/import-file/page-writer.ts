/** Writes pages of rows through the platform's own commands: first the customers that weren't seen yet, then the documents. */
import type { Principal } from '../../access/principal.ts';
import { publicId } from '../../kernel/ids.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { CommandDefinition, Problem } from '../../write/command.ts';
import type { Outcome } from '../../write/outcome.ts';
import type { CommandRunner, SetRequest } from '../../write/runner.ts';
import { type Candidate, type CustomerPart, type Refusal, refusalOf } from './convert.ts';
import type { Kind } from './fields.ts';

export interface ImportEngines {
  readonly write: Pick<CommandRunner, 'runSet'>;
  command(name: string): CommandDefinition;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
}

export interface PageResult {
  readonly isNew: number;
  readonly unchanged: number;
  /** Customers that were made or got another name, each once in an import. */
  readonly customersChanged: number;
  readonly refusals: readonly Refusal[];
}

export interface WriterOptions {
  readonly engines: ImportEngines;
  readonly legalEntity: { readonly id: string };
  readonly kind: Kind;
}

export interface PageRequest extends Pick<SetRequest, 'principal' | 'requestId' | 'parts'> {
  readonly principal: Principal;
  /** In the transaction of what was done of the rows, with those rows: a page that has to be split calls it once for each part. */
  readonly alongside?: (
    session: Parameters<NonNullable<SetRequest['alongside']>>[0],
    done: { readonly lines: readonly number[]; readonly isNew: number },
  ) => Promise<void>;
}

/** What the rows of each kind are done by, but for the customers that stand in them. */
const COMMANDS: Readonly<Record<Kind, string>> = {
  customers: 'importCustomer',
  'open-invoices': 'importInvoice',
  'settled-invoices': 'importInvoice',
  payments: 'importPayment',
};
/** Input fields of the commands → ours. */
const OURS: Readonly<Record<string, string>> = {
  customerNumber: 'customer',
  customerReference: 'reference',
  paymentTermsCode: 'terms',
  invoiceNumber: 'invoice',
};
/** Forgetting costs a repeated look-up, remembering for ever costs memory. */
const SEEN_MAX = 200_000;

export class PageWriter {
  readonly #options: WriterOptions;
  readonly #seen = new Set<string>();
  readonly #changedIds = new Set<string>();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  async write(page: readonly Candidate[], request: PageRequest): Promise<PageResult> {
    const { kind } = this.#options;
    if (kind === 'customers') {
      const customers = await this.#run(
        page.map((row) => this.#customerInput(row.customer)),
        request,
        page,
      );
      return { ...result(page, customers), customersChanged: this.#changed(customers) };
    }
    const { alongside: _, ...quiet } = request;
    const parts = await this.#unseen(page, request.principal.tenantId);
    const customers = await this.#runCustomers(parts, quiet);
    const refused = new Map<string, readonly Problem[]>();
    parts.forEach((part, i) => {
      const outcome = customers[i];
      if (outcome?.ok === false) refused.set(keyOf(part), outcome.problems);
      // what is undone at the end of the page has to be made again for the next
      else if (!request.parts) this.#seen.add(keyOf(part));
    });
    const ready = page.filter((row) => !refused.has(keyOf(row.customer)));
    const legalEntityId = publicId('le', this.#options.legalEntity.id);
    const documents = await this.#run(
      ready.map((row) => ({ legalEntityId, ...row.document })),
      request,
      ready,
    );
    const written = result(ready, documents);
    const refusals = page.flatMap((row) => (refused.get(keyOf(row.customer)) ?? []).map((problem) => refusedBy(row, problem)));
    return {
      ...written,
      customersChanged: this.#changed(customers),
      refusals: [...refusals, ...written.refusals].sort((a, b) => a.line - b.line),
    };
  }

  #changed(customers: readonly Outcome[]): number {
    const before = this.#changedIds.size;
    for (const outcome of customers) if (outcome.ok && outcome.isNew) this.#changedIds.add(outcome.recordId);
    return this.#changedIds.size - before;
  }

  /** The customers of a page that may be unknown, each with each of its names once. */
  async #unseen(page: readonly Candidate[], tenantId: string): Promise<readonly CustomerPart[]> {
    if (this.#seen.size > SEEN_MAX) this.#seen.clear();
    const parts = new Map(page.map(({ customer }) => [keyOf(customer), customer]));
    for (const key of parts.keys()) if (this.#seen.has(key)) parts.delete(key);
    // without a name in the file, a known customer needs nothing: its number must not become one of its names
    const nameless = [...parts.values()].filter((part) => part.name === null).map((part) => part.number);
    const known = nameless.length === 0 ? [] : await this.#withAccount(nameless, tenantId);
    for (const number of known) {
      this.#seen.add(keyOf({ number, name: null }));
      parts.delete(keyOf({ number, name: null }));
    }
    return [...parts.values()];
  }

  async #withAccount(numbers: readonly string[], tenantId: string): Promise<readonly string[]> {
    const { engines, legalEntity } = this.#options;
    const rows = await engines.systemRows<{ number: string }>(
      sql`select number from customer_account where tenant_id = ${tenantId} and legal_entity_id = ${legalEntity.id} and number = any(${sql.typed(numbers, 'text[]')})`,
    );
    return rows.map((row) => row.number);
  }

  #customerInput({ number, name, currency, details }: CustomerPart): Readonly<Record<string, unknown>> {
    return { legalEntityId: publicId('le', this.#options.legalEntity.id), number, name: name ?? number, currency, ...details };
  }

  #runCustomers(parts: readonly CustomerPart[], request: SetRequest): Promise<readonly Outcome[]> {
    return this.#outcomes(
      'importCustomer',
      parts.map((part) => this.#customerInput(part)),
      request,
    );
  }

  #run(
    inputs: readonly unknown[],
    { alongside, ...request }: PageRequest,
    rows: readonly Candidate[],
  ): Promise<readonly Outcome[]> {
    const told: SetRequest['alongside'] = (session, outcomes) => {
      const done = [...outcomes].filter(([, outcome]) => outcome.ok);
      const isNew = done.filter(([, outcome]) => outcome.ok && outcome.isNew).length;
      return alongside?.(session, { lines: done.map(([i]) => rows[i]?.raw.line ?? 0), isNew }) ?? Promise.resolve();
    };
    return this.#outcomes(COMMANDS[this.#options.kind], inputs, { ...request, ...(alongside ? { alongside: told } : {}) });
  }

  async #outcomes(command: string, inputs: readonly unknown[], request: SetRequest): Promise<readonly Outcome[]> {
    const { write, command: named } = this.#options.engines;
    if (inputs.length === 0) return [];
    const outcomes = await write.runSet(named(command), inputs, request);
    // a fault of ours is no refusal of the line: better stop than call it one
    for (const outcome of outcomes) if (!outcome.ok && outcome.fault !== undefined) throw outcome.fault;
    return outcomes;
  }
}

const keyOf = ({ number, name }: Pick<CustomerPart, 'number' | 'name'>): string => `${number}\n${name ?? ''}`;

const refusedBy = ({ raw }: Candidate, { code, path, message }: Problem): Refusal => {
  const [field] = path;
  return refusalOf(raw, { field: field === undefined ? null : (OURS[field] ?? field), code, reason: message.replace(/\.$/, '') });
};

function result(rows: readonly Candidate[], outcomes: readonly Outcome[]): PageResult {
  const refusals = rows.flatMap((row, i) => {
    const outcome = outcomes[i];
    return outcome?.ok === false ? outcome.problems.map((problem) => refusedBy(row, problem)) : [];
  });
  const done = outcomes.filter((outcome) => outcome.ok);
  const isNew = done.filter((outcome) => outcome.isNew).length;
  return { isNew, unchanged: done.length - isNew, customersChanged: 0, refusals };
}
