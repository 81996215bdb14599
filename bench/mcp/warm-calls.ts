import { parsed, WikiClient } from '../http/client.ts';
import { HttpConnection } from '../support/http-connection.ts';
import { type Contestant, interleave } from '../support/interleave.ts';
import { pageText } from '../support/page-text.ts';
import type { Row } from '../support/report.ts';
import { API_KEY, type Served } from '../support/served.ts';
import { summarise } from '../support/statistics.ts';
import { expectSame } from '../support/verify.ts';
import { REVISIONS, type Revision, toolAnswer, toolCall } from './messages.ts';

/** What is asked both ways. */
interface Question {
  what: string;
  rest(round: number): Promise<unknown>;
  mcp(revision: Revision, round: number): Promise<unknown>;
}

/** Each question as REST and as a tool call of either revision, turn by turn, each over a connection that stays. */
export async function measureWarm(served: Served, rounds: number): Promise<Row[]> {
  const rest = await WikiClient.open(served);
  const connection = await HttpConnection.open(served.url);
  const call = async (revision: Revision, name: string, given: object) => {
    const { headers, body } = toolCall(revision, name, given);
    const { body: answer } = await connection.ask({
      method: 'POST',
      path: '/mcp',
      headers: { ...headers, authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify(body),
    });
    return toolAnswer(answer.toString());
  };
  const questions = questionsOf(rest, call);
  const times = await interleave(questions.flatMap(contestantsOf), { warmUp: 20, rounds });
  rest.close();
  connection.close();
  return questions.flatMap(({ what }) => rowsOf(what, times));
}

type Call = (revision: Revision, name: string, given: object) => Promise<Record<string, unknown>>;

function questionsOf(rest: WikiClient, call: Call): Question[] {
  const page = (round: number) => `Hub-${round % 5}`;
  let revision: unknown;
  const text = (round: number) => pageText({ seed: round, bytes: 2_000 });
  return [
    {
      what: 'read a page',
      rest: async round => parsed(await rest.get(`/pages/${page(round)}`)).content,
      mcp: async (by, round) => (await call(by, 'read_note', { path: page(round) })).content,
    },
    {
      what: 'update a page',
      async rest(round) {
        const body = JSON.stringify({ content: `${text(round)}rest ${round}\n`, revision });
        revision = parsed(
          await rest.send('PUT', '/pages/Written', body, revision === undefined ? 201 : 200),
        ).revision;
      },
      async mcp(by, round) {
        const content = `${text(round)}${by} ${round}\n`;
        const made = await call(by, 'write_note', { path: 'Written', content, revision });
        revision = made.revision;
      },
    },
    {
      what: 'search',
      rest: async () => parsed(await rest.get('/search?q=seabird&limit=20')).total,
      mcp: async by => (await call(by, 'search_notes', { query: 'seabird', limit: 20 })).total,
    },
  ];
}

function contestantsOf({ what, rest, mcp }: Question): Contestant[] {
  let told: { round: number; answer: unknown } | undefined;
  const compare = (round: number, answer: unknown) => {
    if (told?.round === round) expectSame(what, answer, told.answer);
    told = { round, answer };
  };
  return [
    { name: nameOf(what, 'REST'), run: async round => compare(round, await rest(round)) },
    ...REVISIONS.map(revision => ({
      name: nameOf(what, revision),
      run: async (round: number) => compare(round, await mcp(revision, round)),
    })),
  ];
}

function rowsOf(what: string, times: ReadonlyMap<string, readonly number[]>): Row[] {
  const plain = summarise(times.get(nameOf(what, 'REST')) ?? []);
  return ['REST', ...REVISIONS].map((by, index) => {
    const { count, p50, p95 } = summarise(times.get(nameOf(what, by)) ?? []);
    const more = index === 0 ? {} : { more50: p50 - plain.p50, more95: p95 - plain.p95 };
    return { what: index === 0 ? what : '', by, requests: count, p50, p95, ...more };
  });
}

function nameOf(what: string, by: string): string {
  return `${what}: ${by}`;
}
