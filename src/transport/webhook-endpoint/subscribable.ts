/** Which events an endpoint can have, and what somebody has to be allowed to read for that: made of what the modules declare. */
import type { Principal } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { EventDefinition } from '../../outbox/event.ts';
import type { ReadRecord } from '../../read/catalogue.ts';

/** By the type of an event, the record that it happens to. */
export type Subscribable = ReadonlyMap<string, ReadRecord>;

/** What has no record that anybody can read has no event that anybody gets. */
export function subscribableOf(events: readonly EventDefinition[], records: readonly ReadRecord[]): Subscribable {
  const byName = new Map(records.map((record) => [record.name, record]));
  return new Map(
    events.flatMap(({ type, record: name }) => {
      const record = byName.get(name);
      return record ? [[type, record] as const] : [];
    }),
  );
}

const nounOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** `invoice.*` is every event of the noun, also those that are added later. @example typesOf(all, 'invoice.*') */
const typesOf = (all: Subscribable, pattern: string): readonly string[] =>
  pattern.endsWith('.*') ? [...all.keys()].filter((type) => nounOf(type) === nounOf(pattern)) : all.has(pattern) ? [pattern] : [];

/**
 * The kinds of record that the patterns are about.
 * @throws DomainError INVALID_INPUT naming the first that is no event
 */
function recordsOf(all: Subscribable, patterns: readonly string[]): readonly ReadRecord[] {
  const records = patterns.flatMap((pattern, i) => {
    const types = typesOf(all, pattern);
    if (types.length > 0) return types.flatMap((type) => all.get(type) ?? []);
    const near = typesOf(all, `${nounOf(pattern)}.*`);
    const choices =
      near.length > 0 ? near.join(', ') : [...new Set([...all.keys()].map((type) => `${nounOf(type)}.*`))].join(', ');
    const sentence = `eventTypes.${i} names no event. There are, for example: ${choices}; schema/events.json has them all.`;
    throw new DomainError('INVALID_INPUT', sentence, { path: ['eventTypes', String(i)] });
  });
  return [...new Set(records)];
}

export interface Wanted {
  readonly eventTypes: readonly string[];
  readonly legalEntityId: string | null;
  readonly customerId: string | null;
}

/**
 * Whoever sets up what is sent must be allowed to read all of it: nobody sends elsewhere what nobody shows them here.
 * @throws DomainError FORBIDDEN naming the permission; INVALID_INPUT for a filter through which nothing of a kind would ever come
 */
export function requireSight(
  { grants }: Pick<Principal, 'grants'>,
  all: Subscribable,
  { eventTypes, legalEntityId, customerId }: Wanted,
): void {
  for (const { name, resource } of recordsOf(all, eventTypes)) {
    const { permission, legalEntity, account, customer } = resource;
    const refuse = (path: string, of: string): never => {
      const sentence = `${path} lets no event of ${name} through, since none is of ${of}: leave it out, or make another endpoint for those.`;
      throw new DomainError('INVALID_INPUT', sentence, { path: [path] });
    };
    if (legalEntityId !== null && legalEntity === undefined) refuse('legalEntityId', 'a legal entity');
    if (customerId !== null && account === undefined && customer === undefined) refuse('customerId', 'a customer');
    const grant = grants.get(permission);
    const isWhole = grant === 'ALL' || (grant !== undefined && legalEntity === undefined);
    if (isWhole || (legalEntityId !== null && grant?.includes(legalEntityId))) continue;
    const where = grant === undefined ? 'which none of your roles gives' : 'which your roles give for some legal entities only';
    throw new DomainError('FORBIDDEN', `Events of ${name} need the permission ${permission}, ${where}.`, {
      details: { permission },
    });
  }
}
