import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { follow, temporaryFolder } from '../../support/cli.ts';

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve('@modelcontextprotocol/conformance/dist/index.js');

/** What the suite says of one requirement. */
export interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** Runs every scenario that the official suite has for servers of a revision; the checks by scenario. */
export async function runSuite(url: string, revision: string): Promise<Map<string, Check[]>> {
  const folder = temporaryFolder();
  try {
    const results = folder.path('results');
    const flags = ['--url', url, '--suite', 'all', '--spec-version', revision, '--output-dir', results];
    const { out, err } = await follow([process.execPath, PROGRAM, 'server', ...flags]).finished;
    if (!out.includes('Total:')) throw new Error(`the suite did not end: ${out}${err}`);
    return new Map(readdirSync(results).map(name => [scenarioOf(name), checksOf(join(results, name))]));
  } finally {
    folder.remove();
  }
}

/** `server-tools-list-2026-11-22T07-02-45-970Z` */
function scenarioOf(folder: string): string {
  return folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
}

function checksOf(folder: string): Check[] {
  return JSON.parse(readFileSync(join(folder, 'checks.json'), 'utf8'));
}
