import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../../src/lazy/app.ts';
import { pagePath } from '../support/page-layout.ts';
import { RARE_TERM } from '../support/page-text.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import type { AgedWiki } from './aged-wiki.ts';
import { type Asked, ask, freshService } from './fresh-service.ts';

/** Asks one thing of a service. `round` tells which page. */
export type Question = (service: Service, round: number, prepared: string) => Promise<Asked>;

/** Where the pages that are read, and those that are written, begin. */
const [READ, WRITTEN] = [242, 555];

export interface Row {
  what: string;
  ask: Question;
  /** What another process finds out beforehand. */
  prepare?: (service: Service, round: number) => Promise<string>;
}

export function questionsOf(wiki: AgedWiki): Row[] {
  const { pages, layout } = wiki.size;
  const path = (round: number, from = READ) =>
    pagePath((round * 7919 + from) % pages, pages, layout).replace(/\.md$/, '');
  const revision = async (service: Service, round: number) =>
    (await ask(service, 'GET', `/pages/${path(round, WRITTEN)}`)).body.revision as string;
  const put: Question = async (service, round, known) => {
    const content = `Written ${Math.random()}.\n`;
    return ask(service, 'PUT', `/pages/${path(round, WRITTEN)}`, { content, revision: known });
  };
  const writtenBefore = async (service: Service, round: number) =>
    (await put(service, round, await revision(service, round))).body.revision as string;
  return [
    { what: 'GET page', ask: (service, round) => ask(service, 'GET', `/pages/${path(round)}`) },
    { what: 'PUT page', ask: put, prepare: revision },
    { what: 'PUT page, in the journal', ask: put, prepare: writtenBefore },
    { what: 'GET /pages', ask: service => ask(service, 'GET', '/pages') },
    { what: 'GET /links of a page', ask: (service, round) => ask(service, 'GET', `/links/${path(round)}`) },
    { what: 'GET /links', ask: service => ask(service, 'GET', '/links') },
    { what: 'search', ask: service => ask(service, 'GET', `/search?q=${RARE_TERM}`) },
  ];
}

/** The same, asked of a process that has just started, and again of that one. */
export async function askColdAndWarm(
  server: ServerUnderTest,
  wiki: AgedWiki,
  row: Row,
  { rounds, folder, from }: { rounds: number; folder: string; from: number },
): Promise<{ cold: Asked[]; warm: Asked[] }> {
  const [cold, warm]: [Asked[], Asked[]] = [[], []];
  for (let round = from; round < from + rounds; round += 1) {
    const data = mkdtempSync(join(folder, 'data-'));
    const prepare = async () => (await row.prepare?.(freshService(server, wiki, data), round)) ?? '';
    const known = await prepare();
    const service = freshService(server, wiki, data);
    const first = await row.ask(service, round, known);
    cold.push(first);
    warm.push(await row.ask(service, round, first.body.revision ?? known));
    await service.close();
    rmSync(data, { recursive: true, force: true });
  }
  return { cold, warm };
}
