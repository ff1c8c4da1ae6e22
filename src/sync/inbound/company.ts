/** Which legal entity a document is of: the one that is the company that it names. What is of a company that isn't served is no business of ours. Pure. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { OpenConnection, ServedEntity } from '../engine.ts';

/** The legal entity, or why there is none; neither: it is of a company that isn't served. */
export type Placed =
  | { readonly entity: ServedEntity; readonly problem?: never }
  | { readonly problem: string; readonly entity?: never }
  | { readonly entity?: never; readonly problem?: never };

/** All companies of an ERP have the same ones. */
export const OF_ALL: ReadonlySet<CanonicalKind> = new Set(['Terms', 'Product']);

export const companyOf = (document: Canonical): string | null =>
  'legalEntity' in document ? (document.legalEntity ?? null) : null;

/** @throws DomainError NOT_CONFIGURED */
export function placeOf(kind: CanonicalKind, document: Canonical, { entities, name }: OpenConnection): Placed {
  const [only, ...others] = entities;
  if (!only) throw new DomainError('NOT_CONFIGURED', `${name} serves no legal entity yet: say which one's books it holds.`);
  if (OF_ALL.has(kind)) return { entity: only };
  const company = companyOf(document);
  if (company === null) {
    if (others.length === 0) return { entity: only };
    return {
      problem: `It names no company, and ${name} serves several legal entities: its connector has to say whose books it is in.`,
    };
  }
  const entity = entities.find((one) => one.externalId === company);
  if (entity) return { entity };
  if (only.externalId !== null) return {};
  return {
    problem: `It is in the books of the company ${company}, and nobody has said which company of ${name} is ${only.code}: updateConnection says so by legalEntities.`,
  };
}
