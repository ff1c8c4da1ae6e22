/**
 * Every limit of the platform: what holds when nothing is configured, and the range in which it can be set. The variable of a
 * limit is its name in upper case: `bodyMaxBytes` is `BODY_MAX_BYTES`. A limit without its unit in the name isn't one.
 */

export type Range = readonly [standard: number, min: number, max: number];

export const LIMITS = {
  // one HTTP request
  bodyMaxBytes: [100_000, 1_000, 10_000_000],
  jsonMaxDepth: [64, 8, 1_000],
  headersTimeoutMs: [10_000, 100, 120_000],
  requestTimeoutMs: [30_000, 100, 600_000],
  connectionsCheckingIntervalMs: [2_000, 50, 60_000],
  keepAliveTimeoutMs: [65_000, 1_000, 600_000],
  idleTimeoutMs: [120_000, 1_000, 3_600_000],
  connectionsMax: [20_000, 10, 1_000_000],
  shutdownTimeoutMs: [9_000, 100, 600_000],
  // one GraphQL document
  queryMaxTokens: [2_000, 100, 100_000],
  queryMaxDepth: [15, 3, 100],
  queryMaxAliases: [30, 0, 10_000],
  queryMaxFields: [400, 10, 100_000],
  queryMaxDirectivesPerNode: [3, 0, 100],
  queryMaxDefinitions: [20, 1, 1_000],
  errorsShownMax: [5, 1, 100],
  documentCacheMaxCount: [1_000, 10, 100_000],
  documentCacheMaxChars: [500_000, 1_000, 100_000_000],
  // documents drawn as PDF
  drawingsMaxCount: [2, 1, 100],
  drawingsWaitingMaxCount: [100, 0, 10_000],
  // sockets
  socketFrameMaxBytes: [128_000, 1_000, 10_000_000],
  socketInitTimeoutMs: [3_000, 50, 60_000],
  socketStreamsMax: [100, 1, 10_000],
  socketsPerPrincipalMax: [100, 1, 100_000],
  socketBufferMaxBytes: [1_000_000, 10_000, 100_000_000],
  socketStallTimeoutMs: [20_000, 100, 600_000],
  socketPingIntervalMs: [12_000, 100, 300_000],
  socketRecheckIntervalMs: [15_000, 50, 45_000],
  // who is asking
  tokenMaxBytes: [8_192, 512, 65_536],
  tokenMaxLifetimeS: [86_400, 60, 2_592_000],
  tokenClockToleranceS: [5, 0, 300],
  principalCacheMaxCount: [5_000, 0, 1_000_000],
  principalCacheMs: [10_000, 0, 45_000],
  jwksTimeoutMs: [3_000, 100, 30_000],
  // the database
  poolWriteMaxCount: [16, 1, 1_000],
  poolReadMaxCount: [16, 1, 1_000],
  poolPortalMaxCount: [8, 1, 1_000],
  poolSystemMaxCount: [4, 1, 100],
  connectTimeoutMs: [3_000, 100, 60_000],
  readTimeoutMs: [10_000, 100, 600_000],
  writeTimeoutMs: [30_000, 100, 600_000],
  pageMaxCount: [1_000, 1, 10_000],
  chunkMaxCount: [1_000, 1, 10_000],
  queryMaxCost: [200_000, 100, 100_000_000],
  // readiness
  readinessTimeoutMs: [2_000, 50, 30_000],
  sealerLagMaxMs: [10_000, 100, 600_000],
} as const satisfies Record<string, Range>;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

/** @example limitVariable('bodyMaxBytes') // 'BODY_MAX_BYTES' */
export const limitVariable = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
