import { describe, expect, test } from 'vitest';
import { openWiki } from '../harness.ts';

/** Contract section 7. */

async function linksOf(content: string, env: Record<string, string> = {}): Promise<string[]> {
  const { call, write } = await openWiki(env);
  await write('source', content);
  const { body } = await call('GET', '/links/source');
  return body.links_to;
}

describe('wiki links (7)', () => {
  test.each([
    ['[[Page]]', ['Page']],
    ['[[Text|Page]]', ['Page']],
    ['[[A|B|C]]', ['B|C']],
    ['[[ Page ]]', ['Page']],
    ['[[/Page]]', ['Page']],
    ['[[Page#anchor]]', ['Page']],
    ['[[#anchor]]', []],
    ['[[]]', []],
    ['`[[InCode]]`', ['Incode']],
    ['[[../Rel]]', ['../Rel']],
    ['[[b]] [[a]] [[b]]', ['A', 'B']],
    ['[x](/Page)', []],
    ['[[a\nb]]', ['A\nB']],
  ])('%j links to %j', async (content, wanted) => {
    expect(await linksOf(content)).toEqual(wanted);
  });

  test.each(['LINKTITLE', 'LINK_TITLE', 'PageNameTitle'])(
    'style %s has the page on the left',
    async style => {
      expect(await linksOf('[[Page|Text]]', { WIKILINK_STYLE: style })).toEqual(['Page']);
    },
  );
});

describe('GET /links/<path> (7.1)', () => {
  test('both directions, also of a page that is not there', async () => {
    const { call, write } = await openWiki();
    await write('Source-A', '[[Link-Source]] [[OldTarget]]');
    await write('link-source', '[[Another]] [[Target Page]]');
    expect((await call('GET', '/links/Link-Source')).body).toEqual({
      linked_from: ['Source-A'],
      links_to: ['Another', 'Target Page'],
      path: 'Link-Source',
    });
    expect((await call('GET', '/links/oldtarget')).body).toEqual({
      linked_from: ['Source-A'],
      links_to: [],
      path: 'Oldtarget',
    });
    const unknown = await call('GET', '/links/unknown');
    expect([unknown.status, unknown.body]).toEqual([200, { linked_from: [], links_to: [], path: 'Unknown' }]);
  });

  test('follows every write', async () => {
    const { call, write } = await openWiki();
    const from = async () => (await call('GET', '/links/t')).body.linked_from;
    const revision = await write('a', '[[t]]');
    expect(await from()).toEqual(['A']);
    await call('PATCH', '/pages/a', { revision, old_string: '[[t]]', new_string: 'none' });
    expect(await from()).toEqual([]);
    await write('a', '[[t]]');
    await call('POST', '/pages/a/rename', { new_path: 'b' });
    expect(await from()).toEqual(['B']);
    await call('DELETE', '/pages/b');
    expect(await from()).toEqual([]);
  });
});

describe('GET /links (7.2)', () => {
  test('the whole graph', async () => {
    const { call, write } = await openWiki();
    expect((await call('GET', '/links')).body).toEqual({ edges: [], nodes: [] });
    await write('home', '[[node a]] [[b]]');
    await write('b', '[[home]]');
    await write('alone', 'x');
    const { edges, nodes } = (await call('GET', '/links')).body;
    expect(nodes).toEqual(['B', 'Home', 'Node A']);
    expect(edges).toHaveLength(3);
    expect(edges).toContainEqual({ source: 'Home', target: 'Node A' });
  });

  test('in parts', async () => {
    const { call, write } = await openWiki();
    await write('home', '[[a]] [[b]] [[c]]');
    const first = (await call('GET', '/links?limit=2')).body;
    expect(first.edges).toHaveLength(2);
    expect(first.nodes).toHaveLength(3);
    const rest = (await call('GET', `/links?limit=2&cursor=${first.next_cursor}`)).body;
    expect(rest.edges).toHaveLength(1);
    expect(rest.next_cursor).toBeUndefined();
  });
});
