// What tests of observation share: a connection that serves a legal entity, and following what an ERP shows by the sync engine's own way in.
import { publicId } from '../../src/kernel/ids.ts';
import type { Outcome } from '../../src/write/outcome.ts';
import type { World } from '../support/world.ts';

/** What of a company is needed to connect it. */
export type Company = Pick<World, 'tenantId' | 'platform'>;

export interface Connected {
  readonly connectionId: string;
  readonly code: string;
  /** Follows what the ERP shows; each with its own outcome. */
  observe(command: string, inputs: readonly Record<string, unknown>[]): Promise<readonly Outcome[]>;
  /** Follows one that must be taken; gives the bare id of our record. */
  taken(command: string, input: Record<string, unknown>): Promise<string>;
}

const KINDS = ['CustomerAccount', 'Order', 'Invoice', 'CreditNote', 'Payment'] as const;
let made = 0;

/** A command of the platform itself, which must go through; gives the record's bare id. */
async function run({ platform, tenantId }: Company, name: string, input: Record<string, unknown>): Promise<string> {
  made += 1;
  const principal = await platform.systemPrincipal(tenantId);
  const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: `set up ${made}` });
  if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problems)}`);
  return outcome.recordId;
}

/**
 * A connection to the silent ERP, which stands still: nothing is read, and what is asked of it waits. `kinds`: what it has authority
 * over; absent: everything.
 */
export async function connect(
  world: Company,
  { legalEntityId, code = 'erp', kinds = KINDS }: { legalEntityId: string; code?: string; kinds?: readonly string[] },
): Promise<Connected> {
  const { tenantId } = world;
  const settings = { connector: 'silent', config: {}, credentials: {} };
  const legalEntities = [{ legalEntityId }];
  const connectionId = await run(world, 'createConnection', { code, name: `ERP ${code}`, ...settings, legalEntities });
  await run(world, 'pauseConnection', { id: publicId('con', connectionId) });
  await setAuthority(world, legalEntityId, kinds);
  const observe: Connected['observe'] = async (command, inputs) => {
    made += 1;
    const principal = await world.platform.systemPrincipal(tenantId);
    const { write } = world.platform;
    const observing = { connectionId, code };
    return write.runSet(world.platform.command(command), inputs, { principal, requestId: `observed ${made}`, observing });
  };
  return {
    connectionId,
    code,
    observe,
    async taken(command, input) {
      const [outcome] = await observe(command, [input]);
      if (!outcome?.ok) throw outcome?.ok === false && outcome.fault ? outcome.fault : new Error(JSON.stringify(outcome));
      return outcome.recordId;
    },
  };
}

/** Exactly these kinds are the ERP's there from now on. */
export async function setAuthority(world: Company, legalEntityId: string, kinds: readonly string[]): Promise<void> {
  for (const recordKind of KINDS) {
    const side = kinds.includes(recordKind) ? 'CONNECTION' : 'PLATFORM';
    await run(world, 'setAuthority', { legalEntityId, recordKind, side });
  }
}
