import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

export interface AddressRules {
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Networks that may connect at all; empty = every network. */
  readonly ipAllowlist: readonly string[];
}

export interface ClientAddresses {
  /** The nearest address that is not a trusted proxy. */
  addressOf(request: IncomingMessage): string;
  isAllowed(address: string): boolean;
}

/** Finds out who calls: `X-Forwarded-For` counts only as far as trusted proxies wrote it. */
export function createClientAddresses({
  trustedProxies,
  ipAllowlist,
}: AddressRules): ClientAddresses {
  const proxies = toBlockList(trustedProxies);
  const allowed = toBlockList(ipAllowlist);
  return {
    addressOf: (request) => {
      const forwarded = String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .map((hop) => hop.trim());
      let address = canonical(request.socket.remoteAddress ?? '');
      while (contains(proxies, address)) {
        const previous = forwarded.pop();
        if (previous === undefined || isIP(previous) === 0) break;
        address = canonical(previous);
      }
      return address;
    },
    isAllowed: (address) => ipAllowlist.length === 0 || contains(allowed, address),
  };
}

/** Whose limits an address counts against: an IPv6 client owns its whole /64. */
export function limitedAs(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return `${[...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')}::/64`;
}

/** `::ffff:192.0.2.1` is how a dual-stack socket spells an IPv4 address. */
function canonical(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
