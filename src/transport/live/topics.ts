/**
 * Finds the groups that an event can be for without asking all of them: each is listed under the narrowest thing that it asks for.
 * What it finds is a superset: whether a group gets the event is decided by its filter and its access.
 */
import type { Principal } from '../../access/principal.ts';
import type { SealedEvent } from '../../outbox/event.ts';
import type { EventFilter } from '../../outbox/event-filter.ts';

/** A portal user sees only what is on its accounts, about its customers, or its own; what is its own names neither. */
export function topicsOf(filter: EventFilter, portal: Principal['portal']): readonly string[] {
  const { recordId, accountId, customerId, types, recordKinds } = filter;
  if (recordId !== undefined) return [`r${recordId}`];
  if (accountId !== undefined) return [`a${accountId}`];
  if (customerId !== undefined) return [`c${customerId}`];
  if (portal) return ['o', ...portal.accountIds.map((id) => `a${id}`), ...portal.customerIds.map((id) => `c${id}`)];
  if (types) return types.map((type) => `t${type}`);
  if (recordKinds) return recordKinds.map((kind) => `k${kind}`);
  return ['*'];
}

function topicsOfEvent({ recordId, accountId, customerId, holderId, type, recordKind }: SealedEvent): readonly string[] {
  const topics = [`r${recordId}`, `t${type}`, `k${recordKind}`, '*'];
  if (accountId !== null) topics.push(`a${accountId}`);
  if (customerId !== null) topics.push(`c${customerId}`);
  if (holderId !== null) topics.push(`c${holderId}`);
  if (accountId === null && customerId === null) topics.push('o');
  return topics;
}

export class Topics<Group> {
  readonly #groups = new Map<string, Set<Group>>();

  add(group: Group, topics: readonly string[]): void {
    for (const topic of topics) {
      const groups = this.#groups.get(topic) ?? new Set();
      this.#groups.set(topic, groups.add(group));
    }
  }

  delete(group: Group, topics: readonly string[]): void {
    for (const topic of topics) {
      const groups = this.#groups.get(topic);
      groups?.delete(group);
      if (groups?.size === 0) this.#groups.delete(topic);
    }
  }

  /** Calls with each group that the event can be for; more than once, where more than one topic leads to it. */
  find(event: SealedEvent, call: (group: Group) => void): void {
    for (const topic of topicsOfEvent(event)) this.#groups.get(topic)?.forEach(call);
  }
}
