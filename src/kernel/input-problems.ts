/**
 * Turns what a schema found wrong into one sentence per field that says what would be right.
 * Values that were sent are never repeated: they may be secret.
 */

/** One thing wrong with an input: `path` names the field, `['lines', '0', 'amount']`; `message` is one sentence. */
export interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** The part of a zod issue that is read here. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: unknown;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly origin?: unknown;
}

/** More than this helps nobody, and an answer has to stay small. */
const MAX_PROBLEMS = 50;

/**
 * @example problemsOf([{ code: 'custom', path: ['amount'], message: 'must be above zero' }]) // amount must be above zero.
 */
export function problemsOf(issues: readonly Issue[]): Problem[] {
  const problems = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: `${nameOf(path)} ${ruleOf(issue)}.` }];
    return (issue.keys ?? []).map((key) => {
      const at = [...path, key.slice(0, 60)];
      return { path: at, message: `${nameOf(at)} is not a field of this input: leave it out.` };
    });
  });
  return problems.slice(0, MAX_PROBLEMS);
}

function nameOf(path: readonly string[]): string {
  return path.length === 0 ? 'The input' : path.join('.');
}

/** Our own schemas say `must …`; the rest is for schemas that were written with zod alone. */
function ruleOf(issue: Issue): string {
  const text = issue.message.replace(/\.$/, '');
  if (text.startsWith('must ')) return text;
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : '';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[String(issue.expected)] ?? `of type ${String(issue.expected)}`}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values ?? [])}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unit}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}${unit}`;
    case 'invalid_union':
      return issue.options ? `must be ${oneOf(issue.options)}` : 'must have one of the forms that the schema allows';
    default:
      return `must be of the right form (${text})`;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a time',
  bigint: 'a whole number',
  record: 'an object',
};

/** @example oneOf(['A', 'B']) // 'A or B' */
export function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
