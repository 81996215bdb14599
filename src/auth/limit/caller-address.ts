/** What tells where a request comes from. */
export interface Arrival {
  /** Upper case. */
  method: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  peerAddress?: string;
}

/**
 * The address that a caller is counted under. Whoever came through a known door has passed a proxy, which has added the caller's
 * address to X-Forwarded-For; what stands before that, anybody may have written. Platforms add the proxy's address behind it.
 * Of IPv6 the network counts: one host has as many addresses as it likes.
 */
export function callerAddress(
  { headers, peerAddress = '' }: Omit<Arrival, 'method'>,
  isThroughDoor: boolean,
): string {
  if (!isThroughDoor) return network(peerAddress);
  const entries = (headers['x-forwarded-for'] ?? '').split(',').map(entry => entry.trim());
  const addresses = entries.map(withoutPort).filter(isAddress);
  const last = addresses.findLast(address => address !== peerAddress);
  return network(last ?? peerAddress);
}

/** Some proxies add the port, which is another one for each connection. */
function withoutPort(entry: string): string {
  const [, address = entry] = /^([\d.]+|\[[^\]]*\]):\d+$/.exec(entry) ?? [];
  return address.replace(/^\[(.*)\]$/, '$1');
}

function isAddress(text: string): boolean {
  return /^[0-9a-f.:]{2,45}$/i.test(text);
}

/** The first 64 bits of an IPv6 address; others as they are. */
function network(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = ''] = address.toLowerCase().split('::');
  const groups = head.split(':').filter(group => group !== '');
  const filled = address.includes('::') ? [...groups, '0', '0', '0', '0'] : groups;
  return filled
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
