/** Closing the books of legal entities, and moving the clock of a sandbox. */
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, dateTimeInput, idOf, object } from '../../kernel/input.ts';
import { localDate } from '../../kernel/clock.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { LegalEntity } from './party.entity.ts';

const noAccount = { accountId: null, customerId: null } as const;

export const closeBooks = command({
  name: 'closeBooks',
  description: 'Closes the books of a legal entity through a day. What is closed stays closed.',
  permission: 'books:close',
  record: 'LegalEntity',
  input: object('CloseBooksInput', {
    id: idOf('le').describe('The legal entity.'),
    through: dateInput.describe('The last closed day; before today in its time zone.'),
  }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) => tx.load(LegalEntity, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true }),
  decide(entities, input, context) {
    const entity = entities.find((e) => e.id === input.id);
    if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['id'] });
    if (entity.closedThrough === input.through) return { unchanged: entity.id };
    if (
      input.through >= localDate(context.now, entity.timeZone) ||
      (entity.closedThrough !== null && input.through < entity.closedThrough)
    ) {
      throw new DomainError(
        'EFFECTIVE_DATE_INVALID',
        `Books are closed through a day before today, and not before ${entity.closedThrough ?? 'any day closed already'}.`,
        {
          path: ['through'],
        },
      );
    }
    return {
      recordId: entity.id,
      rows: [
        {
          op: 'update',
          entity: 'LegalEntity',
          id: entity.id,
          version: entity.version,
          set: { closedThrough: input.through },
          owner: { tenantId: context.tenant.id, legalEntityId: entity.id },
        },
      ],
      events: [
        {
          type: 'legal_entity.books_closed',
          recordKind: 'LegalEntity',
          recordId: entity.id,
          recordVersion: entity.version + 1,
          legalEntityId: entity.id,
          ...noAccount,
          payload: { closedThrough: input.through },
        },
      ],
    };
  },
});

export const advanceClock = command({
  name: 'advanceClock',
  description: 'Moves the business clock of a sandbox forward, so that an invoice can fall due in a minute. It never goes back.',
  permission: 'clock:advance',
  record: 'Tenant',
  input: object('AdvanceClockInput', { to: dateTimeInput.describe('The business time from now on.') }),
  lockKey: () => 'clock',
  facts: (tx, _inputs, context) =>
    tx.rows<{ version: number }>(sql`select version from tenant where tenant_id = ${context.tenant.id} for update`),
  decide([row], input, context): Change {
    const { tenant } = context;
    if (!tenant.isSandbox) throw new DomainError('SANDBOX_ONLY', 'Only a sandbox has a clock that can be moved.');
    if (input.to < context.now) {
      throw new DomainError('CLOCK_BACKWARDS', `The business clock is at ${context.now.toISOString()} and goes forward only.`, {
        path: ['to'],
      });
    }
    const version = row?.version ?? 1;
    const clockOffsetMs = tenant.clockOffsetMs + BigInt(input.to.getTime() - context.now.getTime());
    return {
      recordId: tenant.id,
      rows: [{ op: 'update', entity: 'Tenant', id: tenant.id, version, set: { clockOffsetMs }, owner: { tenantId: tenant.id } }],
      events: [
        {
          type: 'tenant.clock_advanced',
          recordKind: 'Tenant',
          recordId: tenant.id,
          recordVersion: version + 1,
          legalEntityId: null,
          ...noAccount,
          payload: { to: input.to.toISOString() },
        },
      ],
    };
  },
});
