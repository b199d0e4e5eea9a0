import { siteOf } from '../audit/network.js';
import type { Requester } from '../audit/requester.js';
import type { Turn } from './fair-queue.js';

/**
 * The turn of a request about an account. In IPv6 a whole site has one turn, as it could otherwise make up networks.
 *
 * @param account an address or an id
 */
export function turnOf({ ip }: Pick<Requester, 'ip'>, account: string): Turn {
  return { network: siteOf(ip), account };
}
