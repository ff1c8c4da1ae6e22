/** `cashgraph import`: reads a file of customers, invoices or payments into the books; a second time it changes nothing. */
import { Argument, type Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { createIdSource } from '../kernel/ids.ts';
import { systemRandom } from '../kernel/random.ts';
import type { Platform } from '../platform.ts';
import { KINDS, type Kind } from '../transport/import-file/fields.ts';
import { formatOf, openSource, type SourceFile } from '../transport/import-file/file.ts';
import { type Mapping, resolveMapping, unmapped } from '../transport/import-file/mapping.ts';
import { PageWriter } from '../transport/import-file/page-writer.ts';
import { Unfit } from '../transport/import-file/unfit.ts';
import type { RunRequest } from '../write/runner.ts';
import { openDatabase, requireMigrated } from './database.ts';
import { EXIT, Failure, UsageError } from './failure.ts';
import { findLegalEntity, type LegalEntity, missingRates } from './import/place.ts';
import { openRefusalLog, refusalLine, type RefusalLog, type Summary } from './import/report.ts';
import { importRows } from './import/run.ts';
import { NOTHING, storedMapping } from './import/stored-mapping.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { openPlatform } from './open-platform.ts';
import { collected, configFor, type DataOptions, pairs, wholeNumber, withDataDir, withJson } from './options.ts';
import { findTenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

interface ImportOptions extends DataOptions {
  readonly map?: readonly string[];
  readonly mapping?: string;
  readonly currency?: string;
  readonly legalEntity?: string;
  readonly issuedDays?: number;
  readonly dateFormat?: string;
  readonly rate?: readonly string[];
  readonly tenant?: string;
  readonly report?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Fields:
  customers          number name country segment taxId email currency
  open-invoices      customer customerName number issuedOn dueOn amount currency reference terms
  settled-invoices   the same, and settledOn or daysLate
  payments           customer customerName number receivedOn amount currency reference invoice method
Headers that equal a field, or a usual other name of it, need no mapping.

Examples:
  cashgraph import settled-invoices paid.csv --currency USD --issued-days 30
  cashgraph import open-invoices open.csv --map customer=cust_number --map issuedOn=posting_date --rate CAD=0.7475
  cashgraph import payments bank.jsonl --mapping bank.yaml --report refused.jsonl

A mapping file:
  columns: { customer: cust_number, amount: total_open_amount }
  dates: M/D/YYYY
  defaults: { currency: USD }`;

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('read a CSV or JSONL file into the books; lines that are known already change nothing')
    .addArgument(new Argument('<kind>', 'what the file holds').choices(KINDS))
    .argument('<file>', 'CSV with a header (separated by , ; | or tabs) or JSONL (.jsonl, .ndjson), UTF-8')
    .option('--map <field=column>', 'which column holds a field; may be given several times', collected)
    .option('--mapping <file.yaml>', 'a file with columns:, dates: and defaults:')
    .option('--currency <code>', 'the currency of rows without one')
    .option('--legal-entity <code>', 'whose books the file belongs to (default: the only legal entity)')
    .option('--issued-days <days>', 'without an issue date: so many days before the due date', wholeNumber(0, 3_650))
    .option('--date-format <format>', 'how days are written, such as M/D/YYYY, D.M.YYYY or YYYYMMDD (default: YYYY-MM-DD)')
    .option(
      '--rate <currency=rate>',
      'sets an exchange rate to the currency of the books if there is none; may be given several times',
      collected,
    )
    .option('--tenant <slug>', 'the tenant (default: the only one, or demo)')
    .option('--report <file.jsonl>', 'write every refused line there');
  withJson(withDataDir(command)).addHelpText('after', EXAMPLES).action(importFile);
}

async function importFile(kind: Kind, path: string, options: ImportOptions): Promise<void> {
  const flags = pairs(options.map ?? [], '--map');
  const rates = pairs(options.rate ?? [], '--rate');
  const config = configFor(options);
  const { source, mapping } = await fit(kind, path, { ...options, flags });
  const done = await withLifetime(async (life) => {
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const tenant = await findTenant(database, options.tenant);
    const legalEntity = await findLegalEntity(database, tenant.id, options.legalEntity);
    const ratesToSet = await missingRates(database, { tenantId: tenant.id, legalEntity, flags: rates });
    const platform = await openPlatform({ config, database, life });
    const request = {
      principal: await platform.systemPrincipal(tenant.id),
      requestId: `import-${createIdSource(systemClock, systemRandom)()}`,
    };
    await setRates(platform, ratesToSet, request);
    say(
      `Reading ${path} as ${kind} of ${legalEntity.code}: ${[...mapping.columns].map(([field, column]) => (field === column ? field : `${field} = ${column}`)).join(', ')}.`,
    );
    const pageMaxCount = config.limits.chunkMaxCount;
    return readAll(kind, { life, platform, request, legalEntity, source, mapping, options, pageMaxCount });
  });
  if (done === undefined) {
    process.exitCode = EXIT.failed;
    return;
  }
  tell(path, { ...done, options });
}

/** The file and its mapping. @throws Failure, UsageError */
async function fit(
  kind: Kind,
  path: string,
  { flags, ...options }: ImportOptions & { readonly flags: ReadonlyMap<string, string> },
) {
  try {
    const source = await openSource({ path, name: path, format: formatOf(path) });
    const stored = options.mapping === undefined ? NOTHING : await storedMapping(options.mapping);
    const defaults = new Map([
      ...stored.defaults,
      ...(options.currency === undefined ? [] : [['currency', options.currency] as const]),
    ]);
    const named = new Map([...stored.columns, ...flags]);
    const dates = options.dateFormat ?? stored.dates;
    const mapping = resolveMapping({ kind, name: path, columns: source.columns, named, defaults, dates });
    const countsIssueDate = options.issuedDays !== undefined;
    if (!kind.endsWith('-invoices') && countsIssueDate) throw new UsageError('--issued-days is for invoices.');
    const name = unmapped(kind, mapping, countsIssueDate);
    if (name === undefined) return { source, mapping };
    throw new Failure(
      `${path} has no column for ${name}: give it with --map ${name}=<column>${REMEDIES[name] ?? ''}. Its columns are ${source.columns.join(', ')}.`,
    );
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    throw error.of === 'USE' ? new UsageError(error.message) : new Failure(error.message);
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  issuedOn: ', or count it back from the due date with --issued-days 30',
  currency: ', or give one for all rows with --currency USD',
};

async function setRates(platform: Platform, wanted: readonly unknown[], request: RunRequest): Promise<void> {
  for (const rate of wanted) {
    const outcome = await platform.write.run(platform.command('setExchangeRate'), rate, request);
    if (!outcome.ok) throw new Failure(outcome.problems.map(({ message }) => message).join(' '));
  }
}

interface Reading {
  readonly life: Lifetime;
  readonly platform: Platform;
  readonly request: RunRequest;
  readonly legalEntity: LegalEntity;
  readonly source: SourceFile;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly pageMaxCount: number;
}

async function readAll(kind: Kind, reading: Reading): Promise<{ summary: Summary; log: RefusalLog; isWhole: boolean }> {
  const { life, platform, request, legalEntity, source, mapping, options, pageMaxCount } = reading;
  const log = await openRefusalLog(options.report);
  try {
    const writer = new PageWriter({ engines: platform, legalEntity, kind });
    const summary = await importRows({
      kind,
      source,
      pageMaxCount,
      mapping,
      legalEntity,
      issuedDays: options.issuedDays ?? null,
      writer,
      request,
      log,
      signal: life.signal,
    });
    if (!life.signal.aborted) await platform.sealer.sealed();
    return { summary, log, isWhole: !life.signal.aborted };
  } finally {
    await log.close();
  }
}

function tell(
  path: string,
  { summary, log, isWhole, options }: { summary: Summary; log: RefusalLog; isWhole: boolean; options: ImportOptions },
): void {
  if (options.json) printJson({ file: path, isWhole, ...summary, refusedLines: log.shown });
  else {
    for (const refusal of log.shown) print(refusalLine(refusal));
    if (summary.refused > log.shown.length && options.report === undefined)
      print('… give --report refused.jsonl for all of them');
    const { read, new: isNew, unchanged, refused, customersChanged, seconds, rowsPerSecond, peakMemoryMb } = summary;
    print(
      table(
        ['read', 'new', 'unchanged', 'refused', 'customers', 'seconds', 'rows/s', 'peak MB'],
        [[read, isNew, unchanged, refused, customersChanged, seconds, rowsPerSecond, peakMemoryMb]],
      ),
    );
  }
  if (!isWhole) say('Stopped before the end: the same command goes on from here, since known lines change nothing.');
  process.exitCode = isWhole && summary.refused === 0 ? EXIT.ok : EXIT.failed;
}
