/** Any command as a mutation for many inputs at once: what came of each stands beside it, in the order of the inputs. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, Info, Mutation, Resolver } from 'type-graphql';
import { list, object } from '../kernel/input.ts';
import { BY_KEY } from '../read/field-resolver.ts';
import type { SelectedAll } from '../read/engine.ts';
import { bulkPayloadType, inputType, userErrors } from '../read/schema.ts';
import { BULK_MAX_COUNT, type BulkOutcome } from './bulk.ts';
import type { CommandDefinition } from './command.ts';
import type { GraphContext } from './context.ts';
import { DRY_RUN, IDEMPOTENCY_KEY } from './mutation.graphql.ts';

export interface BulkOptions {
  /** The mutation's name: `bulkPlaceOrders`. */
  readonly name: string;
  /** The field of a result with the record. */
  readonly field: string;
}

const upperFirst = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
const RESULTS = 'results';
/** Counted in the cost of the operation for each item. */
const ITEM_COST = 10;

/** The resolver class of one bulk mutation. */
export function bulkMutation(definition: CommandDefinition, { name, field }: BulkOptions): Function {
  const { permission, record } = definition;
  const title = upperFirst(name);
  const item = definition.input
    .extend({ idempotencyKey: IDEMPOTENCY_KEY })
    .meta({ graphql: `${title}ItemInput`, description: `What ${definition.name} takes, and a key of its own.` });
  const input = inputType(
    `${title}Input`,
    object(`${title}Input`, {
      items: list(item, { max: BULK_MAX_COUNT }).describe(`What is to be done, ${BULK_MAX_COUNT} at most; each by itself.`),
      idempotencyKey: IDEMPOTENCY_KEY,
      dryRun: DRY_RUN,
    }),
  );
  const { payload, result } = bulkPayloadType(title, { record, field, list: RESULTS });

  /** Under each response name of the list a list of its own, since each may ask for other fields of the records. */
  const shown = (outcome: BulkOutcome): object => {
    if (!outcome.ok) return { [RESULTS]: [], userErrors: userErrors(outcome.problems, []) };
    const { results, answer } = outcome;
    const lists = Object.entries(answer as SelectedAll).map(([key, records]) => [
      key,
      results.map(({ recordId, problems }, index) =>
        Object.assign(new result(), {
          index,
          [field]: recordId === null ? null : (records?.[recordId] ?? null),
          userErrors: userErrors(problems, ['items', String(index)]),
        }),
      ),
    ]);
    return { [RESULTS]: { [BY_KEY]: Object.fromEntries(lists) as object }, userErrors: [] };
  };

  const takesInput = async (
    raw: BulkInput,
    { principal, requestId, idempotencyKey, read, write }: GraphContext,
    info: GraphQLResolveInfo,
  ): Promise<unknown> => {
    const outcome = await write.runBulk(definition, raw.items.map(withoutKey), {
      operation: name,
      principal,
      requestId,
      idempotencyKey: raw.idempotencyKey ?? idempotencyKey,
      dryRun: raw.dryRun === true,
      keys: new Map(raw.items.flatMap((one, i) => (typeof one.idempotencyKey === 'string' ? [[i, one.idempotencyKey]] : []))),
      answer: {
        selectionHash: read.selectionHash(info),
        read: (session, ids) => read.selectedAll({ info, path: [RESULTS], field, record, ids, principal, run: session }),
      },
    });
    return Object.assign(new payload(), shown(outcome));
  };

  @Resolver()
  class BulkResolver {
    @Extensions({ complexity: ITEM_COST, costPer: 'input.items', takesInput })
    @Mutation(() => payload, {
      name,
      description: `${definition.name} for up to ${BULK_MAX_COUNT} inputs at once, in one transaction; one that is refused leaves the others alone. Needs ${permission}.`,
    })
    run(
      @Arg('input', () => input, { description: 'What is to be done.' }) raw: BulkInput,
      @Ctx() context: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<unknown> {
      return takesInput(raw, context, info);
    }
  }
  return BulkResolver;
}

interface BulkInput {
  readonly items: readonly { readonly idempotencyKey?: string | null }[];
  readonly idempotencyKey?: string | null;
  readonly dryRun?: boolean | null;
}

const withoutKey = ({ idempotencyKey: _, ...input }: BulkInput['items'][number]): unknown => input;
