/** Who may read the schema through the API. It is asked for each operation, since validated documents are kept for everybody. */
import { type DocumentNode, visit } from 'graphql';
import { may, type Principal } from '../access/principal.ts';
import type { Config } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';

/** `_service` answers with the whole schema as text, for composition into a supergraph. */
const SCHEMA_FIELDS = new Set(['__schema', '__type', '_service']);
const known = new WeakMap<DocumentNode, boolean>();

/** @throws DomainError INTROSPECTION_DISABLED when the document asks for the schema and this principal may not see it. */
export function checkIntrospection(document: DocumentNode, principal: Principal, config: Pick<Config, 'introspection'>): void {
  if (config.introspection === 'on' || !asksForSchema(document)) return;
  if (config.introspection === 'permission' && may(principal, 'schema:introspect')) return;
  const help =
    config.introspection === 'permission' ? 'It needs the permission schema:introspect.' : 'Use the published schema file.';
  throw new DomainError('INTROSPECTION_DISABLED', `Introspection is switched off on this server. ${help}`);
}

function asksForSchema(document: DocumentNode): boolean {
  const before = known.get(document);
  if (before !== undefined) return before;
  let asks = false;
  visit(document, {
    Field(node) {
      if (SCHEMA_FIELDS.has(node.name.value)) asks = true;
    },
  });
  known.set(document, asks);
  return asks;
}
