/**
 * Every operation is charged before it runs, over HTTP and sockets alike: refused when it could cost more than one operation may, else
 * taken from the budgets. Formulas are kept with the documents that they are of, so a known document costs a look-up and an evaluation.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Principal } from '../../access/principal.ts';
import type { Limits } from '../../config.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import type { Budgets, Throttle } from '../budget.ts';
import { costliest, type CostlyPart, valueOf, type Variables } from './formula.ts';
import { costOfOperation, type OperationCost } from './operation-cost.ts';

/** What `extensions.cost` of an answer holds. */
export interface ShownCost {
  readonly requested: number;
  readonly throttle: Throttle;
}

export interface Charged {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables | null | undefined;
}

export interface Charge {
  costOf(charged: Charged): number;
  /** @throws DomainError QUERY_TOO_COSTLY, RATE_LIMITED */
  operation(principal: Principal, charged: Charged): ShownCost;
  /** Refuses who has nothing left, before anything is read or looked up. @throws DomainError RATE_LIMITED */
  admit(principal: Principal): void;
  /** A document that isn't known here has to be read first, whether it is good or not. @throws DomainError RATE_LIMITED */
  newDocument(principal: Principal): void;
}

const NEW_DOCUMENT = 20;
const PARTS_SHOWN = 3;
const NO_VARIABLES: Variables = {};

interface ChargeOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Pick<Limits, 'queryMaxCost' | 'budgetPrincipalMaxCost' | 'budgetTenantMaxCost'>;
  readonly budgets: Budgets;
}

export function createCharge({ schema, limits, budgets }: ChargeOptions): Charge {
  // what no budget can ever hold is never said to be possible later
  const maxCost = Math.min(limits.queryMaxCost, limits.budgetPrincipalMaxCost, limits.budgetTenantMaxCost);
  const known = new WeakMap<OperationDefinitionNode, OperationCost>();
  const formulaOf = ({ document, operation }: Charged): OperationCost => {
    const before = known.get(operation);
    if (before) return before;
    const made = costOfOperation(schema, document, operation);
    known.set(operation, made);
    return made;
  };
  const costOf = (charged: Charged): number => valueOf(formulaOf(charged).total, variablesOf(charged));
  return {
    costOf,
    operation(principal, charged) {
      const requested = costOf(charged);
      if (requested > maxCost) {
        const parts = costliest(formulaOf(charged).parts, variablesOf(charged), PARTS_SHOWN);
        throw tooCostly(requested, maxCost, parts);
      }
      return { requested, throttle: budgets.spend(principal, requested) };
    },
    admit: (principal) => budgets.requireSome(principal),
    newDocument: (principal) => void budgets.spend(principal, Math.min(NEW_DOCUMENT, maxCost)),
  };
}

/** They aren't checked yet: GraphQL does that when the operation runs. */
const variablesOf = ({ variables }: Charged): Variables =>
  typeof variables === 'object' && variables !== null ? variables : NO_VARIABLES;

function tooCostly(cost: number, maxCost: number, parts: readonly CostlyPart[]): DomainError {
  const named = parts.map((part) => `${part.path} (${part.cost})`).join(', ');
  return new DomainError(
    'QUERY_TOO_COSTLY',
    `The operation could cost ${cost}, and at most ${maxCost} is allowed: ask for smaller pages or fewer nested lists. Most of it are ${named}.`,
    { details: { cost, maxCost, parts } },
  );
}

/** What an answer that was refused for its cost shows of the budget: the state of the bucket that was too empty. */
export function costIn(error: unknown): ShownCost | undefined {
  if (!isDomainError(error) || error.code !== 'RATE_LIMITED') return undefined;
  const { requested, throttle } = error.details as { readonly requested: number; readonly throttle: Throttle };
  return { requested, throttle };
}

/** The value of the header `Retry-After` that an error asks for. */
export function retryAfterIn(error: unknown): string | undefined {
  const seconds = isDomainError(error) ? error.details['retryAfterS'] : undefined;
  return typeof seconds === 'number' ? String(seconds) : undefined;
}
