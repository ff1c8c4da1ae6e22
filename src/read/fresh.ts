/**
 * `@requireFresh`: a record is read anew from the ERP that it comes from, before it is answered, when what is known of it is older than
 * the caller bears. Here are its declaration and where it may stand; who asks the ERP is handed in with the context.
 */
import {
  type ASTVisitor,
  DirectiveLocation,
  getDirectiveValues,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLError,
  GraphQLNonNull,
  type GraphQLResolveInfo,
  type ValidationContext,
} from 'graphql';
import { DurationScalar } from './scalars.ts';

export const FRESH_MIN_MS = 10_000;
export const FRESH_MAX_COUNT = 20;

export const requireFreshDirective = new GraphQLDirective({
  name: 'requireFresh',
  description: `Reads the record anew from the ERP that it comes from, if that was longer ago than \`within\`; all of one operation together, ${FRESH_MAX_COUNT} records at most. It stands on fields that give one record and take \`externalRef\`. A record that no ERP knows is as fresh as can be. Where the ERP can't be asked in time, the field is an error of the code SOURCE_STALE, unless \`orStale\` is true: then the record is answered as it is known, and its \`source\` says how old that is. Needs the permission \`sources:refresh\`.`,
  locations: [DirectiveLocation.FIELD],
  args: {
    within: {
      type: new GraphQLNonNull(DurationScalar),
      description: `How old it may be, such as PT5M; ${FRESH_MIN_MS / 1_000} seconds at least.`,
    },
    orStale: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: false,
      description: 'Answer what is known where the ERP can not be asked, rather than an error.',
    },
  },
});

/** What the field asks for; null without the directive. */
export function freshOf({ fieldNodes, variableValues }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'variableValues'>): {
  readonly withinMs: number;
  readonly orStale: boolean;
} | null {
  const asked: Readonly<Record<string, unknown>>[] = [];
  for (const node of fieldNodes) {
    const values = getDirectiveValues(requireFreshDirective, node, variableValues);
    if (values) asked.push(values);
  }
  if (asked.length === 0) return null;
  return {
    withinMs: Math.min(...asked.map((one) => Number(one['within']))),
    orStale: asked.every((one) => one['orStale'] === true),
  };
}

/** A directive that nothing heeds would be a promise broken in silence. */
export function freshnessRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (!node.directives?.some(({ name }) => name.value === requireFreshDirective.name)) return;
      const isRoot = context.getParentType() === context.getSchema().getQueryType();
      if (isRoot && context.getFieldDef()?.args.some(({ name }) => name === 'externalRef')) return;
      const sentence = `@requireFresh can't stand on ${node.name.value}: it stands on fields of the query that give one record and take externalRef, such as invoice.`;
      context.reportError(new GraphQLError(sentence, { nodes: node }));
    },
  };
}
