/** What the server needs for files of imports: what takes them, what reports of them, and what their addresses are signed with. */
import type { Clock } from '../../kernel/clock.ts';
import type { Vault } from '../../kernel/sealed.ts';
import type { UploadDesk } from './receive.ts';
import type { ReportDesk } from './report.ts';

export interface ImportFiles {
  readonly uploads: UploadDesk;
  readonly reports: ReportDesk;
  readonly vault: Pick<Vault, 'digests'>;
  readonly clock: Clock;
}
