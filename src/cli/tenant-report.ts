/** What the commands print of a wiki among others. */
interface Listed {
  name: string;
  uuid: string;
  state: string;
  createdMs: number;
  deletion?: { sweepMs: number };
  note?: string;
  owner?: string;
}

interface Usage {
  pages: number;
  bytes: number;
  limits: { pages: number; bytes: number };
}

/** One line with tabs. */
export function tenantLine({ name, uuid, state, deletion, owner = '', note = '' }: Listed): string {
  const until = deletion === undefined ? '' : ` until ${day(deletion.sweepMs)}`;
  return [name, `${state}${until}`, uuid, owner, note].join('\t').trimEnd();
}

/** A line for each thing that is known. */
export function tenantLines(tenant: Listed, usage: Usage | undefined): string[] {
  const { name, uuid, state, createdMs, deletion, owner, note } = tenant;
  const rows: [string, string | undefined][] = [
    ['name', name],
    ['uuid', uuid],
    ['state', state],
    ['created', createdMs === 0 ? undefined : day(createdMs)],
    ['removable', deletion && day(deletion.sweepMs)],
    ['owner', owner],
    ['note', note],
    ['pages', usage && of(usage.pages, usage.limits.pages)],
    ['bytes', usage && of(usage.bytes, usage.limits.bytes)],
  ];
  return rows.flatMap(([what, text]) => (text === undefined ? [] : [`${what}\t${text}`]));
}

function of(count: number, limit: number): string {
  return limit === 0 ? String(count) : `${count} of ${limit}`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
