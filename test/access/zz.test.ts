import { printSchema } from 'graphql';
import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { createGraph, createPlatformCatalogue } from '../../src/platform.ts';
it('x', async () => { writeFileSync('/tmp/schema.graphql', printSchema(await createGraph(createPlatformCatalogue()))); });
