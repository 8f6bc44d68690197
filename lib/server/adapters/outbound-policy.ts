import { AsyncLocalStorage } from 'node:async_hooks';
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { sharedSingleton } from '../shared-singleton';

/**
 * Where calls to outside services may go. An address that an administrator typed must not become a way into this
 * machine's own network (SSRF): unless they said so for this service, connections to private addresses are refused at
 * the moment of connecting, so that no name can change its address between a check and the call.
 */
export interface OutboundPolicy {
  allowPrivate: boolean;
}

const policies = () => sharedSingleton('outbound-policy', () => new AsyncLocalStorage<OutboundPolicy>());

/** Runs `work` under a policy. Without one, as in an adapter's own tests, every address may be called. */
export function withOutboundPolicy<T>(policy: OutboundPolicy, work: () => Promise<T>): Promise<T> {
  return policies().run(policy, work);
}

/** Addresses that are not of the public internet (IANA special-purpose registries, RFC 6890), and multicast. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['::1', 128],
  // Translated and tunnelled IPv4: where they end is not in the address's own hands.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address lies in this machine or a network that only this machine may reach; IPv4 in IPv6 included. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export class PrivateAddressRefused extends Error {
  override readonly name = 'PrivateAddressRefused';
  constructor() {
    super('the address is of this machine or network, which is not allowed for this service');
  }
}

/**
 * For hosts that are written as addresses, which no look-up sees. @throws PrivateAddressRefused
 * @param hostname as in a URL: an IPv6 address in brackets
 */
export function requireAllowedHost(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (policies().getStore()?.allowPrivate === false && isIP(address) !== 0 && isPrivateAddress(address))
    throw new PrivateAddressRefused();
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** `dns.lookup` for sockets: a name with any private address is refused where the policy says so. */
export function guardedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  const policy = policies().getStore();
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (policy?.allowPrivate === false && addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(new PrivateAddressRefused(), []);
    const [first] = addresses;
    if (options.all) callback(null, addresses);
    else if (first) callback(null, first.address, first.family);
    else callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
  });
}
