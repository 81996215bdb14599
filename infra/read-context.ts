import { nearest } from '../src/core/nearest.ts';
import { CONTEXT } from './context.ts';
import type { ContextValue } from './context-value.ts';
import { contextContradicts, contextInvalid, contextMissing, contextUnknown } from './errors.ts';

type Rows = typeof CONTEXT;
type ContextName = keyof Rows;

type ValueOf<R> =
  R extends ContextValue<infer T> ? (R extends { optional: true } ? T | undefined : T) : never;

/** What a deployment is made of. Defaults and meaning: `context.ts`. */
export type StackContext = { [N in Exclude<ContextName, 'apiKeySha256'>]: ValueOf<Rows[N]> } & {
  apiKeySha256: string;
};

/**
 * Reads all context values. What the CDK itself keeps in the context has a colon or a slash in its name and is not looked at.
 * @param given by name; numbers and switches of cdk.json count as what they would be typed as
 * @throws KittiwakeError `context_invalid`, naming the value and what would be right
 */
export function readContext(given: Readonly<Record<string, unknown>>): StackContext {
  refuseMisspelt(Object.keys(given));
  const values = Object.fromEntries(
    Object.entries(CONTEXT).map(([name, row]) => [name, parse(name, row, given[name])]),
  ) as StackContext;
  if (values.apiKeySha256 === undefined) throw contextMissing('apiKeySha256', CONTEXT.apiKeySha256.wanted);
  checkFrontDoor(values);
  checkCallers(values);
  checkWikis(values);
  checkMails(values);
  return values;
}

/** The table of docs/deploy.md. */
export function contextTable(): string {
  const rows: [string, ContextValue<unknown>][] = Object.entries(CONTEXT);
  const body = rows.map(([name, row]) => {
    const value = row.default === '' ? '' : `\`${row.default}\``;
    return `| \`${name}\` | ${value} | ${row.meaning.replaceAll('|', '\\|')} |`;
  });
  return ['| value | default | meaning |', '|---|---|---|', ...body].join('\n');
}

function parse(name: string, row: ContextValue<unknown>, given: unknown): unknown {
  const text = given === undefined || given === '' ? row.default : String(given);
  if (text === '' && row.optional) return undefined;
  const value = row.parse(text);
  if (value === undefined) throw contextInvalid(name, text, row.wanted);
  return value;
}

/** Other programs may have values of their own there; what is nearly one of ours is meant as ours. */
function refuseMisspelt(names: readonly string[]): void {
  const known = Object.keys(CONTEXT);
  for (const name of names.filter(each => !/[:/]/.test(each) && !known.includes(each))) {
    const near = nearest(name, known);
    if (near !== undefined) throw contextUnknown(name, near);
  }
}

function checkFrontDoor({ domainName, certificateArn, frontDoor, apiTimeout }: StackContext): void {
  if (domainName !== undefined && certificateArn === undefined) {
    throw contextContradicts('domainName', 'certificateArn', 'a name needs a certificate, set both');
  }
  if (domainName === undefined && certificateArn !== undefined) {
    throw contextContradicts('certificateArn', 'domainName', 'a certificate is that of a name, set both');
  }
  if (domainName !== undefined && apiTimeout > 59) {
    const what = `CloudFront gives up after 60 seconds, "${apiTimeout}" must be at most 59`;
    throw contextContradicts('apiTimeout', 'domainName', what);
  }
  if (frontDoor !== 'httpApi') return;
  if (domainName !== undefined) {
    throw contextContradicts('domainName', 'frontDoor', 'CloudFront stands in front of functionUrl only');
  }
  if (apiTimeout > 29) {
    const what = `an HTTP API gives up after 30 seconds, "${apiTimeout}" must be at most 29`;
    throw contextContradicts('apiTimeout', 'frontDoor', what);
  }
}

/** Who is calling must not be what anybody can say. */
function checkCallers(context: StackContext): void {
  const { jwtIssuer, jwtAudience, proxySecretArn, previousProxySecretArn, domainName } = context;
  if (jwtIssuer !== '' && jwtAudience === '') {
    throw contextContradicts('jwtIssuer', 'jwtAudience', 'a JWT for somebody else must not count, set both');
  }
  if (proxySecretArn === undefined && previousProxySecretArn !== undefined) {
    throw contextContradicts(
      'previousProxySecretArn',
      'proxySecretArn',
      'it comes before another one, set both',
    );
  }
  if (proxySecretArn === undefined || domainName === undefined) return;
  const what = 'CloudFront hands on the headers of anybody, have the proxy call the URL of the function';
  throw contextContradicts('proxySecretArn', 'domainName', what);
}

function checkWikis({ tenants, wiki, frontDoor, site }: StackContext): void {
  if (tenants === '') return;
  if (site) throw contextContradicts('site', 'tenants', 'a distribution shows the pages of one wiki');
  if (wiki !== undefined) throw contextContradicts('wiki', 'tenants', 'there is one wiki or there are many');
  if (tenants.startsWith('host:') && frontDoor === 'functionUrl') {
    const what = 'the URL of a function knows no other host, use httpApi or path:/PREFIX';
    throw contextContradicts('tenants', 'frontDoor', what);
  }
}

function checkMails({ mail, mailSender, mailServer }: StackContext): void {
  if (mail !== 'none' && mailSender === '') {
    throw contextContradicts('mail', 'mailSender', 'mails need a sender, set both');
  }
  if (mail === 'smtp' && mailServer === '') {
    throw contextContradicts('mail', 'mailServer', 'SMTP needs a server, set both');
  }
}
