import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';

export const version: Command = {
  name: 'version',
  operands: [],
  summary: 'Shows the version',
  flags: [],
  run({ terminal }) {
    const { version: text }: { version: string } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    terminal.out(`kittiwake ${text} (Node ${process.versions.node})`);
    return Promise.resolve(0);
  },
};
