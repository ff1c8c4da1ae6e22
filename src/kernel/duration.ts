/** Spans of time as ISO 8601 writes them: days, hours, minutes and seconds, whose lengths never depend on a calendar. */

const FORM = /^P(?=\d|T\d)(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const SECOND_MS = 1_000;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, SECOND_MS] as const;

/** In milliseconds; undefined for a text of another form. @example durationMs('PT5M') // 300_000 */
export function durationMs(text: string): number | undefined {
  const parts = FORM.exec(text)?.slice(1);
  return parts?.reduce((sum, part, i) => sum + Number(part ?? 0) * (UNITS_MS[i] ?? 0), 0);
}

/** For messages. @example secondsText(90_000) // '90 seconds' */
export const secondsText = (ms: number): string => `${Math.round(ms / SECOND_MS)} seconds`;
