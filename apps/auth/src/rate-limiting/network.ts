import { isIPv6, SocketAddress } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What stands for the client's network: the address in IPv4, and the first 64 bits in IPv6, as one subscriber has
 * all addresses behind them (RFC 6177 §2).
 */
export function networkOf(ip: string): string {
  const [address = ip] = ip.split('%');
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
}

/** The eight groups of an IPv6 address, however it is spelled. */
function groupsOf(address: string): string[] {
  const canonical = SocketAddress.parse(`[${address}]:0`)?.address ?? address;
  const [head = '', tail] = canonical.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array.from({ length: Math.max(zeros, 0) }, () => '0'), ...(after ?? [])];
}
