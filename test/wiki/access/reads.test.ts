import { describe, expect, it } from 'vitest';
import { refusal, ruledWiki } from './access-support.ts';

const STAFF = { names: ['group:staff'] };

/** `secret` and what lies below it is the staff's. */
async function wikiWithSecret() {
  const made = await ruledWiki({ rules: [{ path: 'secret', read: ['group:staff'] }] });
  await made.commit({
    'open.md': 'open text [[Secret/Plan]] [[Docs]]',
    'docs.md': 'docs text',
    'docs/pic.png': 'picture',
    'secret.md': 'hidden index [[Docs]]',
    'secret/plan.md': 'hidden plan [[Open]] [[Docs]]',
    'secret/plan/pic.png': 'hidden picture',
  });
  return made;
}

describe('reading what a rule hides', () => {
  it('is refused as if there was nothing', async () => {
    const { as } = await wikiWithSecret();
    const wiki = as();
    const hidden = await refusal(wiki.readPage('Secret/Plan'));
    const absent = await refusal(wiki.readPage('Secret/None'));
    expect(hidden.code).toBe('page_not_found');
    expect(hidden.message).toBe(absent.message.replace('None', 'Plan'));
    const calls = [
      () => wiki.listAttachments('secret/plan'),
      () => wiki.readAttachment('secret/plan', 'pic.png'),
      () => wiki.openAttachment('secret/plan', 'pic.png'),
      () => wiki.presignAttachment('secret/plan', 'pic.png'),
      () => wiki.pageHistory('secret/plan'),
    ];
    for (const call of calls) expect((await refusal(call())).code).toBe('page_not_found');
  });

  it('is open to those whom the rule names', async () => {
    const { as } = await wikiWithSecret();
    const { body } = await as(STAFF).readPage('secret/plan');
    expect(body.content).toContain('hidden plan');
    expect((await as(STAFF).listPages()).total).toBe(4);
    expect((await as({ standing: 'admin' }).listPages()).total).toBe(4);
  });

  it('leaves it out of lists, links and the graph', async () => {
    const { as } = await wikiWithSecret();
    const wiki = as();
    const list = await wiki.listPages();
    expect(list.pages.map(({ path }) => path)).toEqual(['Docs', 'Open']);
    expect(list.total).toBe(2);
    expect((await wiki.readPage('docs')).body.linked_from).toEqual(['Open']);
    expect(await wiki.pageLinks('docs')).toEqual({ linked_from: ['Open'], links_to: [], path: 'Docs' });
    expect(await wiki.pageLinks('open')).toMatchObject({
      linked_from: [],
      links_to: ['Docs', 'Secret/Plan'],
    });
    expect(await wiki.pageLinks('secret/plan')).toEqual({
      linked_from: ['Open'],
      links_to: [],
      path: 'Secret/Plan',
    });
    expect((await wiki.linkGraph()).edges).toEqual([
      { source: 'Open', target: 'Docs' },
      { source: 'Open', target: 'Secret/Plan' },
    ]);
  });

  it('gives each caller an answer of its own, whoever asked before', async () => {
    const { as, wiki } = await wikiWithSecret();
    for (let round = 0; round < 2; round += 1) {
      expect((await wiki.listPages()).total).toBe(4);
      expect((await as().listPages()).total).toBe(2);
      expect((await as(STAFF).listPages()).total).toBe(4);
      expect((await wiki.linkGraph()).edges).toHaveLength(5);
      expect((await as().linkGraph()).edges).toHaveLength(2);
      expect((await as(STAFF).linkGraph()).edges).toHaveLength(5);
    }
    const seen = await as().readPage('docs');
    const whole = await wiki.readPage('docs');
    expect(seen.blob).toBe(whole.blob);
    expect(seen.etag).not.toBe(whole.etag);
  });

  it('leaves out single attachments of a page that can be read', async () => {
    const { as, setPolicy, commit } = await wikiWithSecret();
    await commit({ 'docs/key/one.png': 'hidden', 'docs/other.png': 'seen' });
    await setPolicy({ rules: [{ path: 'docs/pic.png', read: [] }] });
    const names = (await as().listAttachments('docs')).attachments.map(({ filename }) => filename);
    expect(names).toEqual(['other.png']);
    expect((await refusal(as().readAttachment('docs', 'pic.png'))).code).toBe('attachment_not_found');
  });

  it('holds for pages whose names were kept as they are', async () => {
    const { as, commit } = await wikiWithSecret();
    await commit({ 'Secret/Kept.md': 'hidden too' });
    expect((await refusal(as().readPage('Secret/Kept'))).code).toBe('page_not_found');
    expect((await as(STAFF).readPage('Secret/Kept')).body.content).toBe('hidden too');
  });

  it('counts from the change of the policy on, for older revisions too', async () => {
    const { as, put, setPolicy } = await wikiWithSecret();
    const first = await put('page', 'first');
    await put('page', 'second');
    expect((await as().readPage('page', { revision: first })).body.content).toBe('first');
    await setPolicy({ rules: [{ path: 'page', read: [] }] });
    expect((await refusal(as().readPage('page', { revision: first }))).code).toBe('page_not_found');
    expect((await refusal(as().readPage('page'))).code).toBe('page_not_found');
    await setPolicy({});
    expect((await as().readPage('page')).body.content).toBe('second');
  });

  it('is refused everywhere outside the prefix of a token', async () => {
    const { as } = await wikiWithSecret();
    const wiki = as({ standing: 'operator', scope: { rights: ['read'], prefix: 'docs' } });
    expect((await wiki.listPages()).pages.map(({ path }) => path)).toEqual(['Docs']);
    expect((await wiki.readPage('docs')).body.linked_from).toEqual([]);
    expect((await refusal(wiki.readPage('open'))).code).toBe('page_not_found');
    expect((await wiki.listAttachments('docs')).total).toBe(1);
  });
});
