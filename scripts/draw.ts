import { readdirSync, readFileSync } from 'node:fs';
import { contextTable } from '../infra/read-context.ts';
import { settingsTable } from '../src/core/config-help.ts';
import { TOOLS } from '../src/mcp/tools/table.ts';
import { architectureGraph } from './architecture-graph.ts';
import { placeEndpoints } from './client-endpoints.ts';
import { type MarkedSection, placeSection } from './marked-section.ts';

/** Writes the generated parts of the documents; with `--check` it only says which are out of date. */
const check = process.argv.includes('--check');

/** The benchmarks that package.json has a script for, each with the first sentence about itself. */
function benchmarks(): string {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
  const rows = Object.entries(scripts).flatMap(([name, command]) => {
    const file = /^node (bench\/\S+\.ts)/.exec(command)?.[1];
    if (!name.startsWith('bench:') || file === undefined) return [];
    const text = /\/\*\*\s*([\s\S]*?)(?:\.\s|\*\/)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    return [`| \`npm run ${name}\` | ${text.replace(/\s*\n \* /g, ' ').trim()} |`];
  });
  return ['| command | measures |', '|---|---|', ...rows].join('\n');
}

/** Every decision, by its title. */
function decisions(): string {
  const files = readdirSync('docs/decisions').filter(name => name.endsWith('.md'));
  const titles = files.sort().map(name => {
    const title = /^# (.+)$/m.exec(readFileSync(`docs/decisions/${name}`, 'utf8'))?.[1] ?? name;
    return `- [${title}](docs/decisions/${name})`;
  });
  return titles.join('\n');
}

/** What language models can call: required arguments first as they are, the others with a `?`. */
function tools(): string {
  const rows = TOOLS.map(({ name, input, effects, description }) => {
    const { properties, required = [] } = input;
    const given = Object.keys(properties).map(each => (required.includes(each) ? each : `${each}?`));
    const order = given.toSorted((a, b) => Number(a.endsWith('?')) - Number(b.endsWith('?')));
    const kind = effects.readOnly ? 'reads' : effects.destructive === true ? 'replaces' : 'adds';
    return `| \`${name}\` | ${order.map(each => `\`${each}\``).join(' ')} | ${kind} | ${description} |`;
  });
  return ['| tool | arguments | | |', '|---|---|---|---|', ...rows].join('\n');
}

const sections: MarkedSection[] = [
  { file: 'ARCHITECTURE.md', name: 'graph', text: architectureGraph() },
  { file: 'ARCHITECTURE.md', name: 'decisions', text: decisions() },
  { file: 'docs/deploy.md', name: 'context', text: contextTable() },
  { file: 'docs/mcp.md', name: 'tools', text: tools() },
  { file: 'README.md', name: 'settings', text: settingsTable() },
  { file: 'README.md', name: 'benchmarks', text: benchmarks() },
];

for (const section of sections) {
  if (placeSection(section, check)) continue;
  console.log(`${section.file}: "${section.name}" ${check ? 'is out of date: npm run draw' : 'drawn'}`);
  if (check) process.exitCode = 1;
}

if (!(await placeEndpoints(check))) {
  console.log(`The types of the client ${check ? 'are out of date: npm run draw' : 'drawn'}`);
  if (check) process.exitCode = 1;
}
