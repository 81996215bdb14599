import { tenantNameInvalid } from './errors.ts';

/** Names that mean, or may come to mean, something else in front of a domain or behind a prefix. */
const RESERVED = new Set(
  [
    'admin api app apps assets auth autoconfig autodiscover billing blog cdn dashboard dev docs email ftp git health',
    'help imap internal kittiwake localhost login logout mail mcp metrics mta-sts mx ns ns1 ns2 oauth operator pop',
    'root server smtp staging static status support system tenant tenants test webmail wiki wikis wpad www',
  ].flatMap(line => line.split(' ')),
);

/**
 * True for what may stand before a domain: 1 to 63 lower-case letters, digits and hyphens, none of these at the ends (RFC 1035).
 * Names with hyphens in the third and fourth place are kept for IDNA (RFC 5890).
 */
export function isLabel(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text) && text.slice(2, 4) !== '--';
}

/** Refuses what cannot be the name of a new wiki among others. @throws KittiwakeError `tenant_name_invalid` */
export function checkTenantName(name: string): string {
  if (!isLabel(name)) {
    throw tenantNameInvalid(
      name,
      'it must be 1 to 63 lower-case letters, digits and hyphens, and neither begin nor end with a hyphen',
    );
  }
  if (RESERVED.has(name)) throw tenantNameInvalid(name, 'it is reserved');
  if (/^[0-9a-f]{32}$/.test(name)) throw tenantNameInvalid(name, 'it reads as the identity of a wiki');
  return name;
}
