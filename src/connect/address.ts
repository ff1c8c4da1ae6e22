/**
 * Which addresses on the network a request of ours may go to. Whoever may enter a URL (of a provider, of an ERP) must not reach with it
 * what only this machine or its own network can reach. It judges URLs and the addresses that names turn out to be; the connection is
 * then made to that very address (`http.ts`), since a name can mean another one a moment later.
 */
import { BlockList, isIP } from 'node:net';
import { DomainError } from '../kernel/errors.ts';

type Range = readonly [net: string, prefix: number];

/** Everything that isn't the public internet (IANA's special-purpose registry). */
const CLOSED_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Of IPv6 only this is the internet: what carries an IPv4 address inside (`::ffff:`, `64:ff9b::`) lies outside of it … */
const GLOBAL_V6: Range = ['2000::', 3];
/** … or here (6to4, Teredo), beside documentation and protocol assignments. */
const CLOSED_V6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closed = new BlockList();
for (const [net, prefix] of CLOSED_V4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of CLOSED_V6) closed.addSubnet(net, prefix, 'ipv6');
const global = new BlockList();
global.addSubnet(...GLOBAL_V6, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export interface Reach {
  /** This machine itself too, for simulators and sidecars: the operator's decision. */
  readonly allowsLoopback: boolean;
}

/** May a connection be made to this address? Anything that isn't an address in its plain form is refused. */
export function isReachable(address: string, { allowsLoopback }: Reach): boolean {
  if (allowsLoopback && isLoopback(address)) return true;
  const version = isIP(address);
  if (version === 4) return !closed.check(address, 'ipv4');
  return version === 6 && !address.includes('%') && global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && !address.includes('%') && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** The host of a URL as a name or a plain address: `[::1]` is `::1`. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

const URL_MAX_CHARS = 500;

type Entered = Reach & { readonly path?: readonly string[] };

const refusal =
  ({ path = [] }: Entered) =>
  (rule: string) =>
    new DomainError('INVALID_INPUT', `${path.at(-1) ?? 'The address'} ${rule}.`, { path });

/**
 * A base address that requests may be sent below: https, or http to this machine where that is allowed; without user, query and
 * fragment. Names are not looked up here.
 * @throws DomainError INVALID_INPUT that says what would be right
 * @example checkedBaseUrl('https://wms.example.com/api/', { allowsLoopback: false }).href
 */
export function checkedBaseUrl(text: string, entered: Entered): URL {
  const url = reachable(text, entered);
  if (/[?#]/.test(text)) throw refusal(entered)('must end with its path, without ? and #');
  return url;
}

/**
 * A whole address that requests may be sent to, by the same rules; it may have a query, and its host is written plainly: no decimal,
 * octal or other form of an address that reads as another one than it is.
 * @throws DomainError INVALID_INPUT that says what would be right
 * @example checkedUrl('https://hooks.example.com/in?code=7', { allowsLoopback: false }).href
 */
export function checkedUrl(text: string, entered: Entered): URL {
  const url = reachable(text, entered);
  const refuse = refusal(entered);
  if (text.includes('#')) throw refuse('must have no #');
  if (isIP(hostOf(url)) !== 0 && !text.toLowerCase().includes(`//${url.hostname}`)) throw refuse('must write its host plainly');
  return url;
}

function reachable(text: string, entered: Entered): URL {
  const { allowsLoopback } = entered;
  const refuse = refusal(entered);
  // WHATWG writes 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1, so only plain forms are left to judge
  const url = text.length <= URL_MAX_CHARS && URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw refuse('must be an address such as https://wms.example.com/api');
  if (url.username !== '' || url.password !== '') throw refuse('must carry no user or password');
  const host = hostOf(url);
  const isHere = host === 'localhost' || isLoopback(host);
  if (isHere && !allowsLoopback) throw refuse('must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on');
  if (url.protocol === 'http:' && !isHere) throw refuse('must begin with https://');
  if (isIP(host) !== 0 && !isReachable(host, { allowsLoopback })) throw refuse('must not lead into a private network');
  return url;
}
