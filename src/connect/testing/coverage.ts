/** The coverage of a connector as the kit found it: per stream which fields are read, which are written, how changes are told. */
import type { Push } from '../connector.ts';
import { carriedOf } from './carried.ts';
import type { Harness } from './harness.ts';

export interface FieldCoverage {
  readonly field: string;
  /** It was met in what was read. */
  readonly isRead: boolean;
  /** What was written came back the same; null: it was never written. */
  readonly isWritten: boolean | null;
}

export interface StreamCoverage {
  readonly stream: string;
  readonly kind: string;
  readonly description: string;
  readonly deletes: 'TOLD' | 'BY_COMPARISON';
  readonly writes: readonly string[];
  readonly counts: boolean;
  readonly fields: readonly FieldCoverage[];
}

export interface ConnectorCoverage {
  readonly connector: string;
  readonly title: string;
  readonly webhooks: boolean;
  readonly balances: boolean;
  readonly invoicePdf: boolean;
  readonly streams: readonly StreamCoverage[];
  readonly checks: readonly {
    readonly name: string;
    readonly promise: string;
    readonly outcome: string;
    readonly reason: string | null;
  }[];
}

interface Found {
  readonly pushes: readonly Push[];
  readonly results: ConnectorCoverage['checks'];
}

export async function coverageOf(harness: Harness, { pushes, results }: Found): Promise<ConnectorCoverage> {
  const { connector } = harness;
  const streams: StreamCoverage[] = [];
  for (const stream of connector.streams) {
    const push = pushes.find((one) => one.stream === stream.name);
    const { carried, lost } = push ? carriedOf(harness, push.kind).result() : { carried: [], lost: [] };
    const read = await fieldsRead(harness, stream.name);
    const names = [...new Set([...read, ...carried, ...lost])].sort();
    streams.push({
      stream: stream.name,
      kind: stream.kind,
      description: stream.description,
      deletes: stream.needsKeyComparison ? 'BY_COMPARISON' : 'TOLD',
      writes: push?.commands ?? [],
      counts: stream.count !== undefined,
      fields: names.map((field) => ({
        field,
        isRead: read.has(field),
        isWritten: carried.includes(field) ? true : lost.includes(field) ? false : null,
      })),
    });
  }
  return {
    connector: connector.name,
    title: connector.title,
    webhooks: connector.webhooks !== undefined,
    balances: connector.balances !== undefined,
    invoicePdf: connector.invoicePdf !== undefined,
    streams,
    checks: results.map(({ name, promise, outcome, reason }) => ({ name, promise, outcome, reason })),
  };
}

async function fieldsRead(harness: Harness, stream: string): Promise<ReadonlySet<string>> {
  const { records } = await harness.readAll(stream, { mode: 'FULL' });
  const fields = new Set<string>();
  for (const record of records.values()) {
    if (record.isDeleted) continue;
    const made = harness.assemble(stream, record);
    if (made.ok) addFields(made.document, '', fields);
  }
  return fields;
}

function addFields(value: unknown, path: string, fields: Set<string>): void {
  if (Array.isArray(value)) for (const part of value) addFields(part, `${path}[]`, fields);
  else if (value !== null && typeof value === 'object')
    for (const [name, part] of Object.entries(value)) addFields(part, path === '' ? name : `${path}.${name}`, fields);
  else if (value !== undefined) fields.add(path);
}

/** As `coverage.json` of the connector's folder has it: lists of words stand on one line. */
export const coverageText = (coverage: ConnectorCoverage): string =>
  `${JSON.stringify(coverage, null, 2).replaceAll(/\[\s+("[^"[\]]*"(?:,\s+"[^"[\]]*")*)\s+\]/g, (_, words: string) => `[${words.replaceAll(/\s+/g, ' ')}]`)}\n`;

const mark = (isSo: boolean | null): string => (isSo === null ? '' : isSo ? '✓' : '–');

/** As Markdown, for `schema/coverage.md`. */
export function coverageTable(all: readonly ConnectorCoverage[]): string {
  const parts = all.map((one) => {
    const checks = one.checks.map(
      ({ name, promise, outcome, reason }) => `| ${name} | ${promise} | ${outcome.toLowerCase()}${reason ? `: ${reason}` : ''} |`,
    );
    const streams = one.streams.map((stream) =>
      [
        `### ${one.title}: \`${stream.stream}\` → ${stream.kind}`,
        '',
        stream.description,
        '',
        `Deletes: ${stream.deletes === 'TOLD' ? 'told by the ERP' : 'found by comparing ids'} · writes: ${stream.writes.join(', ').toLowerCase() || 'none'} · counted there: ${stream.counts ? 'yes' : 'no'}`,
        '',
        '| field | read | written and read back |',
        '| --- | --- | --- |',
        ...stream.fields.map(({ field, isRead, isWritten }) => `| \`${field}\` | ${mark(isRead)} | ${mark(isWritten)} |`),
        '',
      ].join('\n'),
    );
    return [
      `## ${one.title}`,
      '',
      `Webhooks: ${one.webhooks ? 'yes' : 'no'} · balances for reconciliation: ${one.balances ? 'yes' : 'no'} · invoice as PDF: ${one.invoicePdf ? 'yes' : 'no'}`,
      '',
      '| check | promise | outcome |',
      '| --- | --- | --- |',
      ...checks,
      '',
      ...streams,
    ].join('\n');
  });
  return [
    '# What each connector covers',
    '',
    'Made by the conformance kit from what it saw; never written by hand. A field that is neither read nor written is not in the tables.',
    '',
    ...parts,
  ].join('\n');
}
