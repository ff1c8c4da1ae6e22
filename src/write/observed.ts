/** What is observed in an ERP happened when it happened there, however much later it is seen. */
import type { Decision } from './command.ts';

/** A decision whose events happened at the time of the ERP, where it says one. */
export const happened = (decision: Decision, occurredAt: Date | null): Decision =>
  occurredAt === null || !('events' in decision)
    ? decision
    : { ...decision, events: decision.events.map((event) => ({ ...event, occurredAt })) };
