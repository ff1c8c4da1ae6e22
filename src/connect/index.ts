/** All that a connector imports of Cashgraph: requests to other systems, signed messages, and what its simulator offers. */
export { seededRandom, type SeededRandomness } from '../kernel/random.ts';
export { createHttpClient } from './http.ts';
export { signMessage, verifyMessage } from './signature.ts';
export type { Simulator, SimulatorOptions, SimulatorWebhook } from './simulator.ts';
