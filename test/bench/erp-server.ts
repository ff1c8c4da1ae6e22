// The simulated ERP of a bench, in a process of its own so that its memory and its work are not counted: says where it is, and how often a
// documented limit was broken whenever a line comes in.
import { createInterface } from 'node:readline';
import { startErpSimulator } from '../../src/cli/simulator.ts';

const [, , name = '', size = '1000'] = process.argv;
const simulator = await startErpSimulator(name, { seed: 'bench', size: Number(size) });
const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ url: simulator.url, access: simulator.access });
for await (const _ of createInterface({ input: process.stdin })) say({ violations: simulator.violations() });
await simulator.close();
