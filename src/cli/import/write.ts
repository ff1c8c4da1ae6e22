/** Writes pages of rows through the platform's own commands, as the SYSTEM actor: first the customers not seen yet, then the documents. */
import type { Principal } from '../../access/principal.ts';
import { publicId } from '../../kernel/ids.ts';
import type { Platform } from '../../platform.ts';
import { sql } from '../../read/sql.ts';
import type { Problem } from '../../write/command.ts';
import type { Outcome } from '../../write/outcome.ts';
import type { Candidate, CustomerPart, Refusal } from './convert.ts';
import type { Kind } from './fields.ts';
import type { LegalEntity } from './place.ts';

export interface PageResult {
  readonly isNew: number;
  readonly unchanged: number;
  /** Customers that were made or got another name, each once in an import. */
  readonly customersChanged: number;
  readonly refusals: readonly Refusal[];
}

export interface WriterOptions {
  readonly platform: Platform;
  /** The tenant's SYSTEM actor. */
  readonly principal: Principal;
  readonly legalEntity: LegalEntity;
  readonly kind: Kind;
  readonly requestId: string;
}

const COMMANDS = { 'open-invoices': 'importInvoice', 'settled-invoices': 'importInvoice', payments: 'importPayment' } as const;
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

  async write(page: readonly Candidate[]): Promise<PageResult> {
    const { kind } = this.#options;
    const parts = kind === 'customers' ? page.map((row) => row.customer) : await this.#unseen(page);
    const customers = await this.#run(
      'importCustomer',
      parts.map((part) => this.#customerInput(part)),
    );
    if (kind === 'customers') return { ...result(page, customers), customersChanged: this.#changed(customers) };
    const refused = new Map<string, readonly Problem[]>();
    parts.forEach((part, i) => {
      const outcome = customers[i];
      if (outcome?.ok === false) refused.set(keyOf(part), outcome.problems);
      else this.#seen.add(keyOf(part));
    });
    const ready = page.filter((row) => !refused.has(keyOf(row.customer)));
    const legalEntityId = publicId('le', this.#options.legalEntity.id);
    const documents = await this.#run(
      COMMANDS[kind],
      ready.map((row) => ({ legalEntityId, ...row.document })),
    );
    const written = result(ready, documents);
    const refusals = page.flatMap((row) => (refused.get(keyOf(row.customer)) ?? []).map((problem) => refusalOf(row, problem)));
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
  async #unseen(page: readonly Candidate[]): Promise<readonly CustomerPart[]> {
    if (this.#seen.size > SEEN_MAX) this.#seen.clear();
    const parts = new Map(page.map(({ customer }) => [keyOf(customer), customer]));
    for (const key of parts.keys()) if (this.#seen.has(key)) parts.delete(key);
    // without a name in the file, a known customer needs nothing: its number must not become one of its names
    const nameless = [...parts.values()].filter((part) => part.name === null).map((part) => part.number);
    const known = nameless.length === 0 ? [] : await this.#withAccount(nameless);
    for (const number of known) {
      this.#seen.add(keyOf({ number, name: null }));
      parts.delete(keyOf({ number, name: null }));
    }
    return [...parts.values()];
  }

  async #withAccount(numbers: readonly string[]): Promise<readonly string[]> {
    const {
      platform,
      principal: { tenantId },
      legalEntity,
    } = this.#options;
    const rows = await platform.systemRows<{ number: string }>(
      sql`select number from customer_account where tenant_id = ${tenantId} and legal_entity_id = ${legalEntity.id} and number = any(${sql.typed(numbers, 'text[]')})`,
    );
    return rows.map((row) => row.number);
  }

  #customerInput({ number, name, currency, details }: CustomerPart): Readonly<Record<string, unknown>> {
    return { legalEntityId: publicId('le', this.#options.legalEntity.id), number, name: name ?? number, currency, ...details };
  }

  async #run(command: string, inputs: readonly unknown[]): Promise<readonly Outcome[]> {
    const { platform, principal, requestId } = this.#options;
    if (inputs.length === 0) return [];
    const outcomes = await platform.write.runSet(platform.command(command), inputs, { principal, requestId });
    // a fault of ours is no refusal of the line: better stop than call it one
    for (const outcome of outcomes) if (!outcome.ok && outcome.fault !== undefined) throw outcome.fault;
    return outcomes;
  }
}

const keyOf = ({ number, name }: Pick<CustomerPart, 'number' | 'name'>): string => `${number}\n${name ?? ''}`;

const refusalOf = ({ raw }: Candidate, { path, message }: Problem): Refusal => {
  const [field] = path;
  return {
    line: raw.line,
    field: field === undefined ? null : (OURS[field] ?? field),
    reason: message.replace(/\.$/, ''),
    values: raw.values,
  };
};

function result(rows: readonly Candidate[], outcomes: readonly Outcome[]): PageResult {
  const refusals = rows.flatMap((row, i) => {
    const outcome = outcomes[i];
    return outcome?.ok === false ? outcome.problems.map((problem) => refusalOf(row, problem)) : [];
  });
  const done = outcomes.filter((outcome) => outcome.ok);
  const isNew = done.filter((outcome) => outcome.isNew).length;
  return { isNew, unchanged: done.length - isNew, customersChanged: 0, refusals };
}
