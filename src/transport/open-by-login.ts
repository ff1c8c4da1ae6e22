/** How many connections each login has open: counted as they come and go, since asking all of them takes the longer the more there are. */
import type { Principal } from '../access/principal.ts';

type Login = Pick<Principal, 'tenantId' | 'actorId'>;

export class OpenByLogin {
  private readonly counts = new Map<string, number>();

  of(login: Login): number {
    return this.counts.get(nameOf(login)) ?? 0;
  }

  opened(login: Login): void {
    this.counts.set(nameOf(login), this.of(login) + 1);
  }

  closed(login: Login): void {
    const left = this.of(login) - 1;
    if (left > 0) this.counts.set(nameOf(login), left);
    else this.counts.delete(nameOf(login));
  }
}

const nameOf = ({ tenantId, actorId }: Login): string => `${tenantId} ${actorId}`;
