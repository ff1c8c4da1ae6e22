/** A view as SQL text: its definition, and the descriptions of it and of its columns. */

export interface ViewColumn {
  readonly name: string;
  readonly sql: string;
  readonly description: string;
}

export interface ReportingView {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ViewColumn[];
  /** The first table and the joins. */
  readonly from: readonly string[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statements that make it, also where it is there with fewer columns at its end. */
export function viewText({ name, description, columns, from }: ReportingView): string {
  const view = `reporting.${name}`;
  return [
    `create or replace view ${view} with (security_invoker = true) as`,
    `  select`,
    columns.map((column) => `    ${column.sql} as ${column.name}`).join(',\n'),
    `  from ${from.join('\n  ')};`,
    `comment on view ${view} is ${quoted(description)};`,
    ...columns.map((column) => `comment on column ${view}.${column.name} is ${quoted(column.description)};`),
  ].join('\n');
}
