/** How to bring a pair of customers that may be the same one into each of its states. That too little speaks for it is written by hand. */
import { publicId } from '../../src/kernel/ids.ts';
import { withClient } from '../support/connection.ts';
import { bare, type World } from '../support/world.ts';
import { done, type Driver } from './lifecycle-drivers.ts';

export function matchDriver(world: World): Driver {
  let pairs = 0;
  const proposed = async (): Promise<string> => {
    pairs += 1;
    const taxId = `DE${String(200_000_000 + pairs)}`;
    const twin = (number: string) => ({ number, name: `Lathe works ${pairs}`, taxId, country: 'DE' });
    const one = await done(world, 'createCustomer', twin(`M-${pairs}`), 'cus');
    const other = await done(world, 'createCustomer', twin(`M-${pairs}-2`), 'cus');
    await done(world, 'findCustomerMatches', { customerId: other }, 'cus');
    const { rows } = await withClient(world.database.connection, (client) =>
      client.query<{ id: string }>('select id from customer_match where $1 in (customer_id, other_customer_id)', [bare(one)]),
    );
    return publicId('cm', rows[0]?.id ?? '');
  };
  const after = async (id: Promise<string>, command: string) => {
    await done(world, command, { id: await id }, 'cm');
    return id;
  };
  const confirmed = () => after(proposed(), 'confirmCustomerMatch');
  const withdrawn = async () => {
    const id = await proposed();
    await withClient(world.database.connection, (client) =>
      client.query(`update customer_match set lifecycle = 'WITHDRAWN' where id = $1`, [bare(id)]),
    );
    return id;
  };
  const action = (command: string) => ({ command, input: (id: string) => ({ id }) });
  return {
    record: 'CustomerMatch',
    prefix: 'cm',
    reach: {
      PROPOSED: proposed,
      CONFIRMED: confirmed,
      REJECTED: () => after(proposed(), 'rejectCustomerMatch'),
      UNDONE: () => after(confirmed(), 'undoCustomerMatch'),
      WITHDRAWN: withdrawn,
    },
    actions: {
      CONFIRM: action('confirmCustomerMatch'),
      REJECT: action('rejectCustomerMatch'),
      UNDO: action('undoCustomerMatch'),
    },
  };
}
