/** What was recorded of real companies: every record becomes a document of its form, or is refused with the field; nothing crashes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addDecimal,
  CANONICAL,
  compareDecimal,
  decimal,
  type JsonObject,
  MappingError,
  NotOurs,
  parseJson,
} from '../../src/connect/index.ts';
import { isObject } from './fields.ts';
import { settings } from './settings.ts';
import { ENTITIES, streams } from './streams.ts';

/** Read in place, never copied. */
const FOLDER = join(import.meta.dirname, '../../../shared/erp/quickbooks/captures-json');
const isThere = existsSync(FOLDER);
if (!isThere) process.stderr.write('Recorded answers of QuickBooks: skipped, since the folder with them is not there.\n');
const config = settings.parse({ realmId: '1' });

/** Every object below a name of an entity, wherever it stands. */
function recordsIn(value: unknown, found: [string, JsonObject][] = []): [string, JsonObject][] {
  if (Array.isArray(value)) for (const one of value) recordsIn(one, found);
  if (!isObject(value)) return found;
  for (const [name, inside] of Object.entries(value)) {
    const list: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
    const records = list.filter((one): one is JsonObject => isObject(one) && typeof one['SyncToken'] === 'string');
    for (const record of records) found.push([name, record]);
    recordsIn(inside, found);
  }
  return found;
}

describe.skipIf(!isThere)('recorded answers of QuickBooks', () => {
  const all = isThere
    ? readdirSync(FOLDER)
        .filter((file) => file.endsWith('.json'))
        .flatMap((file) => recordsIn(parseJson(readFileSync(join(FOLDER, file), 'utf8'))))
    : [];

  it.each(streams.map((stream) => [stream.name, stream] as const))(
    '%s: each is a document, not ours, or refused',
    (name, stream) => {
      const entity = ENTITIES[name as keyof typeof ENTITIES];
      const records = all.filter(([found]) => found === entity).map(([, record]) => record);
      const kinds = records.map((raw) => {
        try {
          const { document } = stream.assemble(raw, { config, functionalCurrency: 'USD' });
          CANONICAL[stream.kind].parse(document);
          const { net, tax, total } = document as { net?: string; tax?: string; total?: string };
          if (net !== undefined && tax !== undefined && total !== undefined)
            expect(compareDecimal(addDecimal(decimal(net), decimal(tax)), decimal(total))).toBe(0);
          const { lines } = document as { lines?: readonly { net: string }[] };
          if (lines !== undefined && net !== undefined) {
            const sum = lines.reduce((whole, line) => addDecimal(whole, decimal(line.net)), decimal('0'));
            expect(compareDecimal(sum, decimal(net))).toBe(0);
          }
          return 'document';
        } catch (error) {
          if (error instanceof NotOurs) return 'not ours';
          if (error instanceof MappingError) return `refused: ${error.field} ${error.message}`;
          throw error;
        }
      });
      expect(kinds.filter((kind) => kind.startsWith('refused'))).toEqual([]);
      const recorded = ['Customer', 'Item', 'Invoice', 'Estimate', 'CreditMemo', 'Payment'];
      if (recorded.includes(entity)) expect(kinds.filter((kind) => kind === 'document').length).toBeGreaterThan(4);
    },
  );
});
