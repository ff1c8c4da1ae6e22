#!/usr/bin/env node
/**
 * The command line: `node boot.mjs cashgraph …` in a clone, `cashgraph …` in an installed package. Exit codes: 0 done, 1 refused or
 * failed, 2 called wrongly.
 */
import 'reflect-metadata';
import { run } from './program.ts';

/** Whatever still holds the process after its command's end must not keep it. */
const LINGER_MS = 2_000;

process.exitCode = await run(process.argv.slice(2));
setTimeout(() => process.exit(), LINGER_MS).unref();
