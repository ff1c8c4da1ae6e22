/** `cashgraph token`: a token of the local issuer, alone on the standard output, so that a script can use it as it is. */
import type { Command } from 'commander';
import { isRole, ROLES } from '../access/policy.ts';
import type { Config, IssuerConfig } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { openLocalIssuer } from '../transport/local-issuer.ts';
import { type Database, openDatabase, requireMigrated } from './database.ts';
import { Failure, UsageError } from './failure.ts';
import { withLifetime } from './lifetime.ts';
import { type Login, loginsSql } from './logins.ts';
import { configFor, type DataOptions, wholeNumber, withDataDir } from './options.ts';
import { asSystem, asTenant, rowsOf } from './session.ts';
import { findTenant, type Tenant } from './tenant.ts';
import { print } from './terminal.ts';

interface TokenOptions extends DataOptions {
  readonly role?: string;
  readonly tenant?: string;
  readonly customer?: string;
  readonly lifetime?: number;
}

const EXAMPLES = `
Examples:
  cashgraph token --role admin
  cashgraph token --customer 10042             for a customer's portal user, by the customer's number
  cashgraph token --customer 1                 … or for the first one
  curl -H "authorization: Bearer $(cashgraph token --role cash)" …`;
const DEFAULT_LIFETIME_S = 28_800;
const LIFETIME_MAX_S = 2_592_000;

export function addToken(program: Command): void {
  const command = program
    .command('token')
    .description('print a development token (never in production: there the identity provider signs)')
    .option('--role <role>', `whom it is for: ${ROLES.join(', ')}`)
    .option('--customer <number>', 'a portal user: of the customer with this number, or the n-th portal user')
    .option('--tenant <slug>', 'the tenant, by slug or as the n-th (default: the only one, or demo)')
    .option('--lifetime <seconds>', `how long it holds (default: ${DEFAULT_LIFETIME_S})`, wholeNumber(1, LIFETIME_MAX_S));
  withDataDir(command).addHelpText('after', EXAMPLES).action(printToken);
}

async function printToken(options: TokenOptions): Promise<void> {
  const { role = options.customer === undefined ? undefined : 'portal' } = options;
  if (role === undefined) throw new UsageError('Say whom the token is for: --role admin, or --customer 1 for a portal user.');
  if (!isRole(role)) throw new UsageError(`There is no role ${role}. The roles are ${ROLES.join(', ')}.`);
  if (options.customer !== undefined && role !== 'portal')
    throw new UsageError('--customer is for portal users: leave --role out.');
  const config = configFor(options);
  const issuer = localIssuer(config);
  const lifetimeS = options.lifetime ?? Math.min(DEFAULT_LIFETIME_S, config.limits.tokenMaxLifetimeS);
  if (lifetimeS > config.limits.tokenMaxLifetimeS) {
    throw new UsageError(
      `--lifetime may be ${config.limits.tokenMaxLifetimeS} seconds at most, or the server refuses the token.`,
    );
  }
  const token = await withLifetime(async (life) => {
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const tenant = await findTenant(database, options.tenant);
    const subject =
      role === 'portal'
        ? await portalSubject({ database, tenant, issuer }, options.customer)
        : await subjectOf({ database, tenant, issuer }, role);
    const { issueToken } = await openLocalIssuer({ dataDir: config.dataDir, issuer, clock: systemClock });
    return issueToken({ subject, tenant: tenant.slug, lifetimeS });
  });
  if (token !== undefined) print(token);
}

function localIssuer(config: Config): IssuerConfig {
  const issuer = config.issuers.find((row) => row.local === true);
  if (!issuer) throw new Failure('ISSUERS names no local issuer, so tokens come from the identity providers that it names.');
  return issuer;
}

interface Place {
  readonly database: Database;
  readonly tenant: Tenant;
  readonly issuer: IssuerConfig;
}

/** The subject that is called like the role, or else the first person who has it. */
async function subjectOf({ database, tenant, issuer }: Place, role: string): Promise<string> {
  const rows = await asSystem(database, (client) => rowsOf<Login>(client, loginsSql(issuer.issuer)));
  const people = rows.filter((row) => row.tenantId === tenant.id && row.kind === 'USER');
  const found =
    people.find((row) => row.subject === role && row.roles.includes(role)) ?? people.find((row) => row.roles.includes(role));
  if (found) return found.subject;
  const roles = [...new Set(people.flatMap((row) => row.roles))].sort().join(', ');
  throw new Failure(
    `Nobody in the tenant ${tenant.slug} has the role ${role}${roles === '' ? '' : `; there are ${roles}`}. Make one with the mutation createActor.`,
  );
}

/** By the customer's number, or by the place among the portal users. */
async function portalSubject({ database, tenant, issuer }: Place, customer = '1'): Promise<string> {
  const { rows } = await asTenant(database, tenant.id, (client) =>
    client.query<{ subject: string; number: string }>(
      `select a.subject, c.number from actor a
       join actor_customer ac on ac.tenant_id = a.tenant_id and ac.actor_id = a.id
       join customer c on c.tenant_id = ac.tenant_id and c.id = ac.customer_id
       where a.kind = 'PORTAL' and a.issuer = $1 and a.revoked_at is null order by a.created_at, a.subject, c.number limit 500`,
      [issuer.issuer],
    ),
  );
  const byNumber = rows.find((row) => row.number === customer);
  const subjects = [...new Set(rows.map((row) => row.subject))];
  const found = byNumber?.subject ?? (/^\d{1,6}$/.test(customer) ? subjects[Number(customer) - 1] : undefined);
  if (found !== undefined) return found;
  if (rows.length === 0)
    throw new Failure(`The tenant ${tenant.slug} has no portal user. Make one with the mutation createActor.`);
  const numbers = rows
    .slice(0, 10)
    .map((row) => row.number)
    .join(', ');
  throw new Failure(
    `No portal user stands for the customer ${customer}. There are portal users for ${numbers}${rows.length > 10 ? ', …' : ''}.`,
  );
}
