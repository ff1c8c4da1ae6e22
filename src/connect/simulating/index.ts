/** What simulators of ERPs are made of (`cashgraph/connector/simulating`): a server that lets go wrong what is to go wrong, and a file for the books. */
export type { SeededRandomness } from '../../kernel/random.ts';
export { EventSender } from './event-sender.ts';
export { FaultChooser } from './fault-chooser.ts';
export { type Asked, formOf, type Front, type Refusals, type Said, SimulatedServer } from './server.ts';
export { readState, StateFile } from './state-file.ts';
