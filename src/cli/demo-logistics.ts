/**
 * The third party of the demo: a simulated one beside the server, on this machine only, so that there is somebody to give fulfilments to.
 * It gets a new secret at each start, by the command that an administrator would use.
 */
import type { Platform } from '../platform.ts';
import { publicId } from '../kernel/ids.ts';
import { sql } from '../read/sql.ts';
import type { Lifetime } from './lifetime.ts';
import { hasSimulator, startSimulator } from './simulator.ts';

const TENANT = 'demo';
const CODE = 'parcel';
const STEP_MS = 5_000;

interface Parts {
  readonly platform: Platform;
  readonly life: Lifetime;
  /** Of our own server, which listens on this machine too. */
  readonly port: number;
}

interface Known {
  readonly tenantId: string;
  readonly id: string | null;
  readonly baseUrl: string | null;
}

/** Where it is; null where there is no demo, or no simulator to run. */
export async function startDemoLogistics({ platform, life, port }: Parts): Promise<string | null> {
  const [known] = await platform.systemRows<Known>(
    sql`select t.tenant_id as "tenantId", p.id, p.base_url as "baseUrl" from tenant t
        left join logistics_provider p on p.tenant_id = t.tenant_id and p.code = ${CODE} where t.slug = ${TENANT}`,
  );
  if (!known || !hasSimulator('logistics')) return null;
  const simulator = await startSimulator('logistics', { delayMs: STEP_MS });
  await life.own(() => simulator.close());
  const principal = await platform.systemPrincipal(known.tenantId);
  const run = async (name: string, input: Readonly<Record<string, unknown>>): Promise<string | null> => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'demo-logistics' });
    if (!outcome.ok) throw new Error(`The demo's ${name}: ${outcome.problems.map((p) => p.message).join(' ')}`);
    return outcome.secret;
  };
  const secret = await (known.id === null
    ? run('createLogisticsProvider', { code: CODE, name: 'Parcel Service (simulated)', baseUrl: simulator.url })
    : moved(run, publicId('lp', known.id), simulator.url));
  simulator.connect({ url: `http://127.0.0.1:${port}/webhooks/logistics/${TENANT}/${CODE}`, secret: secret ?? '' });
  return simulator.url;
}

async function moved(
  run: (name: string, input: Readonly<Record<string, unknown>>) => Promise<string | null>,
  id: string,
  baseUrl: string,
): Promise<string | null> {
  await run('updateLogisticsProvider', { id, baseUrl });
  return run('rotateLogisticsSecret', { id, overlapHours: 0 });
}
