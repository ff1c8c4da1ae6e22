/** Notes which login of the database sees the tenant. The login itself is made and ended by the operator's command line. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, object, text } from '../../kernel/input.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import { type CommandContext, command, type Decision, type RowOf, type Tx } from '../../write/command.ts';
import { ReportingLogin } from './reporting-login.entity.ts';

type Login = RowOf<typeof ReportingLogin>;

const event = (what: string, { id, version, name }: Pick<Login, 'id' | 'version' | 'name'>): EventDraft => ({
  type: `reporting_login.${what}`,
  recordKind: 'ReportingLogin',
  recordId: id,
  recordVersion: version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload: { name },
});

const permission = 'reporting-logins:record';
const record = 'ReportingLogin';

export const createReportingLogin = command({
  name: 'createReportingLogin',
  description: 'Notes that a login of the database sees the tenant.',
  permission,
  record,
  input: object('CreateReportingLoginInput', {
    name: text({ max: 63 }).describe('The name of the login.'),
    purpose: text().describe('What it is for.'),
  }),
  lockKey: ({ name }) => name,
  facts: async () => null,
  decide(_facts, { name, purpose }, { newId, tenant, now }): Decision {
    const login = { id: newId(), tenantId: tenant.id, name, purpose, version: 1, createdAt: now, droppedAt: null };
    return {
      recordId: login.id,
      rows: [{ op: 'insert', entity: record, values: login }],
      events: [event('created', login)],
    };
  },
});

const known = { input: (name: string) => object(name, { id: idOf('rpl').describe('The reporting login.') }) };

const load = (tx: Tx, inputs: readonly { readonly id: string }[]) =>
  tx.load(ReportingLogin, sql`t.id = any(${sql.uuids(inputs.map(({ id }) => id))})`, { lock: true });

function changed(login: Login, { tenant }: CommandContext, step: { readonly what: string; readonly set: object }): Decision {
  const { id, version } = login;
  return {
    recordId: id,
    rows: [{ op: 'update', entity: record, id, version, set: { ...step.set }, owner: { tenantId: tenant.id } }],
    events: [event(step.what, { ...login, version: version + 1 })],
  };
}

function found(logins: readonly Login[], id: string): Login {
  const login = logins.find((one) => one.id === id);
  if (!login || login.droppedAt) throw new DomainError('NOT_FOUND', 'There is no such reporting login.', { path: ['id'] });
  return login;
}

export const rotateReportingLogin = command({
  name: 'rotateReportingLogin',
  description: 'Notes that a reporting login has got another password.',
  permission,
  record,
  input: known.input('RotateReportingLoginInput'),
  lockKey: ({ id }) => id,
  facts: load,
  decide: (logins, { id }, context) => changed(found(logins, id), context, { what: 'rotated', set: {} }),
});

export const dropReportingLogin = command({
  name: 'dropReportingLogin',
  description: 'Ends a reporting login: from then on it sees nothing.',
  permission,
  record,
  input: known.input('DropReportingLoginInput'),
  lockKey: ({ id }) => id,
  facts: load,
  decide: (logins, { id }, context) => changed(found(logins, id), context, { what: 'dropped', set: { droppedAt: context.now } }),
});
