/**
 * Environment and flags become one typed, checked object: every setting, every limit, with its unit in the name.
 * The only file that reads `process.env`. A wrong value is answered by one sentence that names the variable and what would be
 * right; secrets are never part of such a sentence.
 */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LIMITS, limitVariable, type Limits, type Range } from './config-limits.ts';
import { DomainError } from './kernel/errors.ts';

export type { Limits } from './config-limits.ts';

/** `https://login.example.com` may speak for these tenants, and for no others; roles never come from its tokens. */
const issuerSchema = z
  .strictObject({
    issuer: z.string().min(1),
    jwksUri: z.url({ protocol: /^https?$/ }).optional(),
    local: z.literal(true).optional(),
    audience: z.string().min(1),
    tenants: z.union([
      z.array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be a slug: a-z, 0-9 and -')).min(1),
      z.literal('*'),
    ]),
    /** Accepted values of the header `typ`; `""` accepts tokens without it. */
    tokenTypes: z.array(z.string()).min(1).default(['JWT', 'at+jwt']),
  })
  .refine((row) => (row.jwksUri === undefined) !== (row.local === undefined), { error: 'give either jwksUri or local' })
  .refine((row) => row.tenants !== '*' || row.local === true, { error: 'only the local issuer may speak for all tenants' });
export type IssuerConfig = z.output<typeof issuerSchema>;

const LOCAL_ISSUER: IssuerConfig = {
  issuer: 'urn:cashgraph:local',
  local: true,
  audience: 'cashgraph',
  tenants: '*',
  tokenTypes: ['at+jwt'],
};

const between = (min: number, max: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .refine((n) => Number.isInteger(n) && n >= min && n <= max, { error: `must be a whole number from ${min} to ${max}` });
const whole = ([standard, min, max]: Range) => between(min, max).default(standard);
const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
  .transform((v) => ['on', 'true', '1'].includes(v));
const words = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const originsSchema = words.pipe(
  z.array(
    z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
      error: 'must be origins such as https://portal.example.com, parted by commas',
    }),
  ),
);

const SECRET_KEY_RULE = 'must be 32 bytes in base64, as `openssl rand -base64 32` makes them; older keys stand after a comma';

const variables = {
  NODE_ENV: z.enum(['development', 'production', 'test'], 'must be development, production or test').default('development'),
  PORT: whole([4_000, 0, 65_535]),
  HOST: z.string().min(1, 'must be a host name or address, such as 127.0.0.1').default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be an address such as postgres://user@host:5432/database' })
    .optional(),
  CASHGRAPH_DATA_DIR: z.string().min(1, 'must be a folder').default('.cashgraph'),
  EXPORTS_DIR: z.string().min(1, 'must be a folder').optional(),
  UPLOADS_DIR: z.string().min(1, 'must be a folder').optional(),
  EVENTS_KEPT_DAYS: between(1, 36_500).optional(),
  ROLE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/, 'must be a-z, 0-9 and _, at most 31 characters')
    .default('cashgraph'),
  ISSUERS: z
    .string()
    .transform((text, context) => parseJson(text, context))
    .pipe(z.array(issuerSchema, 'must be a JSON list of {issuer, jwksUri, audience, tenants}'))
    .optional(),
  ALLOWED_ORIGINS: originsSchema.default([]),
  INTROSPECTION: z.enum(['on', 'permission', 'off'], 'must be on, permission or off').optional(),
  TRUSTED_DOCUMENTS: z.enum(['off', 'on', 'only'], 'must be off, on or only').default('on'),
  GRAPHIQL: flag.optional(),
  DEMO_DATA: flag.optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  CASHGRAPH_SECRET_KEY: words.pipe(z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, SECRET_KEY_RULE))).optional(),
  CASHGRAPH_CONNECTORS: words.optional(),
  OUTBOUND_LOOPBACK: flag.optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .optional(),
};
type Variables = z.output<z.ZodObject<typeof variables>>;

const SECRET_VARIABLES = new Set(['DATABASE_URL', 'METRICS_TOKEN', 'CASHGRAPH_SECRET_KEY', 'ISSUERS']);
const limitShape = Object.fromEntries(Object.entries(LIMITS).map(([name, range]) => [limitVariable(name), whole(range)]));
const schema = z.object({ ...variables, ...limitShape });

export type Environment = Readonly<Record<string, string | undefined>>;
/** Flags win over the environment; they have the same names. @example { PORT: 5000 } */
export type Overrides = Readonly<Record<string, string | number | undefined>>;
export type Config = ReturnType<typeof configOf>;

/**
 * The configuration of this process.
 * @throws DomainError INVALID_INPUT with one sentence for each wrong variable
 * @example loadConfig(process.env, { PORT: 0 }).limits.bodyMaxBytes // 100000
 */
