/** How forbidden pairs and what waits for a second person are read. */
import type { Permission } from '../../access/policy.ts';
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { approvalMachine } from './approval.machine.ts';
import type { ApprovalRow } from './approval.rules.ts';

export const forbiddenPairRead: ReadDefinition = {
  prefix: 'fp',
  description: 'Two permissions of which one person may use only one: on one record, or at all.',
  resource: { permission: 'duties:read' },
  root: { one: 'forbiddenPair', many: 'forbiddenPairs' },
  order: ['firstPermission', 'secondPermission'],
};

/** The permission of the command that grants each kind of wish, in the module of its effect. */
const GRANTED_BY: Readonly<Record<ApprovalRow['kind'], Permission>> = {
  CREDIT_RELEASE: 'credit:release',
  CREDIT_LIMIT: 'credit:approve',
  WRITE_OFF: 'items:write-off',
};

export const approvalRead: ReadDefinition = {
  prefix: 'apr',
  description: 'A wish that a second person grants or refuses: for exactly this amount and this version of a record.',
  resource: { permission: 'approvals:read', legalEntity: 'legalEntityId' },
  root: { one: 'approval', many: 'approvals' },
  order: ['-createdAt'],
  relations: {
    requestedBy: { kind: 'one', record: 'Actor', by: 'requestedById', description: 'Who asked.' },
    lastEditor: { kind: 'one', record: 'Actor', by: 'lastEditorId', description: 'Who changed the record last.' },
    decidedBy: { kind: 'one', record: 'Actor', by: 'decidedById', description: 'Who granted or refused it.' },
    customer: { kind: 'one', record: 'Customer', by: 'customerId', description: 'The customer that it is about.' },
    account: { kind: 'one', record: 'CustomerAccount', by: 'accountId', description: 'The account that it is about.' },
    legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity that it is about.' },
  },
  computed: {
    allowedActions: allowedActions({
      machine: approvalMachine,
      enumName: 'ApprovalAction',
      permissions: {
        APPROVE: { column: 'kind', permissions: GRANTED_BY },
        REJECT: 'approvals:reject',
        WITHDRAW: 'approvals:withdraw',
      },
    }),
  },
};
