/** The books as they are kept in a file: only what can't be worked out again, and nothing that is empty. */
import type { Books, Deleted } from './books/books.ts';
import { Line, type ListRow, type TranCode, Transaction } from './books/model.ts';
import type { KeyPair } from './identity.ts';

/** Of the file's form: one that another version of the simulator wrote is not read. */
export const VERSION = 1;

type Kept = Readonly<Record<string, unknown>>;

export interface State {
  readonly version: typeof VERSION;
  readonly keys: KeyPair;
  readonly closedThrough: string | null;
  readonly lastIds: readonly (readonly [string, number])[];
  readonly rows: readonly ListRow[];
  readonly transactions: readonly Kept[];
  readonly deleted: readonly Deleted[];
}

const FAMILIES = [
  'currency',
  'account',
  'term',
  'accountingPeriod',
  'subsidiary',
  'location',
  'item',
  'customer',
  'customerSubsidiaryRelationship',
];
const BLANK: Kept = Object.fromEntries(Object.entries(new Transaction(0, 'SalesOrd', 0)));
const BLANK_LINE: Kept = Object.fromEntries(Object.entries(new Line(0)));

export function stateOf(books: Books, keys: KeyPair): State {
  return {
    version: VERSION,
    keys,
    closedThrough: books.closedThrough,
    lastIds: [...books.lastIds],
    rows: FAMILIES.flatMap((family) => [...books.family(family)]),
    transactions: Array.from(books.transactions.values(), (one) => ({
      ...differing(one, BLANK),
      id: one.id,
      code: one.code,
      lines: one.lines.map((line) => differing(line, BLANK_LINE)),
    })),
    deleted: books.deleted,
  };
}

function differing(row: object, blank: Kept): Kept {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]: [string, unknown]) => value !== blank[name] && !isEmpty(value)),
  );
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Into empty books. */
export function loadState(books: Books, state: State): void {
  for (const row of state.rows) {
    books.put(row);
    books.setExternalId(row.type, row.id, { before: null, after: row.externalId });
  }
  for (const { id, code, createdSec, lines, ...rest } of state.transactions) {
    const transaction = new Transaction(Number(id), code as TranCode, Number(createdSec));
    Object.assign(transaction, rest);
    transaction.lines = ((lines as readonly Kept[] | undefined) ?? []).map((line) =>
      Object.assign(new Line(Number(line['id'])), line),
    );
    books.restore(transaction);
  }
  books.deleted.push(...state.deleted);
  for (const [sequence, id] of state.lastIds) books.lastIds.set(sequence, id);
  books.closedThrough = state.closedThrough;
  books.takeChanges();
}
