/** What is asked of an ERP while somebody waits, in the graph. These are no commands: what comes of them is the ERP's, and they may be repeated at will. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Permission } from '../../access/policy.ts';
import { requirePermission } from '../../access/principal.ts';
import { DomainError, ERROR_CODES, isDomainError } from '../../kernel/errors.ts';
import { idOf, object, parseInput } from '../../kernel/input.ts';
import { inputType, payloadType, userErrors } from '../../read/schema.ts';
import { sql } from '../../read/sql.ts';
import type { Problem } from '../../write/command.ts';
import { invalidInput } from '../../write/outcome.ts';
import type { SyncContext } from '../context.ts';
import { retryErpRequest } from './erp-request.commands.ts';

type Input = ReturnType<typeof object>;

interface Operation {
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  readonly record: string;
  /** The payload's field for the record. */
  readonly field: string;
  readonly input: Input;
  /** Gives why it was refused; a refusal that is thrown is one as well. */
  run(id: string, context: SyncContext): Promise<readonly Problem[]>;
}

const upperFirst = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

function operation({ name, description, permission, record, field, input, run }: Operation): Function {
  const payload = payloadType(`${upperFirst(name)}Payload`, record, { field });
  const type = inputType(`${upperFirst(name)}Input`, input);

  @Resolver()
  class OperationResolver {
    @Mutation(() => payload, { name, description: `${description} Needs ${permission}.` })
    async run(
      @Arg('input', () => type, { description: 'What is to be done.' }) raw: Record<string, unknown>,
      @Ctx() context: SyncContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<object> {
      const { principal, read } = context;
      requirePermission(principal, permission);
      const parsed = parseInput(input, raw);
      const id = parsed.ok ? String(parsed.value['id']) : '';
      const problems = parsed.ok ? await refusalsOf(() => run(id, context)) : invalidInput(parsed.problems);
      const shown = parsed.ok ? await read.selected({ info, path: [field], record, id, principal }) : null;
      return Object.assign(Object.create(payload.prototype as object) as object, {
        [field]: shown ?? null,
        userErrors: userErrors(problems),
      });
    }
  }
  return OperationResolver;
}

/** What a person can act on is an answer; the rest is thrown on. */
async function refusalsOf(work: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await work();
  } catch (error) {
    if (!isDomainError(error) || ERROR_CODES[error.code].kind !== 'USER') throw error;
    return [{ code: error.code, message: error.message, path: error.inputPath ?? [] }];
  }
}

const which = ({ principal }: SyncContext, connectionId: string) => ({ tenantId: principal.tenantId, connectionId });

/** @throws NOT_FOUND */
async function visible(id: string, context: SyncContext) {
  const { read, principal, scope } = context;
  const rows = await read.rows(
    principal,
    sql`select from connection c where c.id = ${sql.typed(id, 'uuid')} and ${scope('ConnectedSystem', 'c')}`,
  );
  if (rows.length === 0) throw new DomainError('NOT_FOUND', 'There is no such connection.', { path: ['id'] });
  return which(context, id);
}
const ofConnection = { permission: 'connections:operate', record: 'ConnectedSystem', field: 'connection' } as const;
const connectionId = { id: idOf('con').describe('The connection.') };

const checkConnection = operation({
  ...ofConnection,
  name: 'checkConnection',
  description:
    'Asks the ERP who it is, within 20 seconds: whether the credentials hold, which company it is, and what will not work. What it says is kept with the connection.',
  input: object('CheckConnectionInput', connectionId),
  run: async (id, context) => {
    await context.sync.operations.check(await visible(id, context));
    return [];
  },
});

const reconcileConnection = operation({
  ...ofConnection,
  name: 'reconcileConnection',
  description:
    'Compares counts, sums and balances here and in the ERP, within two minutes. Where they differ it is shown under drift, with what it comes from.',
  input: object('ReconcileConnectionInput', connectionId),
  run: async (id, context) => {
    await context.sync.operations.reconcile(await visible(id, context));
    return [];
  },
});

interface IssueRow {
  readonly lifecycle: string;
  readonly connectionId: string;
  readonly stream: string | null;
  readonly externalId: string | null;
  readonly erpRequestId: string | null;
}

const retrySyncIssue = operation({
  name: 'retrySyncIssue',
  description:
    'Tries again what did not fit, after what was wrong is mended: what came from the ERP is mapped anew as it is kept, what was asked of it is asked again.',
  permission: 'sync-issues:handle',
  record: 'SyncIssue',
  field: 'syncIssue',
  input: object('RetrySyncIssueInput', { id: idOf('iss').describe('The issue.') }),
  run: async (id, context) => {
    const issue = await issueOf(id, context);
    if (issue.lifecycle === 'RESOLVED') throw new DomainError('WRONG_STATE', 'The issue is resolved already.', { path: ['id'] });
    if (issue.erpRequestId !== null) {
      const { principal, requestId } = context;
      const request = { id: `erq_${issue.erpRequestId}` };
      const outcome = await context.write.run(retryErpRequest, request, { principal, requestId });
      return outcome.ok ? [] : outcome.problems;
    }
    const { stream, externalId } = issue;
    if (stream === null || externalId === null)
      throw new DomainError('WRONG_STATE', 'The issue is about no single record: sync or replay the connection.', {
        path: ['id'],
      });
    await context.sync.operations.replay(which(context, issue.connectionId), { stream, externalId });
    return [];
  },
});

async function issueOf(id: string, { read, principal, scope }: SyncContext): Promise<IssueRow> {
  const [issue] = await read.rows<IssueRow>(
    principal,
    sql`select i.lifecycle, i.connection_id as "connectionId", s.name as stream, i.external_id as "externalId", i.erp_request_id as "erpRequestId"
        from sync_issue i left join sync_stream s on s.tenant_id = i.tenant_id and s.id = i.stream_id
        where i.id = ${sql.typed(id, 'uuid')} and ${scope('SyncIssue', 'i')}`,
  );
  if (!issue) throw new DomainError('NOT_FOUND', 'There is no such issue.', { path: ['id'] });
  return issue;
}

export const operationResolvers: readonly Function[] = [checkConnection, reconcileConnection, retrySyncIssue];
