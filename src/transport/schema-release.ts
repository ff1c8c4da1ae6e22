/** Whether the graph breaks clients of the last release without saying so: what breaks has to stand in the unreleased part of the change log. */
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

export interface SinceRelease {
  /** Changes that break clients and that the change log doesn't name, as sentences. */
  readonly unnamed: readonly string[];
  /** Those that it names. */
  readonly named: readonly string[];
  /** Changes that could surprise clients, such as a new value of an enum. */
  readonly dangerous: readonly string[];
}

export interface SchemaTexts {
  /** The graph of the last release. */
  readonly released: string;
  readonly now: string;
  readonly changeLog: string;
}

/** @example sinceRelease({ released, now, changeLog }).unnamed // ['Invoice.total was removed.'] */
export function sinceRelease({ released, now, changeLog }: SchemaTexts): SinceRelease {
  const [before, after] = [buildSchema(released), buildSchema(now)];
  const unreleased = oneLine(unreleasedPart(changeLog));
  const breaking = findBreakingChanges(before, after).map(({ description }) => description);
  const isNamed = (description: string) => unreleased.includes(oneLine(description));
  return {
    unnamed: breaking.filter((one) => !isNamed(one)),
    named: breaking.filter(isNamed),
    dangerous: findDangerousChanges(before, after).map(({ description }) => description),
  };
}

/** Parts under a heading that says "unreleased". */
function unreleasedPart(changeLog: string): string {
  return changeLog
    .split(/^(?=## )/m)
    .filter((part) => /^## .*unreleased/i.test(part))
    .join('\n');
}

/** However it is wrapped, marked as code or ended. */
const oneLine = (text: string): string => text.replaceAll('`', '').replaceAll(/\s+/g, ' ').replace(/\.$/, '');
