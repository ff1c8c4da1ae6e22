/** Lines and tables for people. The standard output belongs to a command's answer; whatever else is said goes to stderr. */

/** A line beside the answer: progress, remarks, errors. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A line of the answer. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The answer for machines. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Columns as wide as their widest value; numbers stand at the right. @example table(['a'], [['x']]) */
export function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)));
  const widths = heads.map((head, i) => Math.max(head.length, ...texts.map((row) => row[i]?.length ?? 0)));
  const isRight = heads.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isRight[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((w) => '-'.repeat(w))), ...texts.map(line)].join('\n');
}
