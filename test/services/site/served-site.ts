import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '../../../src/client/client.ts';
import { ATTACKS } from '../../render/attacks.ts';
import { type RunningCli, startKittiwake, temporaryFolder } from '../../support/cli.ts';

const KEY = 'test-key';

/** A wiki with a page of each kind, served with its site. */
export interface ServedSite {
  /** `http://127.0.0.1:8080` */
  url: string;
  write(path: string, content: string): Promise<void>;
  /** Waits until the site answers a path with this status, and a text that `shows` holds. */
  until(path: string, status: number, shows?: string): Promise<string>;
  stop(): Promise<void>;
}

const PAGES: Readonly<Record<string, string>> = {
  home: '# Welcome\n\nTo the sea: [[Everything|Docs/Everything]].\n',
  'docs/everything': readFileSync(join(import.meta.dirname, 'everything.md'), 'utf8'),
  'docs/birds/kittiwake': '# Kittiwake\n\nRissa tridactyla, a gull. See [[Fulmar|Docs/Birds/Fulmar]].\n',
  'docs/birds/fulmar': '# Fulmar\n\nNo gull at all, says Ångström.\n',
  'docs/birds/puffin': '# Puffin\n\nIt digs.\n',
  attacks: `# Attacks\n\n${Object.values(ATTACKS).flat().join('\n\n')}\n`,
};

/** Serves the wiki; `env` besides what makes it public. */
export async function serveSite(env: Record<string, string> = {}): Promise<ServedSite> {
  const { path, remove } = temporaryFolder();
  const args = ['serve', '--port', '0', '--data', path('data'), '--log-level', 'error'];
  const server = startKittiwake(args, {
    env: {
      KITTIWAKE_API_KEY: KEY,
      KITTIWAKE_READ_ACCESS: 'ANONYMOUS',
      KITTIWAKE_SITE_NAME: 'Seabirds',
      KITTIWAKE_SITE_DESCRIPTION: 'What is known of them',
      ...env,
    },
  });
  const url = (await server.line(/ at http/)).replace(/^.* at /, '');
  const site = { url, write: writer(url), until: waiter(url), stop: () => stop(server, remove) };
  for (const [name, content] of Object.entries(PAGES)) await site.write(name, content);
  return site;
}

function writer(url: string): ServedSite['write'] {
  const client = createClient({ url, key: KEY });
  return async (path, content) => {
    await client.put(path, content, { message: `Writes ${path}` });
  };
}

function waiter(url: string): ServedSite['until'] {
  return async (path, status, shows = '') => {
    let last = '';
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`${url}${path}`, { redirect: 'manual' });
      last = await answer.text();
      if (answer.status === status && last.includes(shows)) return last;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`${path} did not come to be: ${last.slice(0, 500)}`);
  };
}

async function stop({ child, finished }: RunningCli, remove: () => void): Promise<void> {
  child.kill('SIGKILL');
  await finished;
  remove();
}
