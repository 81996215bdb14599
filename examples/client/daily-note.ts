import { createClient } from '../../src/client/client.ts';

/**
 * Adds a line to the note of today: `node examples/client/daily-note.ts Bread, milk`.
 *
 * Reads `WIKI_URL` and `WIKI_TOKEN`. Several may run at once, and what a bad connection swallows is sent again: each line
 * is there once.
 */
const { WIKI_URL: url = 'http://127.0.0.1:8080', WIKI_TOKEN: token = '' } = process.env;
const client = createClient({ url, token });
const [day = '', time = ''] = new Date().toISOString().split(/[T.]/);
const line = process.argv.slice(2).join(' ');
const revision = await client.append(`Notes/${day}`, `- ${time} ${line}\n`, { message: `Note: ${line}` });
console.log(`Notes/${day} is now at ${revision}`);
