/**
 * What a mutation's answer selects, and its hash: worked out once for each document whose selection has no variables, and never with the
 * field's own arguments, which may be as long as a request.
 */
import { type ASTNode, type FieldNode, type GraphQLResolveInfo, Kind, BREAK, visit } from 'graphql';
import { type PlannedField, planSelection } from './plan.ts';
import { selectionHash } from './selection-hash.ts';

export interface AnswerPlan {
  readonly plan: PlannedField;
  readonly hash: string;
}

/** By the node of a document, which is kept as long as the document. */
const plans = new WeakMap<FieldNode, AnswerPlan>();

export function answerPlan(info: GraphQLResolveInfo): AnswerPlan {
  const [node] = info.fieldNodes;
  const known = node && plans.get(node);
  if (known) return known;
  const plan = planSelection(info);
  const made = { plan, hash: selectionHash(plan) };
  // named twice, it would be another field with each operation of the document
  if (node && info.fieldNodes.length === 1 && !varies(info, node)) plans.set(node, made);
  return made;
}

function varies({ fragments }: GraphQLResolveInfo, { selectionSet }: FieldNode): boolean {
  const hasVariable = (from: ASTNode, seen: ReadonlySet<string>): boolean => {
    let isFound = false;
    visit(from, {
      [Kind.VARIABLE]: () => {
        isFound = true;
        return BREAK;
      },
      [Kind.FRAGMENT_SPREAD]: ({ name: { value } }) => {
        const fragment = fragments[value];
        if (!fragment || seen.has(value) || !hasVariable(fragment, new Set([...seen, value]))) return undefined;
        isFound = true;
        return BREAK;
      },
    });
    return isFound;
  };
  return selectionSet !== undefined && hasVariable(selectionSet, new Set());
}
