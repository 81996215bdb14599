import { MAIN_REF } from '../git/ledger/ledger.ts';
import { FLUSH, packet } from '../net/git/pkt-line.ts';
import type { ShownRef, ShownRefs } from './shown-refs.ts';

/** With more, all refs are told, as git does it. */
const MAX_PREFIXES = 1_000;

/** The refs, as `ls-refs` wants them (gitprotocol-v2(5)). */
export function lsRefs(args: readonly string[], { refs, head }: ShownRefs): string {
  const wanted = new Set(args);
  const prefixes = args.flatMap(line => (line.startsWith('ref-prefix ') ? [line.slice(11)] : []));
  const isAll = prefixes.length === 0 || prefixes.length > MAX_PREFIXES;
  const isWanted = (name: string) => isAll || prefixes.some(prefix => name.startsWith(prefix));
  const lines: string[] = [];
  const symref = wanted.has('symrefs') ? ` symref-target:${MAIN_REF}` : '';
  if (isWanted('HEAD') && head !== undefined) lines.push(`${head} HEAD${symref}`);
  else if (isWanted('HEAD') && wanted.has('unborn')) lines.push(`unborn HEAD${symref}`);
  for (const ref of refs) if (isWanted(ref.name)) lines.push(lineOf(ref, wanted.has('peel')));
  return lines.map(line => packet(`${line}\n`)).join('') + FLUSH;
}

function lineOf({ name, oid, peeled }: ShownRef, isPeeled: boolean): string {
  return `${oid} ${name}${isPeeled && peeled !== undefined ? ` peeled:${peeled}` : ''}`;
}
