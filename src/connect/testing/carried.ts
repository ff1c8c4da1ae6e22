/** Which fields of a document are the same after they were written and read, over many documents: the coverage of writing. */
import type { CanonicalKind } from '../../canonical/canonical.ts';
import { compareDecimal, decimal } from '../../kernel/decimal.ts';
import { contentOf, must } from './check.ts';
import type { Harness } from './harness.ts';

interface Field {
  same: number;
  other: number;
  example: string;
}

export interface Carried {
  compare(written: unknown, read: unknown): void;
  /** @throws KitFailure for a field that comes back the same at times only */
  mustBeSteady(): void;
  /** Fields that come back the same, and those that do not come back. */
  result(): { readonly carried: readonly string[]; readonly lost: readonly string[] };
}

/** One for each harness and kind: every check adds to it. */
const known = new WeakMap<Harness, Map<CanonicalKind, Carried>>();

export function carriedOf(harness: Harness, kind: CanonicalKind): Carried {
  const ofHarness = known.get(harness) ?? new Map<CanonicalKind, Carried>();
  known.set(harness, ofHarness);
  const carried = ofHarness.get(kind) ?? newCarried(kind);
  ofHarness.set(kind, carried);
  return carried;
}

function newCarried(kind: CanonicalKind): Carried {
  const fields = new Map<string, Field>();
  return {
    compare(written, read) {
      for (const [path, value] of leavesOf(written)) {
        const name = path.replaceAll(/\.\d+/g, '[]');
        const field = fields.get(name) ?? { same: 0, other: 0, example: '' };
        fields.set(name, field);
        const back = at(read, path);
        if (isSame(value, back)) field.same += 1;
        else {
          field.other += 1;
          field.example = `${String(value)} came back as ${back === undefined ? 'nothing' : contentOf(back)}`;
        }
      }
    },
    mustBeSteady() {
      for (const [name, { same, other, example }] of fields)
        must(same === 0 || other === 0, `${kind}.${name} comes back the same at times only: ${example}.`);
    },
    result() {
      const names = [...fields.keys()].sort();
      return {
        carried: names.filter((name) => fields.get(name)?.other === 0),
        lost: names.filter((name) => fields.get(name)?.same === 0),
      };
    },
  };
}

function leavesOf(value: unknown, path = ''): [string, string | number | boolean][] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, path === '' ? name : `${path}.${name}`));
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], value);

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** Amounts are the same by their value: 10.50 is 10.5. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'string' || typeof b !== 'string' || !DECIMAL.test(a) || !DECIMAL.test(b)) return false;
  return compareDecimal(decimal(a), decimal(b)) === 0;
}
