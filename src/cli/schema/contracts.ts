/** The contracts with others as files: events, errors, machines, postings, access. Each is made from the modules' rows alone. */
import { ROLES } from '../../access/policy.ts';
import { ERROR_CODES, type ErrorCodeRow, type ErrorKind } from '../../kernel/error-codes.ts';
import { mermaid } from '../../kernel/machine.ts';
import type { ReadRecord } from '../../read/catalogue.ts';
import type { Module } from '../../write/module.ts';
import { markdownTable, page } from './markdown.ts';

const NOTE = 'Made by `cashgraph schema`; do not edit.';
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One JSON schema for each version of each event's payload. */
export function eventsJson(modules: readonly Module[]): string {
  const events = modules.flatMap((module) => module.events).toSorted((a, b) => byName(a.type, b.type) || a.version - b.version);
  const shapes: Record<string, Record<string, unknown>> = {};
  for (const { type, version, record, description, payload } of events) {
    const { $schema: _, ...schema } = payload.toJSONSchema();
    shapes[type] = { ...shapes[type], [version]: { record, description, payload: schema } };
  }
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', description: NOTE, events: shapes }, null, 2)}\n`;
}

const KINDS: Readonly<Record<ErrorKind, string>> = {
  USER: 'Business refusals, shown as `userErrors` beside an empty result',
  REQUEST: 'The request itself is malformed or too big; nothing of it was run',
  AUTH: 'Who is asking, or what they may do',
  FAULT: 'Our side; the same request may work later',
};

export function errorsMd(): string {
  const rows = Object.entries<ErrorCodeRow>(ERROR_CODES);
  const sections = Object.entries(KINDS).map(([kind, title]) => {
    const ofKind = rows.filter(([, row]) => row.kind === kind).toSorted(([a], [b]) => byName(a, b));
    const lines = ofKind.map(([code, row]) => [
      `\`${code}\``,
      String(row.httpStatus),
      row.retryable ? 'yes' : 'no',
      row.cause,
      row.remedy,
    ]);
    return page(`## ${title}`, markdownTable(['code', 'HTTP status', 'try again', 'cause', 'remedy'], lines)).trimEnd();
  });
  return page(
    '# Error codes',
    `${NOTE} A code that clients have seen is never renamed. The code is in \`extensions.code\`, or in \`userErrors[].code\`.`,
    ...sections,
  );
}

export function machinesMd(modules: readonly Module[]): string {
  const machines = modules.flatMap((module) => module.machines).toSorted((a, b) => byName(a.record, b.record));
  const sections = machines.map((machine) => {
    const rows = machine.rows.map((row) => [
      row.on,
      row.from,
      row.to,
      row.when ?? '',
      row.emits.join(', '),
      row.observed ? 'observed' : '',
      row.description,
    ]);
    return page(
      `## ${machine.record}`,
      `\`\`\`mermaid\n${mermaid(machine).trimEnd()}\n\`\`\``,
      markdownTable(['action', 'from', 'to', 'when', 'emits', '', 'what it does'], rows),
    ).trimEnd();
  });
  return page('# Lifecycles', `${NOTE} What may happen to each record.`, ...sections);
}

export function postingsMd(modules: readonly Module[]): string {
  const rows = modules
    .flatMap((module) => module.postings)
    .map((rule) => [rule.on, rule.amount, rule.debit, rule.credit, rule.description]);
  return page(
    '# Postings',
    `${NOTE} What each event does to the books.`,
    markdownTable(['event', 'amount', 'debit', 'credit', 'why'], rows),
  );
}

export function accessMd(modules: readonly Module[], records: readonly ReadRecord[]): string {
  const policies = modules.flatMap((module) => module.policy).toSorted((a, b) => byName(a.permission, b.permission));
  const matrix = policies.map(({ permission, roles, description }) => [
    `\`${permission}\``,
    ...ROLES.map((role) => (roles.includes(role) ? '●' : '')),
    description,
  ]);
  const commands = modules
    .flatMap((module) => module.commands)
    .toSorted((a, b) => byName(a.name, b.name))
    .map(({ name, permission, description }) => [`\`${name}\``, `\`${permission}\``, description]);
  const sorted = records.toSorted((a, b) => byName(a.name, b.name));
  return page(
    '# Access',
    `${NOTE} Roles come from our tables, never from a token's claims.`,
    '## Permissions',
    markdownTable(['permission', ...ROLES, 'what it allows'], matrix),
    '## Commands',
    markdownTable(['command', 'needs', 'what it does'], commands),
    '## Rows',
    'Always of the own tenant. A role for named legal entities reaches their rows only; a portal user reaches rows of its customers only.',
    markdownTable(['record', 'needs', 'legal entity by', 'customer by', 'a portal user sees'], sorted.map(scopeRow)),
    '## Fields that need more',
    markdownTable(['field', 'needs'], sorted.flatMap(fieldRows)),
  );
}

function scopeRow({ name, resource, definition }: ReadRecord): readonly string[] {
  const { permission, legalEntity = '', account, otherAccount, customer, portal } = resource;
  const owners = [account, otherAccount, customer].filter((one) => one !== undefined);
  const seen = portal === 'ALL' ? 'all rows' : owners.length > 0 ? 'its own' : portal ? 'itself' : 'nothing';
  return [definition.root ? name : `${name} (through its root)`, `\`${permission}\``, legalEntity, owners.join(' or '), seen];
}

function fieldRows({ name, columns, definition }: ReadRecord): readonly (readonly string[])[] {
  const fields = [
    ...Object.values(columns).map(({ property, meta }) => [meta?.as ?? meta?.money?.as ?? property, meta?.permission] as const),
    ...Object.entries(definition.relations ?? {}).map(([field, { permission }]) => [field, permission] as const),
    ...Object.entries(definition.computed ?? {}).map(([field, { permission }]) => [field, permission] as const),
  ];
  return fields.flatMap(([field, permission]) => (permission === undefined ? [] : [[`${name}.${field}`, `\`${permission}\``]]));
}
