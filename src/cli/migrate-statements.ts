// Cuts a migration into its statements, so that an error can name the line of the one that failed.
// It only has to see semicolons that end a statement; Postgres judges the rest.

export interface SqlStatement {
  text: string;
  /** Of the statement's first character that isn't space or comment, from 1. */
  line: number;
}

/** What may hide a semicolon: E'' strings, strings, names, dollar quotes, comments. A bare `;` ends a statement. */
const tokens = /\be'(?:[^'\\]|\\.|'')*'|'[^']*'|"[^"]*"|\$(\w*)\$[^]*?\$\1\$|--[^\n]*|\/\*[^]*?\*\/|;/gi;
const leading = /^(?:\s|--[^\n]*|\/\*[^]*?\*\/)*/;

export function splitStatements(sql: string): SqlStatement[] {
  const ends = [...sql.matchAll(tokens)].filter(([token]) => token === ';').map(({ index }) => index + 1);
  const statements: SqlStatement[] = [];
  let start = 0;
  for (const end of [...ends, sql.length]) {
    const skipped = leading.exec(sql.slice(start, end))?.[0].length ?? 0;
    const text = sql.slice(start + skipped, end);
    if (text !== '' && text !== ';') statements.push({ text, line: lineAt(sql, start + skipped) });
    start = end;
  }
  return statements;
}

/** The line of the character at this offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
