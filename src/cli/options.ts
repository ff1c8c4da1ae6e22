/** Options that several commands share, and how their texts become values. A wrong one is answered in one sentence, with exit code 2. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Config, loadConfig, type Overrides } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';
import { UsageError } from './failure.ts';

export interface DataOptions {
  readonly dataDir?: string;
}

/** @throws UsageError with a sentence for each wrong setting */
export function readConfig(overrides: Overrides = {}): Config {
  try {
    return loadConfig(undefined, overrides);
  } catch (error) {
    throw error instanceof DomainError ? new UsageError(error.message) : error;
  }
}

export const configFor = ({ dataDir }: DataOptions): Config => readConfig({ CASHGRAPH_DATA_DIR: dataDir });

export const withDataDir = (command: Command): Command =>
  command.addOption(new Option('--data-dir <folder>', 'where the embedded database and the keys are (default: .cashgraph)'));

export const withJson = (command: Command): Command => command.option('--json', 'print JSON instead of tables');

/** @example wholeNumber(1, 10)('7') // 7 */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** For an option that may stand several times. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** `name=value`, both not empty. */
export function pairs(texts: readonly string[], option: string): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1 || at === text.length - 1) throw new UsageError(`${option} takes name=value, and "${text}" is not that.`);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
    }),
  );
}
