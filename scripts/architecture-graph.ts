import { execFileSync } from 'node:child_process';

interface Cruised {
  modules: {
    source: string;
    dependencies: { resolved: string; dynamic: boolean; dependencyTypes: string[] }[];
  }[];
}

type Strength = 'value' | 'later';

/** The graph of the modules of `src` as Mermaid, from the imports that are really there. */
export function architectureGraph(): string {
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const json = execFileSync('depcruise', [...options, 'src'], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const { modules }: Cruised = JSON.parse(json);
  const arrows = new Map<string, Strength>();
  for (const { source, dependencies } of modules) {
    const from = moduleOf(source);
    for (const { resolved, dynamic, dependencyTypes } of dependencies) {
      const to = moduleOf(resolved);
      if (from === undefined || to === undefined || from === to) continue;
      const strength = dynamic || dependencyTypes.includes('type-only') ? 'later' : 'value';
      if (arrows.get(`${from} ${to}`) !== 'value') arrows.set(`${from} ${to}`, strength);
    }
  }
  return mermaid(arrows);
}

function moduleOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function mermaid(arrows: ReadonlyMap<string, Strength>): string {
  const lines = [...arrows]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([pair, strength]) => {
      const [from, to] = pair.split(' ');
      return `  ${from} ${strength === 'value' ? '-->' : '-.->'} ${to}`;
    });
  return ['```mermaid', 'graph TD', ...lines, '```'].join('\n');
}
