/** The process of a deployment: configuration → platform → port. `node dist/main.js` is `cashgraph serve` without options. */
import 'reflect-metadata';
import { run } from './cli/program.ts';

process.exitCode = await run(['serve', ...process.argv.slice(2)]);
