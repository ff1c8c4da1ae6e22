/**
 * The conformance kit: a hostile ERP, run against a connector and its simulator over real HTTP. Each check is a promise in a sentence;
 * a connector may leave one out only with a reason. What the checks find is the connector's coverage: it is generated here and never
 * written by hand.
 */
import type { Connector } from '../connector.ts';
import { amountChecks } from './amounts.ts';
import { comparingChecks } from './comparing.ts';
import { type ConnectorCoverage, coverageOf } from './coverage.ts';
import { cursorChecks } from './cursors.ts';
import { KitFailure, wordsOf } from './check.ts';
import { faultChecks } from './faults.ts';
import { openHarness } from './harness.ts';
import type { KitTarget } from './kit-erp.ts';
import { momentChecks } from './moments.ts';
import { readingChecks } from './reading.ts';
import { webhookChecks } from './webhooks.ts';
import { writingChecks } from './writing.ts';

export { type Harness, openHarness } from './harness.ts';
export { type ConnectorCoverage, coverageTable, coverageText, type FieldCoverage } from './coverage.ts';
export type { KitBooked, KitCustomer, KitErp, KitOpenDocument, KitOpenOrder, KitReferences, KitTarget } from './kit-erp.ts';

export interface KitResult {
  readonly name: string;
  readonly promise: string;
  readonly area: string;
  readonly outcome: 'PASSED' | 'FAILED' | 'SKIPPED';
  /** What is wrong, or why it was left out. */
  readonly reason: string | null;
}

export interface KitReport {
  readonly connector: string;
  readonly results: readonly KitResult[];
  /** Null where only some checks were run. */
  readonly coverage: ConnectorCoverage | null;
}

export interface KitOptions {
  readonly connector: Connector;
  readonly target: KitTarget;
  readonly seed?: string;
  /** How many invoices the simulated company has, about. */
  readonly size?: number;
  /** The names of the checks to run; absent: all. */
  readonly only?: readonly string[];
  /** One after the other, as each is done. */
  readonly onResult?: (result: KitResult) => void;
}

/** The instant at which the simulated company stands. */
const START = new Date('2026-03-10T15:00:00Z');
const SIZE = 60;

const CHECKS = [
  ...readingChecks,
  ...cursorChecks,
  ...momentChecks,
  ...comparingChecks,
  ...faultChecks,
  ...writingChecks,
  ...amountChecks,
  ...webhookChecks,
];

/** What `only` and a connector's `skips` may name. */
export const KIT_CHECKS: readonly string[] = CHECKS.map(({ name }) => name);

/** Every check has a company of its own: none depends on what another did. */
export async function runKit({ connector, target, seed = 'kit', size = SIZE, only, onResult }: KitOptions): Promise<KitReport> {
  const results: KitResult[] = [];
  for (const check of CHECKS.filter(({ name }) => only?.includes(name) ?? true)) {
    const { name, promise, area } = check;
    const skipped = connector.skips?.[name] ?? null;
    const outcome = skipped === null ? await runOne({ connector, target, seed: `${seed} ${name}`, size }, check) : { skipped };
    const result: KitResult = {
      name,
      promise,
      area,
      outcome: 'skipped' in outcome ? 'SKIPPED' : outcome.failure === null ? 'PASSED' : 'FAILED',
      reason: 'skipped' in outcome ? outcome.skipped : outcome.failure,
    };
    results.push(result);
    onResult?.(result);
  }
  const unknown = Object.keys(connector.skips ?? {}).filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) throw new Error(`${connector.name} skips what the kit has not: ${unknown.join(', ')}.`);
  const coverage = only ? null : await measured({ connector, target, seed, size }, results);
  return { connector: connector.name, results, coverage };
}

interface Running {
  readonly connector: Connector;
  readonly target: KitTarget;
  readonly seed: string;
  readonly size: number;
}

async function open({ connector, target, seed, size }: Running) {
  let now = START;
  const erp = await target.start({ seed, size, now: () => now });
  const setNow = erp.setNow.bind(erp);
  const harness = openHarness({
    connector,
    erp: Object.assign(erp, {
      setNow(to: Date) {
        now = to;
        setNow(to);
      },
    }),
    seed,
    now: () => now,
    functionalCurrency: erp.functionalCurrency ?? 'USD',
  });
  return harness;
}

async function runOne(
  running: Running,
  check: (typeof CHECKS)[number],
): Promise<{ readonly failure: string | null } | { readonly skipped: string }> {
  const harness = await open(running);
  try {
    const skipped = (await check.without?.(harness)) ?? null;
    if (skipped !== null) return { skipped };
    await check.run(harness);
    return { failure: null };
  } catch (error) {
    if (error instanceof KitFailure) return { failure: error.message };
    return { failure: wordsOf(error) };
  } finally {
    harness.close();
    await harness.erp.close();
  }
}

/** What is carried, found by reading all of it once and by writing some of each. */
async function measured(running: Running, results: readonly KitResult[]): Promise<ConnectorCoverage> {
  const harness = await open(running);
  try {
    const roundTrip = writingChecks.find(({ name }) => name === 'round trip');
    if (harness.connector.pushes.length > 0) await roundTrip?.run(harness).catch(() => {});
    return await coverageOf(harness, { pushes: harness.connector.pushes, results });
  } finally {
    harness.close();
    await harness.erp.close();
  }
}
