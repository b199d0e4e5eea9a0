import { siteOf } from '../audit/network.js';
import type { Requester } from '../audit/requester.js';

/** Whose turn it is: turns go round between networks and, within a network, between accounts. */
export interface Turn {
  readonly network: string;
  /** An address or an id; it need not exist. */
  readonly account: string;
}

/**
 * The turn of a request about an account. In IPv6 a whole site has one turn, as it could otherwise make up networks.
 *
 * @param account an address or an id
 */
export function turnOf({ ip }: Pick<Requester, 'ip'>, account: string): Turn {
  return { network: siteOf(ip), account };
}

interface Entry<Item> {
  readonly item: Item;
  readonly turn: Turn;
}

type Lanes<Item> = Map<string, Entry<Item>[]>;

/**
 * A bounded queue that no one network, and within a network no one account, can fill: the next entry is taken from the
 * network whose last turn is longest ago, and a full queue makes room for a newcomer at the expense of the network (or
 * account) that has most entries in it.
 */
export class FairQueue<Item> {
  /** Networks, and within each its accounts, in the order in which their next turn comes. */
  private readonly networks = new Map<string, Lanes<Item>>();
  private count = 0;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.count;
  }

  /** @returns the item that the queue has no room for: this one, or the newest of those that take up most of it */
  add(item: Item, turn: Turn): Item | undefined {
    const evicted = this.count < this.capacity ? undefined : this.evictFor(turn);
    if (this.count >= this.capacity) return item;
    this.append({ item, turn });
    return evicted?.item;
  }

  /** Takes the entry whose turn it is. */
  next(): Item | undefined {
    const network = this.networks.entries().next().value;
    if (!network) return undefined;
    const account = network[1].entries().next().value;
    const entry = account?.[1].shift();
    if (!account || !entry) return undefined;
    this.count--;
    moveToEnd(network[1], account[0], account[1].length === 0);
    moveToEnd(this.networks, network[0], network[1].size === 0);
    return entry.item;
  }

  /** @returns whether the item was still waiting */
  remove(item: Item, { network, account }: Turn): boolean {
    const entries = this.networks.get(network)?.get(account) ?? [];
    const index = entries.findIndex((entry) => entry.item === item);
    if (index < 0) return false;
    this.drop(network, account, index);
    return true;
  }

  private append(entry: Entry<Item>): void {
    const { network, account } = entry.turn;
    const accounts: Lanes<Item> = this.networks.get(network) ?? new Map();
    this.networks.set(network, accounts);
    accounts.set(account, [...(accounts.get(account) ?? []), entry]);
    this.count++;
  }

  /** Only a lane that stays longer than the newcomer's own gives an entry up. */
  private evictFor({ network, account }: Turn): Entry<Item> | undefined {
    const crowdedNetwork = longest(this.networks, sizeOf);
    const own = this.networks.get(network);
    if (!crowdedNetwork) return undefined;
    const [name, accounts] = crowdedNetwork;
    const [crowdedAccount, entries] = longest(accounts, ({ length }) => length) ?? ['', []];
    const isOtherNetwork = sizeOf(own) + 1 < sizeOf(accounts);
    const isOtherAccount = name === network && (own?.get(account)?.length ?? 0) + 1 < entries.length;
    if (!isOtherNetwork && !isOtherAccount) return undefined;
    return this.drop(name, crowdedAccount, entries.length - 1);
  }

  private drop(network: string, account: string, index: number): Entry<Item> | undefined {
    const accounts = this.networks.get(network);
    const [entry] = accounts?.get(account)?.splice(index, 1) ?? [];
    if (accounts?.get(account)?.length === 0) accounts.delete(account);
    if (accounts?.size === 0) this.networks.delete(network);
    if (entry) this.count--;
    return entry;
  }
}

function moveToEnd<Value>(map: Map<string, Value>, key: string, isEmpty: boolean): void {
  const value = map.get(key);
  map.delete(key);
  if (value !== undefined && !isEmpty) map.set(key, value);
}

function sizeOf(accounts: Lanes<unknown> = new Map()): number {
  let size = 0;
  for (const { length } of accounts.values()) size += length;
  return size;
}

function longest<Value>(
  map: Map<string, Value>,
  lengthOf: (value: Value) => number,
): [string, Value] | undefined {
  let found: [string, Value] | undefined;
  for (const entry of map) if (!found || lengthOf(entry[1]) > lengthOf(found[1])) found = entry;
  return found;
}
