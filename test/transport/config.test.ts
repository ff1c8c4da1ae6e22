/** The configuration: defaults, one sentence for each wrong value, what production refuses, and no secret in a sentence. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { LIMITS, limitVariable } from '../../src/config-limits.ts';

const refusal = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};
const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://app@db.example.com/cashgraph' };

describe('loadConfig', () => {
  it('runs a development server on an empty environment', () => {
    expect(loadConfig({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: null,
      introspection: 'on',
      hasGraphiql: true,
      hasDemoData: true,
    });
  });

  it('lets flags win, and takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '4001', HOST: '' }, { PORT: 4002, LOG_LEVEL: undefined })).toMatchObject({
      port: 4002,
      host: '127.0.0.1',
    });
  });

  it('takes connectors parted by commas, none for a comma alone, and the standard ones when nothing is said', () => {
    const connectors = (text: string) => loadConfig({ CASHGRAPH_CONNECTORS: text }).connectors;
    expect(['quickbooks, ./our-erp', ',', ''].map(connectors)).toEqual([['quickbooks', './our-erp'], [], null]);
  });

  it('names a unit in every limit, and each can be set', () => {
    for (const [name, [, min, max]] of Object.entries(LIMITS)) {
      expect(name).toMatch(
        /(Bytes|Chars|Ms|S|Minutes|Hours|Days|Percent|Count|Depth|Tokens|Aliases|Fields|PerNode|Definitions|ShownMax|Max|Cost)$/,
      );
      expect(loadConfig({ [limitVariable(name)]: String(min) }).limits).toHaveProperty(name, min);
      expect(refusal({ [limitVariable(name)]: String(max + 1) })).toBe(
        `${limitVariable(name)} is "${max + 1}": it must be a whole number from ${min} to ${max}.`,
      );
    }
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT is "abc": it must be a whole number from 0 to 65535.'],
    [{ PORT: '80.5' }, 'PORT is "80.5": it must be a whole number from 0 to 65535.'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV is "prod": it must be development, production or test.'],
    [{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'DATABASE_URL must be an address such as postgres://user@host:5432/database.'],
    [
      { CASHGRAPH_SECRET_KEY: 'hunter2' },
      'CASHGRAPH_SECRET_KEY at 0 must be 32 bytes in base64, as `openssl rand -base64 32` makes them; older keys stand after a comma.',
    ],
    [{ METRICS_TOKEN: 'hunter2' }, 'METRICS_TOKEN must have at least 16 characters.'],
    [{ ISSUERS: 'hunter2' }, 'ISSUERS must be a JSON list of {issuer, jwksUri, audience, tenants}.'],
    [
      { ISSUERS: '[{"issuer":"a","audience":"b","tenants":"*","jwksUri":"https://a/"}]' },
      'ISSUERS at 0 is not right: only the local issuer may speak for all tenants.',
    ],
  ])('%o', (env, sentence) => {
    expect(refusal(env as Record<string, string>)).toBe(sentence);
    expect(sentence).not.toContain('hunter2');
  });

  it('tells all that is wrong at once', () => {
    expect(refusal({ PORT: 'x', HOST: '1', GRAPHIQL: 'maybe' }).split('\n')).toHaveLength(2);
  });
});

describe('production', () => {
  it('is closed by default', () => {
    expect(loadConfig(production)).toMatchObject({
      issuers: [],
      introspection: 'permission',
      hasGraphiql: false,
      hasDemoData: false,
      metricsToken: null,
    });
  });

  it.each([
    [{ NODE_ENV: 'production' }, /^DATABASE_URL is missing/],
    [{ ...production, DEMO_DATA: 'on' }, /^DEMO_DATA is on/],
    [{ ...production, CASHGRAPH_SECRET_KEY: Buffer.alloc(32).toString('base64') }, /^CASHGRAPH_SECRET_KEY is not a random key/],
    [
      { ...production, ISSUERS: '[{"issuer":"a","audience":"b","tenants":"*","local":true}]' },
      /^ISSUERS names the local issuer "a"/,
    ],
    [{ ...production, ISSUERS: '[{"issuer":"a","audience":"b","tenants":["x"],"jwksUri":"http://a/"}]' }, /over http/],
  ])('refuses %o', (env, sentence) => {
    expect(refusal(env as unknown as Record<string, string>)).toMatch(sentence);
  });
});
