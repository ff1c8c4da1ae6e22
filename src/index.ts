/** The package's public way in: build a platform over a database of yours, and serve it. */
export { loadConfig, type Config } from './config.ts';
export { fixedClock, systemClock, type Clock } from './kernel/clock.ts';
export { DomainError, ERROR_CODES, type ErrorCode } from './kernel/errors.ts';
export { seededRandom, systemRandom, type Randomness } from './kernel/random.ts';
export { createPlatform, type Platform } from './platform.ts';
export type { PlatformOptions } from './platform-engines.ts';
export { fieldResolver } from './read/schema.ts';
export { listen, type Listening, type ListenOptions } from './transport/http.ts';
export { createLogger } from './transport/logger.ts';
