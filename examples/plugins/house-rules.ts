import type { Plugin } from '../../src/plugin/plugin.ts';

/**
 * An example of a plugin, one hook of each kind. Run it with `KITTIWAKE_PLUGINS=./examples/plugins/house-rules.ts`.
 *
 * - Pages below `decisions/` need a line `Status: …`; a page that has none is refused.
 * - Runs of blank lines become one, before they are committed.
 * - `{{Status|draft}}` is shown as a badge.
 */

const STATUSES = ['draft', 'accepted', 'superseded'];

export const plugin: Plugin = {
  name: 'house-rules',
  version: '1',

  beforeWrite({ changes }, { refuse }) {
    const contents: Record<string, string> = {};
    for (const { path, content } of changes) {
      if (content === undefined) continue;
      const status = /^Status: *(\S+) *$/m.exec(content)?.[1];
      if (path.startsWith('decisions/') && !STATUSES.includes(status ?? '')) {
        refuse(`"${path}" needs a line "Status: …" with one of ${STATUSES.join(', ')}`);
      }
      const tidy = content.replace(/\n{3,}/g, '\n\n');
      if (tidy !== content) contents[path] = tidy;
    }
    return { contents };
  },

  renderEmbedding(name, _options, [status]) {
    if (name !== 'Status') return undefined;
    const known = STATUSES.find(each => each === status);
    return `<span class="badge">${known ?? 'unknown'}</span>`;
  },
};
