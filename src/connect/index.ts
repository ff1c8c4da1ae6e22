/**
 * All that a connector imports of Cashgraph (`cashgraph/connector`): what a connector is, tables and codecs for its records, requests to
 * other systems, proofs of webhooks, what its simulator offers. What is not here is no part of the contract.
 */
export {
  type Canonical,
  CANONICAL,
  CANONICAL_KINDS,
  type CanonicalKind,
  type Json,
  type JsonObject,
} from '../canonical/canonical.ts';
export {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  divideDecimal,
  multiplyDecimal,
  roundDecimal,
  subtractDecimal,
} from '../kernel/decimal.ts';
export { seededRandom, type SeededRandomness } from '../kernel/random.ts';
export type { AuthScheme } from './auth.ts';
export type { Codec, Decoder, ValueOf } from './codec.ts';
export {
  amount,
  amountNumber,
  bool,
  codes,
  currency,
  day,
  flag,
  id,
  instant,
  not,
  padded,
  sapDay,
  sapInstant,
  text,
  whole,
} from './codecs.ts';
export {
  type Assembled,
  type AssembleContext,
  type AuthorityKind,
  type AuthoritySide,
  type Balance,
  type Checked,
  type CheckedLegalEntity,
  type Connector,
  type ConnectorContext,
  type Cursor,
  defineConnector,
  MappingError,
  NotOurs,
  type Period,
  type Push,
  type PushCommand,
  type PushRequest,
  type PushResult,
  type RateLimit,
  type ReadRequest,
  type SourceRecord,
  type Stream,
  type StreamPage,
  type WebhookHint,
  type WebhookMessage,
  type Webhooks,
} from './connector.ts';
export { country, countryName } from './country.ts';
export type { ErpAnswer, ErpHttp, ErpRequestOptions, Judge } from './erp-http.ts';
export {
  compare,
  decimalsOf,
  isZero,
  minus,
  negated,
  numberOf,
  percentOf,
  plain,
  plus,
  product,
  quotient,
  sumOf,
} from './exact.ts';
export { ExternalError, type FailureKind } from './external-error.ts';
export { createHttpClient } from './http.ts';
export { decimalOf, parseJson } from './json-text.ts';
export { defineMapping, type ExtensionRow, extensionsOf, listOf, type Mapping } from './mapping.ts';
export { signMessage, verifyMessage } from './signature.ts';
export {
  type ErpSimulator,
  type ErpSimulatorOptions,
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
  type SimulatedCompany,
  type Simulator,
  type SimulatorOptions,
  type SimulatorWebhook,
} from './simulator.ts';
export { type CloudEvent, cloudEvents, verifyHmac } from './webhook-verify.ts';
