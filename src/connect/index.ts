/** All that a connector imports of Cashgraph: what a connector is, requests to other systems, signed messages, what its simulator offers. */
export {
  type Canonical,
  CANONICAL,
  type CanonicalKind,
  type Json,
  type JsonObject,
} from '../canonical/canonical.ts';
export { seededRandom, type SeededRandomness } from '../kernel/random.ts';
export type { AuthScheme } from './auth.ts';
export {
  type Assembled,
  type AssembleContext,
  type Balance,
  type Checked,
  type Connector,
  type ConnectorContext,
  type Cursor,
  defineConnector,
  MappingError,
  NotOurs,
  type Push,
  type PushRequest,
  type PushResult,
  type ReadRequest,
  type SourceRecord,
  type Stream,
  type StreamPage,
  type WebhookHint,
} from './connector.ts';
export type { ErpAnswer, ErpHttp, ErpRequestOptions } from './erp-http.ts';
export { ExternalError } from './external-error.ts';
export { createHttpClient } from './http.ts';
export { signMessage, verifyMessage } from './signature.ts';
export {
  type ErpSimulator,
  type ErpSimulatorOptions,
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
  type Simulator,
  type SimulatorOptions,
  type SimulatorWebhook,
} from './simulator.ts';
