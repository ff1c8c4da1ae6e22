/**
 * Who asks, as far as a statement may know: what is allowed, and the row scope as a condition. In a template the values are known
 * later and only the shape is fixed, so that one text serves everybody of that shape and holds nobody's ids.
 */
import type { Permission } from '../access/policy.ts';
import { may, type Principal } from '../access/principal.ts';
import { type Resource, scopeOf } from '../access/scope.ts';
import type { Predicate, Scalar } from '../kernel/predicate.ts';
import type { Condition, Later, Maybe, Trace } from './later.ts';

export interface Asker {
  readonly isPortal: boolean;
  may(permission: Permission): boolean;
  /** The rows of a resource that may be seen. */
  scope(resource: Resource): Condition;
  /** For which legal entities a permission is given; null for none. */
  grant(permission: Permission): 'ALL' | Maybe<readonly string[]> | null;
}

/** For one statement of one principal. */
export const askerOf = (principal: Principal): Asker => ({
  isPortal: principal.portal !== null,
  may: (permission) => may(principal, permission),
  scope: (resource) => scopeOf(principal, resource),
  grant: (permission) => principal.grants.get(permission) ?? null,
});

/** For one statement of several principals with equal access: rows that are each login's own are out of reach. */
export const sharedAsker = (principal: Principal): Asker => ({
  ...askerOf(principal),
  scope(resource) {
    if (resource.own !== undefined) throw new Error(`${resource.name} is each actor's own, and several ask together`);
    return scopeOf(principal, resource);
  },
});

/** For a template: of the principal only the shape is used, which is part of its key (`shapeOf`). */
export function laterAsker(principal: Principal, trace: Trace): Asker {
  const known = askerOf(principal);
  return {
    ...known,
    scope: (resource) => laterScope(principal, resource, trace),
    grant(permission) {
      const grant = known.grant(permission);
      return grant === null || grant === 'ALL' ? grant : trace.later(({ principal: one }) => entitiesOf(one, permission));
    },
  };
}

function entitiesOf(principal: Principal, permission: Permission): readonly string[] {
  const grant = principal.grants.get(permission);
  if (grant === undefined || grant === 'ALL') throw new Error(`${permission} is granted otherwise than its template says.`);
  return grant;
}

const shapes = new WeakMap<Principal, string>();
/** A short name for each: as many as there are sets of roles. */
const names = new Map<string, string>();

/** All that a statement's text may depend on: which permissions are given, whether for all, and whether through the portal. */
export function shapeOf(principal: Principal): string {
  const known = shapes.get(principal);
  if (known !== undefined) return known;
  const { portal, grants } = principal;
  const size = (list: readonly string[]): string => (list.length === 0 ? '-' : '+');
  const granted = [...grants].map(([permission, grant]) => `${permission}${grant === 'ALL' ? '' : size(grant)}`).sort();
  const seen = portal ? `portal ${size(portal.customerIds)}${size(portal.accountIds)} ` : '';
  const full = `${seen}${granted.join(' ')}`;
  const shape = names.get(full) ?? `${names.size}`;
  names.set(full, shape);
  shapes.set(principal, shape);
  return shape;
}

interface Scope {
  /** The condition without its values. */
  readonly form: string;
  readonly values: readonly (Scalar | readonly Scalar[])[];
}

const scopes = new WeakMap<Principal, Map<Resource, Scope>>();

function scopeValues(principal: Principal, resource: Resource): Scope {
  const ofPrincipal = scopes.get(principal) ?? new Map<Resource, Scope>();
  scopes.set(principal, ofPrincipal);
  const known = ofPrincipal.get(resource);
  if (known) return known;
  const values: (Scalar | readonly Scalar[])[] = [];
  const take = (value: Scalar | readonly Scalar[]): number => values.push(value) - 1;
  const made = { form: JSON.stringify(replaced<number, number>(scopeOf(principal, resource), take, take)), values };
  ofPrincipal.set(resource, made);
  return made;
}

/** The row scope with values that are known later. Whoever's scope has another form than the template's can't be bound to it. */
function laterScope(principal: Principal, resource: Resource, trace: Trace): Condition {
  const { form } = scopeValues(principal, resource);
  let count = 0;
  const valueOf = <T>(): Later<T> => {
    const at = count++;
    return trace.later(({ principal: one }) => {
      const scope = scopeValues(one, resource);
      if (scope.form !== form) throw new Error(`The scope of ${resource.name} has another form than its template.`);
      return scope.values[at] as T;
    });
  };
  return replaced(
    scopeOf(principal, resource),
    () => valueOf<Scalar>(),
    () => valueOf<readonly Scalar[]>(),
  );
}

/** The same condition with something else in the place of each value, from left to right. */
function replaced<One, Many>(
  predicate: Predicate,
  one: (value: Scalar) => One,
  many: (values: readonly Scalar[]) => Many,
): Predicate<One, Many> {
  switch (predicate.op) {
    case 'true':
    case 'false':
    case 'isNull':
      return predicate;
    case 'and':
    case 'or':
      return { op: predicate.op, of: predicate.of.map((part) => replaced(part, one, many)) };
    case 'not':
      return { op: 'not', of: replaced(predicate.of, one, many) };
    case 'some':
      return { ...predicate, of: replaced(predicate.of, one, many) };
    case 'in':
    case 'notIn':
      return { ...predicate, values: many(predicate.values) };
    default:
      return { ...predicate, value: one(predicate.value) };
  }
}
