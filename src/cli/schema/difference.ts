/** Where two texts part: for a check that says more than that they differ. */

/** @example firstDifference('a\nb', 'a\nc') // ', from line 2 on:\n  is      b\n  must be c' */
export function firstDifference(before: string | null, after: string): string {
  if (before === null) return ': it is missing.';
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = now.findIndex((line, i) => line !== old[i]);
  const line = at < 0 ? now.length : at;
  return `, from line ${line + 1} on:\n  is      ${old[line] ?? '(the end)'}\n  must be ${now[line] ?? '(the end)'}`;
}
