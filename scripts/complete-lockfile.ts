import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Names in package-lock.json every optional package that others name for some platform. npm leaves those out that its
 * registry did not have at the time (a mirror that lags behind, for example), and `npm ci` then refuses the file. With
 * `--check` it only says what is missing.
 */
interface Locked {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];

const file = 'package-lock.json';
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(file, 'utf8'));
const missing = findMissing(lock.packages);

if (process.argv.includes('--check')) {
  for (const [path] of missing)
    console.log(`${path} is not in ${file}: run "node scripts/complete-lockfile.ts"`);
  if (missing.length > 0) process.exitCode = 1;
} else if (missing.length > 0) {
  for (const [path, entry] of missing) lock.packages[path] = entry;
  const sorted = Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`${missing.length} packages added to ${file}`);
}

function findMissing(packages: Record<string, Locked>): [string, Locked][] {
  const found = new Map<string, Locked>();
  const known = new Set(Object.keys(packages).map(path => path.replace(/^.*node_modules\//, '')));
  for (const { optionalDependencies, dev } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (!known.has(name) && /^\d/.test(version))
        found.set(`node_modules/${name}`, entryOf(name, version, dev));
    }
  }
  return [...found];
}

/** The platform is in the name: `@biomejs/cli-linux-arm64-musl`. */
function entryOf(name: string, version: string, dev: boolean | undefined): Locked {
  const parts = name.replace(/^.*\//, '').split('-');
  const at = parts.findIndex(part => SYSTEMS.includes(part));
  const [os, cpu, libc] = [parts[at], parts[at + 1], parts[at + 2]];
  if (at < 0 || os === undefined || cpu === undefined) throw new Error(`${name} names no platform`);
  return {
    version,
    cpu: [cpu],
    ...(dev === undefined ? {} : { dev }),
    ...(os === 'linux' && libc !== undefined ? { libc: [libc.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [os],
  };
}
