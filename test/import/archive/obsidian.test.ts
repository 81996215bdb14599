import { describe, expect, it } from 'vitest';
import type { ArchiveOptions } from '../../../src/import/archive/archive-options.ts';
import { OBSIDIAN_VAULT } from './samples/obsidian-vault.ts';
import { openBytes, readAll, zipOf } from './zip-maker.ts';

async function read(files: Record<string, string>, options: Partial<ArchiveOptions> = {}) {
  const source = await openBytes(await zipOf(files), options);
  const { rows, notes } = await readAll(source);
  return { source, notes, texts: Object.fromEntries(rows.map(row => [row.path, row.text])) };
}

/** One note of a vault with some others. */
async function note(text: string, options: Partial<ArchiveOptions> = {}): Promise<string> {
  const files = { ...OBSIDIAN_VAULT, 'Animals/Test.md': text };
  return (await read(files, options)).texts['Animals/Test.md'] ?? '';
}

describe('a vault of Obsidian', () => {
  it('is told from its settings, and read from the folder that they lie in', async () => {
    const inFolder = Object.fromEntries(
      Object.entries(OBSIDIAN_VAULT).map(([path, text]) => [`My Vault/${path}`, text]),
    );
    const { source, texts } = await read(inFolder);
    expect(source.convention).toBe('obsidian');
    expect(texts).toEqual((await read(OBSIDIAN_VAULT)).texts);
    expect(Object.keys(texts).sort()).toEqual([
      'Animals/Kelp.md',
      'Animals/Note.md',
      'Animals/Sea Otter.md',
      'Assets/Files/board.canvas',
      'Assets/Files/otter.png',
      'Assets/Files/paper.pdf',
      'Home.md',
      'Note.md',
      'Places/Deep/Note.md',
      'Places/Deep/Reef.md',
    ]);
  });

  it('has links by the shortest path, aliases, sections and embeds that lead where they led', async () => {
    const { notes, texts } = await read(OBSIDIAN_VAULT);
    expect(texts['Home.md']?.split('\n')).toEqual([
      '---',
      'aliases: [Start]',
      'tags: [index]',
      'up: "[[Reef|Places/Deep/Reef]]"',
      '---',
      '# Home',
      'See [[Sea Otter|Animals/Sea Otter]], [[kelp|Animals/Kelp]], [[what it eats|Animals/Sea Otter#Diet]] and [[Reef#North#Cave|Places/Deep/Reef#Cave]].',
      'Also [[#Local]], [[here|#Local]], [[Nowhere]], [[Sea Otter|Animals/Sea Otter]] and a block. ^c3d4',
      '',
      '![otter](assets/files/otter.png) ![otter](assets/files/otter.png) ![A swimmer](assets/files/otter.png) [paper.pdf](assets/files/paper.pdf#page=3)',
      '',
      '![[Places/Deep/Reef]]',
      '',
      '![[Places/Deep/Reef#North]]',
      '',
      'Inline [[Reef|Places/Deep/Reef]] is no block.',
      '',
      '| a | b |',
      '|---|---|',
      '| [[otter\\|Animals/Sea Otter]] | ![otter](assets/files/otter.png) |',
      '',
      '[md](animals/sea%20otter.md#diet) ![pic](assets/files/otter.png) [web](https://example.org) [gone](Gone.md)',
      '',
      '`[[Sea Otter]]`',
      '',
      '```',
      '[[Sea Otter]]',
      '> [!bug] code',
      '```',
      '',
    ]);
    expect(notes).toEqual({ link_unresolved: 2 });
  });

  it('brings the pictures of folders that hold no note', async () => {
    const { texts } = await read({
      '.obsidian/app.json': '{}',
      'notes/x.md': '![[map.png]]',
      'img/map.png': 'm',
      'img/map.xcf': 'x',
    });
    expect(Object.keys(texts).sort()).toEqual(['img/map.png', 'notes/x.md']);
  });

  it('takes the very path, then the note in the same folder, then the shortest path', async () => {
    expect(await note('[[Note]] [[./note]] [[Animals/Note]]')).toBe(
      '[[Note]] [[./note|Animals/Note]] [[Animals/Note]]',
    );
    const files: Record<string, string> = {
      ...OBSIDIAN_VAULT,
      'Animals/x.md': '[[Note]]',
      'x.md': '[[Note]] [[Deep/Note]]',
    };
    delete files['Note.md'];
    const { texts } = await read(files);
    expect(texts['Animals/x.md']).toBe('[[Note|Animals/Note]]');
    expect(texts['x.md']).toBe('[[Note|Animals/Note]] [[Deep/Note|Places/Deep/Note]]');
  });

  it('has callouts as alerts, with their titles', async () => {
    const { texts } = await read(OBSIDIAN_VAULT);
    expect(texts['Animals/Kelp.md']).toBe(
      '> [!TIP]\n> Green.\n\n> [!CAUTION]\n> It **fails**\n>\n> Often.\n\n> [!NOTE]\n> **Info**\n>\n> > [!NOTE]\n> > **Inner**\n> >\n',
    );
  });

  it('has links the other way round where the wiki reads them so, and below the page that all is put below', async () => {
    const naming = { retainPageNameCase: true, wikilinkStyle: 'LINK_TITLE', into: 'Sea/Vault' };
    expect(await note('[[Home|start]] ![[otter.png]] [[#A|b]]', { naming })).toBe(
      '[[Sea/Vault/Home|start]] ![otter](../Assets/Files/otter.png) [[#A|b]]',
    );
  });

  it('finds names in any case and Unicode form, and writes none that a link cannot hold', async () => {
    const files = { ...OBSIDIAN_VAULT, 'u\u0308ber #1.md': '', 'x.md': '[[Über 1]] [[\u00dcBER #1]]' };
    expect((await read(files)).texts['x.md']).toBe('[[Über 1]] [[\u00dcBER #1]]');
    const brackets = { ...OBSIDIAN_VAULT, 'A [1].md': '', 'x.md': '[a](A%20%5B1%5D.md)' };
    expect((await read(brackets)).texts['x.md']).toBe('[a](a%20%5B1%5D.md)');
  });

  it('takes long runs of brackets and marks in linear time', async () => {
    const text = `${'![['.repeat(30_000)}\n${'> [!'.repeat(30_000)}\n${'[[a|'.repeat(30_000)}`;
    expect(await note(text)).toBe(text);
  });

  it('is read as files as they are when that is asked for', async () => {
    const { source, texts } = await read(OBSIDIAN_VAULT, { convention: 'plain' });
    expect(source.convention).toBe('plain');
    expect(texts['Home.md']).toBe(OBSIDIAN_VAULT['Home.md']);
  });
});
