import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How the tests' PostgreSQL is had on Debian. */
export const INSTALL = 'apt-get install postgresql';

/** The folder with the server's programs: the newest of Debian's. */
export function postgresPrograms(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin').filter(folder => existsSync(join(folder, 'pg_ctl')));
  return folders.sort((a, b) => Number(a.split('/')[4]) - Number(b.split('/')[4])).at(-1);
}

/** A server of PostgreSQL with one empty database, on 127.0.0.1 alone. */
export interface TestPostgres {
  /** With user and password. */
  readonly url: string;
  readonly port: number;
  /** Stops the server, `immediate` as a crash does, and starts it again. */
  restart(how: 'fast' | 'immediate'): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/**
 * Keeps one server: a line on standard input names how to stop it before it is started again; at the end of standard input, so
 * also when whoever started it is gone, all of it is removed. Nothing is synced: no power cut is tested.
 */
const KEEPER = `
set -eu
programs=$1 port=$2 password=$3
folder=$(mktemp -d /tmp/kittiwake-postgres-XXXXXX)
trap 'rm -rf "$folder"' EXIT
trap '' INT
printf %s "$password" >"$folder/password"
"$programs/initdb" -D "$folder/data" -U kittiwake -A scram-sha-256 --pwfile="$folder/password" \\
  --no-sync -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
start() {
  "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s \\
    -o "-h 127.0.0.1 -p $port -k $folder -c fsync=off" start || { cat "$folder/log" >&2; exit 1; }
  echo ready
}
start
while read -r how; do
  "$programs/pg_ctl" -D "$folder/data" -w -s -m "$how" stop
  start
done
"$programs/pg_ctl" -D "$folder/data" -w -s -m immediate stop
`;

/** Starts a server as the user "postgres", or as oneself where one is not root. */
export async function startPostgres(programs: string): Promise<TestPostgres> {
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  // In a group of its own, so that what ends this process leaves it the time to end the server.
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', programs, String(port), password], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    detached: true,
    ...unprivileged(),
  });
  const { ready, ended } = follow(keeper);
  await ready();
  return {
    url: `postgres://kittiwake:${password}@127.0.0.1:${port}/postgres`,
    port,
    async restart(how) {
      const again = ready();
      keeper.stdin.write(`${how}\n`);
      await again;
    },
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}

function follow(keeper: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
  let errors = '';
  keeper.stderr.setEncoding('utf8');
  keeper.stderr.on('data', chunk => {
    errors += chunk;
  });
  const ended = once(keeper, 'close');
  const lines = createInterface(keeper.stdout);
  const ready = async () => {
    const line = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
    if (line === undefined) throw new Error(`PostgreSQL is installed and could not be started: ${errors}`);
  };
  return { ready, ended };
}

/** The server refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map(flag => Number(spawnSync('id', [flag, 'postgres']).stdout));
  return { uid: uid as number, gid: gid as number };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