export function loadConfig(env: Environment = process.env, overrides: Overrides = {}): Config {
  const flags = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const given: Overrides = { ...env, ...flags };
  // an empty variable is one that isn't set: `PORT= npm start`
  const set = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]])),
  ) as Record<string, string>;
  const result = schema.safeParse(set);
  if (!result.success) refuse(result.error.issues.map((issue) => sentence(issue, set)));
  const values = result.data as unknown as Variables & Record<string, number>;
  const config = configOf(values);
  if (config.isProduction) refuse(unfitForProduction(values, config));
  return config;
}

function configOf(values: Variables & Record<string, number>) {
  const isProduction = values.NODE_ENV === 'production';
  const limits = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, values[limitVariable(name)]])) as unknown as Limits;
  return Object.freeze({
    environment: values.NODE_ENV,
    isProduction,
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: resolve(values.CASHGRAPH_DATA_DIR),
    /** Where files of exports are; several processes have to share it. */
    exportsDir: resolve(values.EXPORTS_DIR ?? join(values.CASHGRAPH_DATA_DIR, 'exports')),
    /** Where files that were sent for imports are; several processes have to share it. */
    uploadsDir: resolve(values.UPLOADS_DIR ?? join(values.CASHGRAPH_DATA_DIR, 'uploads')),
    /** The log forgets what is older; null: it keeps everything. */
    eventsKeptDays: values.EVENTS_KEPT_DAYS ?? null,
    rolePrefix: values.ROLE_PREFIX,
    issuers: values.ISSUERS ?? (isProduction ? [] : [LOCAL_ISSUER]),
    /** Web pages of these origins may call the API; its own origin always may. */
    allowedOrigins: values.ALLOWED_ORIGINS,
    /** `permission`: only for those who have `schema:introspect`. */
    introspection: values.INTROSPECTION ?? (isProduction ? ('permission' as const) : ('on' as const)),
    /** `only`: no other documents are taken, but from those who have `documents:any`. */
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    hasGraphiql: values.GRAPHIQL ?? !isProduction,
    hasDemoData: values.DEMO_DATA ?? values.NODE_ENV === 'development',
    /** Who reads `/metrics` sends this as bearer token; in production there are no metrics without it. */
    metricsToken: values.METRICS_TOKEN ?? null,
    /** What secrets in the database are sealed with; the first seals, all open. Null: development makes one, production keeps none. */
    secretKeys: values.CASHGRAPH_SECRET_KEY?.map((text) => Buffer.from(text, 'base64')) ?? null,
    /** Connectors by the name of their folder, a path or a package; null: those that come with the platform. */
    connectors: values.CASHGRAPH_CONNECTORS ?? null,
    /** Requests of ours may go to this machine itself: simulators, sidecars. */
    allowsLoopback: values.OUTBOUND_LOOPBACK ?? !isProduction,
    logLevel: values.LOG_LEVEL ?? (values.NODE_ENV === 'test' ? ('warn' as const) : ('info' as const)),
    limits: Object.freeze(limits),
  });
}

function unfitForProduction(values: Variables, config: Config): string[] {
  const local = config.issuers.find((row) => row.local === true);
  const plain = config.issuers.find((row) => row.jwksUri?.startsWith('http:') === true);
  return [
    ...(config.databaseUrl === null
      ? ['DATABASE_URL is missing: in production name a Postgres of your own, since the embedded one is for development.']
      : []),
    ...(local
      ? [`ISSUERS names the local issuer "${local.issuer}", which is for development only: name your own OpenID Connect issuer.`]
      : []),
    ...(plain ? [`ISSUERS fetches the keys of "${plain.issuer}" over http: use https in production.`] : []),
    ...(values.DEMO_DATA === true ? ['DEMO_DATA is on, which is for development only: set it to off.'] : []),
    ...(config.secretKeys?.some((key) => new Set(key).size < 8) === true
      ? ['CASHGRAPH_SECRET_KEY is not a random key: make one with `openssl rand -base64 32`.']
      : []),
  ];
}

function sentence(issue: z.core.$ZodIssue, set: Record<string, string>): string {
  const name = String(issue.path[0]);
  const inside = issue.path.slice(1).join('.');
  const shown = SECRET_VARIABLES.has(name) ? '' : ` is ${JSON.stringify(set[name]?.slice(0, 60))}: it`;
  return `${name}${shown}${inside === '' ? '' : ` at ${inside}`} ${issue.message.replace(/^(?!must )/, 'is not right: ')}.`;
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON list of {issuer, jwksUri, audience, tenants}' });
    return z.NEVER;
  }
}

function refuse(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new DomainError('INVALID_INPUT', sentences.join('\n'));
}
