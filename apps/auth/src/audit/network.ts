import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** An address with a port, as some proxies write it into `X-Forwarded-For`: `192.0.2.7:1234`, `[2001:db8::1]:1234`. */
const WITH_PORT = /^(?:\[([^\]]{2,64})\]|(\d[\d.]{6,14}))(?::\d{1,5})?$/;

/**
 * The one spelling of an IP address: without port, brackets and zone, compressed and in lower case, IPv4 where it is
 * IPv4 within IPv6.
 *
 * @returns nothing for a text that is no address
 */
export function parseAddress(text: string): string | undefined {
  const [, bracketed, plain = text] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (bracketed ?? plain).split('%');
  const mapped = MAPPED_IPV4.exec(address)?.[1] ?? address;
  if (isIPv4(mapped)) return mapped;
  const canonical = isIPv6(address) ? SocketAddress.parse(`[${address}]:0`)?.address : undefined;
  return canonical === undefined ? undefined : (MAPPED_IPV4.exec(canonical)?.[1] ?? canonical);
}

/**
 * What stands for a requester's network: the address in IPv4, and the first 64 bits in IPv6, as one subscriber has all
 * addresses behind them (RFC 6177 §2).
 */
export function networkOf(address: string): string {
  return isIPv6(address) ? prefixOf(address, 4) : address;
}

/** The first 48 bits of an IPv6 address, which one site may have (RFC 6177 §2); the address itself in IPv4. */
export function siteOf(address: string): string {
  return isIPv6(address) ? prefixOf(address, 3) : address;
}

/** Whether an address has a site that is larger than its network. */
export function hasSite(address: string): boolean {
  return isIP(address) === 6;
}

function prefixOf(address: string, groups: 3 | 4): string {
  return `${groupsOf(address).slice(0, groups).join(':')}::/${groups * 16}`;
}

/** The eight groups of a compressed IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array.from({ length: Math.max(zeros, 0) }, () => '0'), ...(after ?? [])];
}
