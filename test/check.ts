// What `npm test` runs: every check in order, on to the end, so that one run shows all that is wrong. The last line counts.
// With arguments only the tests run, and get them; with `--write` it repairs what can be repaired instead.
import { spawn, type StdioOptions } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Step {
  title: string;
  run: () => Promise<Counts>;
}

const root = dirname(import.meta.dirname);

async function main(args: string[]): Promise<void> {
  if (args.length === 1 && args[0] === '--write') return repair();
  const steps = args.length > 0 ? [testsStep(args)] : allSteps();
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { title, run } of steps) {
    const start = performance.now();
    say(`${title} …`);
    const counts = await run();
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    say(`${title}: ${counts.failed > 0 ? 'FAILED' : 'ok'} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  say(`${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

function allSteps(): Step[] {
  return [
    toolStep('Types', [bin('tsc'), '--noEmit']),
    toolStep('Lint', [bin('oxlint')]),
    toolStep('Format', [bin('biome'), 'format']),
    toolStep('Dead code', [bin('knip'), '--no-config-hints']),
    ...(hasSchema() ? [toolStep('Emitted schema', [...schemaCommand, '--check'])] : []),
    testsStep([]),
  ];
}

async function repair(): Promise<void> {
  const commands = [
    [bin('oxlint'), '--fix'],
    [bin('biome'), 'format', '--write'],
    ...(hasSchema() ? [schemaCommand] : []),
    ...quickStarts,
  ];
  for (const command of commands) {
    const { code, output } = await runNode(command, 'shown');
    if (code !== 0) say(output);
    process.exitCode ||= code;
  }
}

/** The documents of the quick starts, from the schema that was just written. */
const quickStarts = [[join(root, 'examples/quickstart/generate.ts')]];

const schemaCommand = [join(root, 'boot.mjs'), 'cashgraph', 'schema'];

function hasSchema(): boolean {
  return existsSync(join(root, 'src/cli/schema.ts'));
}

/** A tool that says nothing of interest unless it fails. */
function toolStep(title: string, command: string[]): Step {
  const run = async () => {
    const { code, output } = await runNode(command, 'kept');
    if (code === 0) return { passed: 1, failed: 0, skipped: 0 };
    say(output.trimEnd());
    return { passed: 0, failed: 1, skipped: 0 };
  };
  return { title, run };
}

function testsStep(args: string[]): Step {
  const run = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cashgraph-check-'));
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    try {
      const { code } = await runNode([bin('vitest'), 'run', ...reporters, ...args], 'shown');
      const counts = readReport(report);
      // Errors outside any test, or a run that broke off, must not pass for success.
      return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { title: 'Tests', run };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

function readReport(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  // A file that can't be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The script of an installed tool, to be run by this very Node and not by an older one on the PATH. */
function bin(name: string): string {
  return join(root, 'node_modules/.bin', name);
}

function runNode(command: string[], outputIs: 'shown' | 'kept'): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
    const stdio: StdioOptions = outputIs === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, command, { cwd: root, env, stdio });
    const chunks: Buffer[] = [];
    const output = () => Buffer.concat(chunks).toString('utf8');
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const stop = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', stop).on('SIGTERM', stop);
    child.on('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code: code ?? 1, output: output() });
    });
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main(process.argv.slice(2));
