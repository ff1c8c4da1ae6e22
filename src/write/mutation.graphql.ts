/** Any command as a mutation: its input type from its schema, its payload with userErrors, its answer from the read engine inside the transaction. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { flag, optional, text } from '../kernel/input.ts';
import { inputType, payloadType, userError } from '../read/schema.ts';
import type { CommandDefinition } from './command.ts';
import type { GraphContext } from './context.ts';

export interface MutationOptions {
  /** The payload's field for the record; null when the command answers with none. */
  readonly field: string | null;
  /** Describes the secret that the payload shows once. */
  readonly secret?: string;
}

const upperFirst = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const common = {
  idempotencyKey: optional(text({ max: 200 })).describe(
    'A retry with the same key and input gets the first answer and has no second effect; kept for 7 days.',
  ),
  dryRun: optional(flag).describe('Does everything but keep it: shows what would come of it.'),
};

/** The resolver class of one mutation. */
export function mutation(definition: CommandDefinition, { field, secret }: MutationOptions): Function {
  const { name, description, permission, record } = definition;
  const input = inputType(`${upperFirst(name)}Input`, definition.input.extend(common));
  const payload = payloadType(`${upperFirst(name)}Payload`, field === null ? null : record, {
    field,
    ...(secret === undefined ? {} : { secret }),
  });

  @Resolver()
  class CommandResolver {
    @Mutation(() => payload, { name, description: `${description} Needs ${permission}.` })
    async run(
      @Arg('input', () => input, { description: 'What is to be done.' }) raw: Record<string, unknown>,
      @Ctx() context: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<unknown> {
      const { idempotencyKey, dryRun, ...values } = raw;
      const key = typeof idempotencyKey === 'string' ? idempotencyKey : context.idempotencyKey;
      const { principal, requestId, read, write } = context;
      const outcome = await write.run(definition, values, {
        principal,
        requestId,
        idempotencyKey: key,
        dryRun: dryRun === true,
        ...(field === null
          ? {}
          : {
              answer: {
                selectionHash: read.selectionHash(info),
                read: async (session, id) =>
                  (await read.selected({ info, path: [field], record, id, principal, run: session })) ?? null,
              },
            }),
      });
      const shown = outcome.ok
        ? {
            ...(field === null ? {} : { [field]: outcome.answer }),
            ...(secret === undefined ? {} : { secret: outcome.secret }),
            userErrors: [],
          }
        : {
            ...(field === null ? {} : { [field]: null }),
            ...(secret === undefined ? {} : { secret: null }),
            userErrors: outcome.problems.map((p) => userError({ ...p, path: ['input', ...p.path] })),
          };
      return Object.assign(Object.create(payload.prototype as object) as object, shown);
    }
  }
  return CommandResolver;
}
