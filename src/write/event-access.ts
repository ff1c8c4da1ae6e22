/** Who may see an event: the same row scope as for queries, asked of what the event itself says of its owners. */
import type { Principal } from '../access/principal.ts';
import { scopeOf } from '../access/scope.ts';
import { FALSE, matches, type Predicate } from '../kernel/predicate.ts';
import type { SealedEvent } from '../outbox/event.ts';
import type { ReadRecord } from '../read/catalogue.ts';

/**
 * May a principal see an event? By the row scope of the record that it happened to, with the owners that the event names. What a
 * portal user sees because the whole tenant may (products, terms, legal entities) it sees as it is: how the company came to it,
 * with figures that the record itself withholds, is not its business.
 */
export function acceptsEvent(principal: Principal, records: ReadonlyMap<string, ReadRecord>): (event: SealedEvent) => boolean {
  const scopes = new Map<string, Predicate>();
  const scopeOfKind = (kind: string): Predicate => {
    const record = records.get(kind);
    if (!record) return FALSE;
    const { name, permission, legalEntity, account, customer, portalHides, own } = record.resource;
    return scopeOf(principal, {
      name,
      permission,
      ...(legalEntity ? { legalEntity: 'legalEntityId' } : {}),
      ...(account ? { account: 'accountId' } : {}),
      ...(customer ? { customer: 'customerId' } : {}),
      ...(portalHides ? { portalHides: { ...portalHides, field: 'hidden' } } : {}),
      ...(own ? { own: 'own' } : {}),
    });
  };
  // what the event says of that field, else the step after it: an unissued document's status is its lifecycle
  const hiddenBy = ({ recordKind, payload }: SealedEvent) => {
    const field = records.get(recordKind)?.resource.portalHides?.field;
    return payload[field ?? ''] ?? payload['to'] ?? null;
  };
  return (event) => {
    const scope = scopes.get(event.recordKind) ?? scopeOfKind(event.recordKind);
    scopes.set(event.recordKind, scope);
    const { tenantId, legalEntityId, accountId, customerId } = event;
    const own = event.payload[records.get(event.recordKind)?.resource.own ?? ''] ?? null;
    return matches(scope, { tenantId, legalEntityId, accountId, customerId, own, hidden: hiddenBy(event) });
  };
}
