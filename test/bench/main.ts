// `npm run bench -- writes|ingest|erps|reads|export|live|webhooks`: each in a process of its own kind; without a name, writes.
const [, , name = 'writes'] = process.argv;
const BENCHES = ['writes', 'ingest', 'erps', 'reads', 'export', 'live', 'webhooks'];
if (!BENCHES.includes(name)) throw new Error(`There is no bench ${name}: ${BENCHES.join(', ')}.`);
await import(`./${name}.ts`);
