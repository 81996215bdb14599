import type { Caller } from './callers.ts';
import type { Operation } from './operations.ts';

/** What became of a request: carried out, or the status it was refused with. */
export type Verdict = 'yes' | number;

export interface Row {
  operation: Operation;
  method: string;
  verdicts: readonly Verdict[];
}

const HEAD = `# Who may do what

Made by \`test/auth/matrix.test.ts\`, which sends each request as each caller; \`npx vitest run --project local test/auth/matrix.test.ts -u\`
draws it anew. ● is carried out; 401, 403 and 404 are the statuses of the refusals: 404 hides what the caller may not read.

The wiki of the table is open like this: \`READ_ACCESS=REGISTERED\`, \`WRITE_ACCESS=APPROVED\`, \`ATTACHMENT_ACCESS=ADMIN\`. It has one
rule, for \`team\` and everything below: its members read, write and attach files; one user administers it, and reads. Tokens are an
administrator's, and a user is called by a token of all rights of its own (\`GET\` and \`PATCH /me\`: by password). Where an
operation lists several pages, its answer leaves out those that the caller may not read.
`;

export function authorisationTable(callers: readonly Caller[], rows: readonly Row[]): string {
  const legend = callers.map(({ column }, index) => `${letterOf(index)} ${column}`).join(' · ');
  const parts = [HEAD, `**Callers**: ${legend}\n`];
  for (const [place, some] of byPlace(rows)) {
    parts.push(`## ${place}\n`, tableOf(callers, some));
  }
  return `${parts.join('\n')}`;
}

function byPlace(rows: readonly Row[]): Map<string, Row[]> {
  const places = new Map<string, Row[]>();
  for (const row of rows) {
    const { place } = row.operation;
    const name = place === undefined ? 'The wiki' : `${place.name}: \`${place.page}\``;
    places.set(name, [...(places.get(name) ?? []), row]);
  }
  return places;
}

function tableOf(callers: readonly Caller[], rows: readonly Row[]): string {
  const head = ['operation', 'request', ...callers.map((_, index) => letterOf(index))];
  const lines = rows.map(({ operation, method, verdicts }) => {
    const shown = verdicts.map(verdict => (verdict === 'yes' ? '●' : String(verdict)));
    return [operation.route, `\`${method} ${pathOf(operation)}\``, ...shown];
  });
  const rule = head.map((_, index) => (index < 2 ? '---' : ':-:'));
  return `${[head, rule, ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** Ids are another one each time. */
function pathOf({ path }: Operation): string {
  return path.replace(/\?.*$/, '').replace(/\/[0-9a-f]{16,}/g, '/ID');
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}
