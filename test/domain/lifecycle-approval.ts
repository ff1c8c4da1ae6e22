/** How to bring a wish for a second person into each of its states: one person asks, another decides. */
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import type { World } from '../support/world.ts';
import { commandsOf } from '../write/company.ts';
import { done, type Driver } from './lifecycle-drivers.ts';

const [ASKS, DECIDES] = ['order-desk', 'credit'];
const limit = { amount: '1000', currency: 'EUR' };

export function approvalDriver(world: World): Driver {
  let customers = 0;
  const by = async (subject: string, name: string, input: object) =>
    publicId('apr', await (await commandsOf(world, subject)).make(name, input));
  const asked = async () => {
    const customerId = await done(world, 'createCustomer', { number: `L-${++customers}`, name: 'Customer' }, 'cus');
    return by(ASKS, 'requestCreditLimit', { customerId, limit, reason: 'It grows' });
  };
  const grant = (id: string) => ({ approvalId: id, amount: limit });
  const approved = async () => {
    const id = await asked();
    await (await commandsOf(world, DECIDES)).make('approveCreditLimit', grant(id));
    return id;
  };
  const expired = async () => {
    const id = await asked();
    await withClient(world.database.connection, (client) =>
      client.query(`update approval set lifecycle = 'EXPIRED' where id = $1`, [id.slice(4)]),
    );
    return id;
  };
  return {
    record: 'Approval',
    prefix: 'apr',
    reach: {
      REQUESTED: asked,
      APPROVED: approved,
      REJECTED: async () => by(DECIDES, 'rejectApproval', { id: await asked() }),
      EXPIRED: expired,
    },
    actions: {
      APPROVE: { command: 'approveCreditLimit', input: grant, as: DECIDES },
      REJECT: { command: 'rejectApproval', input: (id) => ({ id }), as: DECIDES },
      WITHDRAW: { command: 'withdrawApproval', input: (id) => ({ id }), as: ASKS },
    },
  };
}
