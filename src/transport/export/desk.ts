/** What resolvers ask about exports: whether one can be done at all, and addresses that work by themselves for a while. */
import { ERROR_CODES, isDomainError } from '../../kernel/errors.ts';
import { signUrl } from '../signed-url.ts';
import { columnsOf } from './columns.ts';
import type { ExportDesk } from './context.ts';
import type { ExportEngines } from './engines.ts';
import { wantedList } from './wanted.ts';

const MINUTE_MS = 60_000;

export const createDesk = (engines: ExportEngines): ExportDesk => ({
  problems(principal, { format, ...asked }) {
    try {
      const list = wantedList(engines, principal, asked);
      if (format !== 'JSONL') columnsOf(list.object);
      return [];
    } catch (error) {
      if (!isDomainError(error) || ERROR_CODES[error.code].kind === 'AUTH' || ERROR_CODES[error.code].kind === 'FAULT')
        throw error;
      const path = error.inputPath?.[0] === 'variables' ? ['variables'] : ['query'];
      return [{ code: error.code, message: error.message, path }];
    }
  },
  signed({ tenantId }, path) {
    const { vault, clock, limits } = engines;
    const expiresAt = new Date(clock.now().getTime() + limits.exportLinkMinutes * MINUTE_MS);
    return signUrl(vault, { path, tenantId, expiresAt }) ?? path;
  },
});
