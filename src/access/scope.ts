/**
 * Row scope: which rows of a resource a principal may see or touch, as a predicate value. It is the one place that decides
 * this. Four interpreters use it: SQL (the read compiler, on every table of a statement), the write guard over every row
 * that a command writes, `matches` for live events, and MikroORM's filter for cold forms. Row-level security is the second wall.
 */
import { and, eq, FALSE, isIn, notIn, or, type Predicate } from '../kernel/predicate.ts';
import type { Permission } from './policy.ts';
import type { Principal } from './principal.ts';

/** A kind of row and where its owners stand in it. Names are those of the entity's properties. */
export interface Resource {
  readonly name: string;
  /** Needed to see any row of it. */
  readonly permission: Permission;
  readonly legalEntity?: string;
  readonly account?: string;
  /** A second account whose holder may see it too: the payer of an allocation. */
  readonly otherAccount?: string;
  readonly customer?: string;
  /** Rows that portal users never see, whosever they are: drafts. */
  readonly portalHides?: { readonly field: string; readonly values: readonly string[] };
  /** Has no account, yet portal users may see every row of the tenant (payment terms), or only their own (`actor`). */
  readonly portal?: 'ALL' | { readonly actor: string };
  /** Names the actor to whom alone a row shows, portal user or not. */
  readonly own?: string;
}

/** The rows of `resource` that `principal` may reach with `permission` (reading, unless told). */
export function scopeOf(principal: Principal, resource: Resource, permission: Permission = resource.permission): Predicate {
  const grant = principal.grants.get(permission);
  if (grant === undefined) return FALSE;
  const ofTenant = eq('tenantId', principal.tenantId);
  const ofEntity = grant === 'ALL' || !resource.legalEntity ? [] : [isIn(resource.legalEntity, grant)];
  const hidden = principal.portal && resource.portalHides ? [notIn(resource.portalHides.field, resource.portalHides.values)] : [];
  return and(ofTenant, ...ofEntity, ...ofOwn(principal, resource), ...ofPortal(principal, resource), ...hidden);
}

/** Cashgraph itself works on everybody's. */
const ofOwn = ({ kind, actorId }: Principal, { own }: Resource): Predicate[] =>
  own === undefined || kind === 'SYSTEM' ? [] : [eq(own, actorId)];

function ofPortal({ portal, actorId }: Principal, resource: Resource): Predicate[] {
  if (!portal || resource.portal === 'ALL' || resource.own !== undefined) return [];
  if (resource.account && resource.otherAccount) {
    return [or(isIn(resource.account, portal.accountIds), isIn(resource.otherAccount, portal.accountIds))];
  }
  if (resource.account) return [isIn(resource.account, portal.accountIds)];
  if (resource.customer) return [isIn(resource.customer, portal.customerIds)];
  if (resource.portal) return [eq(resource.portal.actor, actorId)];
  return [FALSE];
}
