/** What all records of the catalogue have in common when they are made. Pure. */
import type { PlainDate } from '../../kernel/date.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Change, CommandContext } from '../../write/command.ts';

/** Of the whole group, on nobody's account. */
export const ofGroup = { legalEntityId: null, accountId: null, customerId: null } as const;

interface Made {
  readonly entity: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The type of the event that tells of it. */
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The customer that it is for. */
  readonly customerId?: string;
}

/** A new record: its row and its event. */
export function madeOf(context: CommandContext, { entity, values, event, payload, customerId }: Made): Change {
  const id = context.newId();
  const row = { ...values, id, tenantId: context.tenant.id, version: 1, createdAt: context.now };
  return {
    recordId: id,
    rows: [{ op: 'insert', entity, values: row }],
    events: [
      {
        type: event,
        recordKind: entity,
        recordId: id,
        recordVersion: 1,
        ...ofGroup,
        customerId: customerId ?? null,
        payload,
      },
    ],
  };
}

/** @throws INVALID_INPUT when the last day is before the first */
export function requirePeriod({ validFrom, validTo }: { validFrom: PlainDate; validTo?: PlainDate | undefined }): void {
  if (validTo !== undefined && validTo < validFrom) {
    throw new DomainError('INVALID_INPUT', `validTo must be ${validFrom}, the first day, or after it.`, { path: ['validTo'] });
  }
}

/** @throws NOT_FOUND that names the field */
export function requireKnown(ids: ReadonlySet<string>, id: string, path: string): void {
  if (!ids.has(id)) {
    const what = path.replace(/Id$/, '').replace(/[A-Z]/g, ' $&').toLowerCase();
    throw new DomainError('NOT_FOUND', `There is no such ${what}.`, { path: [path] });
  }
}
