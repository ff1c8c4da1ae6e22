/** Any command as a mutation: its input type from its schema, its payload with userErrors, its answer from the read engine inside the transaction. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, Info, Mutation, Resolver } from 'type-graphql';
import { flag, optional, text } from '../kernel/input.ts';
import { inputType, payloadType, userErrors } from '../read/schema.ts';
import type { CommandDefinition, Problem } from './command.ts';
import type { GraphContext } from './context.ts';
import type { Outcome } from './outcome.ts';
import type { RunRequest } from './runner.ts';

export interface MutationOptions<C extends GraphContext = GraphContext> {
  /** The payload's field for the record; null when the command answers with none. */
  readonly field: string | null;
  /** Describes the secret that the payload shows once. */
  readonly secret?: string;
  /** What is wrong with an input that only the transport can tell; the command isn't run then. */
  problems?(input: Readonly<Record<string, unknown>>, context: C): readonly Problem[];
}

const upperFirst = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

export const IDEMPOTENCY_KEY = optional(text({ max: 200 })).describe(
  'A retry with the same key and input gets the first answer and has no second effect; kept for 7 days.',
);
export const DRY_RUN = optional(flag).describe('Does everything but keep it: shows what would come of it.');

/** The resolver class of one mutation. */
export function mutation<C extends GraphContext = GraphContext>(
  definition: CommandDefinition,
  { field, secret, problems }: MutationOptions<C>,
): Function {
  const { name, description, permission, record } = definition;
  // a command with a dry run of its own, of what goes on in the background, gets it as it is
  const hasOwnDryRun = 'dryRun' in definition.input.shape;
  const common = { idempotencyKey: IDEMPOTENCY_KEY, ...(hasOwnDryRun ? {} : { dryRun: DRY_RUN }) };
  const input = inputType(`${upperFirst(name)}Input`, definition.input.extend(common));
  const payload = payloadType(`${upperFirst(name)}Payload`, field === null ? null : record, {
    field,
    ...(secret === undefined ? {} : { secret }),
  });

  const takesInput = async (
    raw: Readonly<Record<string, unknown>>,
    context: GraphContext,
    info: GraphQLResolveInfo,
  ): Promise<unknown> => {
    const { idempotencyKey, dryRun, ...others } = raw;
    const values = hasOwnDryRun ? { ...others, dryRun } : others;
    const key = typeof idempotencyKey === 'string' ? idempotencyKey : context.idempotencyKey;
    const { principal, requestId, read, write } = context;
    const wrong = problems?.(values, context as C) ?? [];
    const request: RunRequest = {
      principal,
      requestId,
      idempotencyKey: key,
      dryRun: !hasOwnDryRun && dryRun === true,
      ...(field === null
        ? {}
        : {
            answer: {
              selectionHash: read.selectionHash(info),
              read: async (session, id) =>
                (await read.selected({ info, path: [field], record, id, principal, run: session })) ?? null,
              readAll: (session, asked) => read.selectedEach({ info, path: [field], record, asked, run: session }),
            },
          }),
    };
    const outcome: Outcome = wrong.length > 0 ? { ok: false, problems: wrong } : await write.run(definition, values, request);
    const shown = outcome.ok
      ? {
          ...(field === null ? {} : { [field]: outcome.answer }),
          ...(secret === undefined ? {} : { secret: outcome.secret }),
          userErrors: [],
        }
      : {
          ...(field === null ? {} : { [field]: null }),
          ...(secret === undefined ? {} : { secret: null }),
          userErrors: userErrors(outcome.problems),
        };
    return Object.assign(Object.create(payload.prototype as object) as object, shown);
  };

  @Resolver()
  class CommandResolver {
    @Extensions({ takesInput })
    @Mutation(() => payload, { name, description: `${description} Needs ${permission}.` })
    run(
      @Arg('input', () => input, { description: 'What is to be done.' }) raw: Record<string, unknown>,
      @Ctx() context: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<unknown> {
      return takesInput(raw, context, info);
    }
  }
  return CommandResolver;
}
