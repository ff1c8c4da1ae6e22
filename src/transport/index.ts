/** What the composition root and the command line use of the transport. */
export { listen } from './http.ts';
export { listenForStatus } from './status.ts';
export { bundle as bundleGraphiql } from './graphiql-bundle.ts';
export { openLocalIssuer, type LocalIssuer } from './local-issuer.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export type { DemoLogin, ExampleOperation, Listening, ListenOptions, ReadinessCheck, RequestFacts, SignIn } from './options.ts';
export { CLOSE } from './socket-connection.ts';
