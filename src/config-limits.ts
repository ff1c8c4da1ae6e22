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
  shutdownTimeoutMs: [8_000, 100, 600_000],
  // an open connection may bring a last request for so long
  shutdownIdleMs: [1_000, 0, 60_000],
  // one GraphQL document
  queryMaxTokens: [2_000, 100, 100_000],
  queryMaxDepth: [15, 3, 100],
  queryMaxAliases: [30, 0, 10_000],
  queryMaxFields: [400, 10, 100_000],
  queryMaxDirectivesPerNode: [3, 0, 100],
  queryMaxDefinitions: [20, 1, 1_000],
  errorsShownMax: [5, 1, 100],
  // what operations may cost: about one for each record that they could read
  queryMaxCost: [200_000, 100, 100_000_000],
  budgetPrincipalMaxCost: [400_000, 100, 1_000_000_000],
  budgetPrincipalPerSecondCost: [20_000, 1, 1_000_000_000],
  budgetTenantMaxCost: [2_000_000, 100, 10_000_000_000],
  budgetTenantPerSecondCost: [100_000, 1, 10_000_000_000],
  budgetsMaxCount: [20_000, 100, 1_000_000],
  rateLimitedDelayMs: [100, 0, 10_000],
  // how many operations run at once; those of one tenant leave room for others
  operationsMaxCount: [128, 2, 100_000],
  operationsPerTenantMaxCount: [96, 1, 100_000],
  operationsWaitingMaxCount: [1_000, 0, 1_000_000],
  documentCacheMaxCount: [1_000, 10, 100_000],
  // statements of reads that come again
  readTemplatesMaxCount: [1_000, 10, 100_000],
  documentCacheMaxChars: [500_000, 1_000, 100_000_000],
  trustedDocumentsCacheMs: [30_000, 0, 600_000],
  // who uses what is deprecated
  usageFlushIntervalMs: [10_000, 50, 600_000],
  usageMaxCount: [10_000, 10, 1_000_000],
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
  // live streams: who is further behind begins at the newest, after a gap; who takes nothing while so many wait is cut off
  liveCatchUpMaxCount: [100_000, 1, 10_000_000],
  // a reserved event stream that nobody opens is forgotten
  streamReservationMaxMs: [30_000, 50, 600_000],
  streamWaitingMaxCount: [1_000, 10, 1_000_000],
  // answers kept for those who come back
  liveCacheMaxBytes: [16_000_000, 0, 1_000_000_000],
  // who is asking
  tokenMaxBytes: [8_192, 512, 65_536],
  tokenMaxLifetimeS: [86_400, 60, 2_592_000],
  tokenClockToleranceS: [5, 0, 300],
  principalCacheMaxCount: [5_000, 0, 1_000_000],
  principalCacheMs: [10_000, 0, 45_000],
  jwksTimeoutMs: [3_000, 100, 30_000],
  // the database
  poolWriteMaxCount: [16, 1, 1_000],
  // requests for one of the commands done most that come at once are done together: so many of them at most (1: each alone), so many times
  writesTogetherMaxCount: [32, 1, 1_000],
  writesTogetherAtOnceMaxCount: [2, 1, 100],
  poolReadMaxCount: [16, 1, 1_000],
  poolPortalMaxCount: [8, 1, 1_000],
  poolSystemMaxCount: [4, 1, 100],
  connectTimeoutMs: [3_000, 100, 60_000],
  readTimeoutMs: [10_000, 100, 600_000],
  writeTimeoutMs: [30_000, 100, 600_000],
  writeIdleTimeoutMs: [10_000, 200, 600_000],
  // in the background: for a server that vanished without a word
  backgroundTimeoutMs: [60_000, 500, 600_000],
  pageMaxCount: [1_000, 1, 10_000],
  chunkMaxCount: [1_000, 1, 10_000],
  // many inputs at once, and files that are imported
  bulkBodyMaxBytes: [4_000_000, 100_000, 100_000_000],
  bulkBodiesMaxCount: [16, 1, 1_000],
  importsPerProcessMaxCount: [2, 1, 100],
  uploadKeptHours: [168, 1, 8_760],
  uploadLinkMinutes: [1_440, 1, 10_080],
  importLinkMinutes: [60, 1, 10_080],
  // exports
  exportsPerProcessMaxCount: [2, 1, 100],
  exportsPerTenantMaxCount: [3, 1, 1_000],
  exportKeptHours: [48, 1, 8_760],
  exportLinkMinutes: [60, 1, 10_080],
  exportWorkPercent: [50, 1, 100],
  exportMaxMinutes: [120, 1, 1_440],
  exportFileMaxBytes: [10_000_000_000, 1_000, 1_000_000_000_000],
  exportStatementTimeoutMs: [120_000, 1_000, 3_600_000],
  // work in the background: who says nothing for so long has its work taken over; jobs five seconds later at most
  leaseTtlMs: [15_000, 500, 20_000],
  // ERPs: how often each process looks what is to be read by now, and how far reading is
  syncLookMs: [1_000, 20, 60_000],
  // a whole read that lacks more records than this, and a larger part of what is known, removes nothing before a person says so
  syncDeletesFreeCount: [20, 0, 1_000_000],
  syncDeletesMaxPercent: [10, 1, 100],
  // outgoing webhooks; answers are read up to so many bytes, and of one endpoint so many deliveries are laid out before it falls behind
  webhooksPerProcessMaxCount: [64, 2, 10_000],
  webhooksPerEndpointMaxCount: [4, 1, 100],
  webhookTimeoutMs: [10_000, 100, 60_000],
  webhookPendingMaxCount: [10_000, 10, 1_000_000],
  webhookDeliveriesKeptDays: [30, 1, 3_650],
  // readiness
  readinessTimeoutMs: [2_000, 50, 30_000],
  sealerLagMaxMs: [10_000, 100, 600_000],
} as const satisfies Record<string, Range>;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

/** @example limitVariable('bodyMaxBytes') // 'BODY_MAX_BYTES' */
export const limitVariable = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
