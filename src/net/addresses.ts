import ipaddr from 'ipaddr.js';
import { rangeInvalid } from './errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that may be sent to besides public ones. */
export type Ranges = readonly (readonly [Address, number])[];

/** What IANA gives out to be reached by everybody; the rest of IPv6 is reserved, or means an IPv4 address. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * @param setting whose value they are, for messages. Default: that of webhooks
 * @throws KittiwakeError `config_invalid`
 */
export function parseRanges(texts: readonly string[], setting = 'KITTIWAKE_WEBHOOK_ALLOW'): Ranges {
  return texts.map(text => {
    const [address = '', bits] = text.split('/');
    // Else `10.1` were an address, too: 10.0.0.1.
    const isWhole = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
    if (!isWhole) throw rangeInvalid(text, setting);
    return rangeOf(text, setting, bits === undefined ? ipaddr.parse(address) : undefined);
  });
}

function rangeOf(text: string, setting: string, single: Address | undefined): Ranges[number] {
  if (single !== undefined) return [single, single.kind() === 'ipv4' ? 32 : 128];
  try {
    return ipaddr.parseCIDR(text);
  } catch {
    throw rangeInvalid(text, setting);
  }
}

/**
 * Whether requests may go to this address: everybody can reach it, or it is allowed. Addresses that stand for others (mapped, NAT64,
 * 6to4, Teredo) are refused, but for mapped ones, which are what they stand for.
 */
export function mayReach(text: string, allowed: Ranges): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (allowed.some(([range, bits]) => range.kind() === address.kind() && matches(address, range, bits))) {
    return true;
  }
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(...GLOBAL_UNICAST);
}

/** The address that a host of a URL is; undefined for a name. URLs have IPv4 addresses in one form, and IPv6 in brackets. */
export function literalOf(hostname: string): string | undefined {
  const text = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(text) ? text : undefined;
}

function matches(address: Address, range: Address, bits: number): boolean {
  return address instanceof ipaddr.IPv4
    ? address.match(range as ipaddr.IPv4, bits)
    : address.match(range as ipaddr.IPv6, bits);
}
