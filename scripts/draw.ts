import { architectureGraph } from './architecture-graph.ts';
import { type MarkedSection, placeSection } from './marked-section.ts';

/** Writes the generated parts of the documents; with `--check` it only says which are out of date. */
const check = process.argv.includes('--check');

const sections: MarkedSection[] = [{ file: 'ARCHITECTURE.md', name: 'graph', text: architectureGraph() }];

for (const section of sections) {
  if (placeSection(section, check)) continue;
  console.log(`${section.file}: "${section.name}" ${check ? 'is out of date: npm run draw' : 'drawn'}`);
  if (check) process.exitCode = 1;
}
