import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WalkOptions, walkFolder } from '../../src/import/folder-walk.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kittiwake-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string | Buffer, text = 'x'): void {
  const full = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path)]);
  mkdirSync(dirname(full.toString()), { recursive: true });
  writeFileSync(full, text);
}

async function walked(options: Partial<WalkOptions> = {}) {
  const items = await Array.fromAsync(walkFolder(root, { hidden: false, ...options }));
  return {
    files: items.filter(item => item.kind === 'file').map(item => item.path),
    left: items.flatMap(item => (item.kind === 'left' ? [[item.path, item.reason]] : [])),
  };
}

describe('walking a folder', () => {
  it('finds files in every folder, in a stable order', async () => {
    for (const path of ['b.md', 'a/z.md', 'a/b/c.png', 'A.md']) put(path);
    expect((await walked()).files).toEqual(['A.md', 'a/b/c.png', 'a/z.md', 'b.md']);
  });

  it('leaves out what is hidden and node_modules unless asked, and says so', async () => {
    for (const path of ['.secret', '.obsidian/app.json', 'node_modules/x/README.md', 'a.md']) put(path);
    const plain = await walked();
    expect(plain.files).toEqual(['a.md']);
    expect(plain.left).toEqual([
      ['.obsidian', 'hidden'],
      ['.secret', 'hidden'],
      ['node_modules', 'hidden'],
    ]);
    expect((await walked({ hidden: true })).files).toEqual([
      '.obsidian/app.json',
      '.secret',
      'a.md',
      'node_modules/x/README.md',
    ]);
  });

  it('never takes .git, in any case, whatever is asked', async () => {
    for (const path of ['.git/config', 'sub/.GIT/config', 'sub/a.md']) put(path);
    expect((await walked({ hidden: true })).files).toEqual(['sub/a.md']);
  });

  it('does not follow links to files or folders', async () => {
    put('a.md');
    symlinkSync('/etc/passwd', join(root, 'passwd.md'));
    symlinkSync('..', join(root, 'up'));
    const { files, left } = await walked();
    expect(files).toEqual(['a.md']);
    expect(left.map(([path]) => path)).toEqual(['passwd.md', 'up']);
    expect(left[0]?.[1]).toContain('not followed');
  });

  it('reports a name that is not UTF-8 instead of guessing it', async () => {
    put(Buffer.from([0x61, 0xff, 0x2e, 0x6d, 0x64]));
    put('b.md');
    const { files, left } = await walked();
    expect(files).toEqual(['b.md']);
    expect(left[0]?.[1]).toBe('its name is not UTF-8');
  });

  it('refuses a root that cannot be read', async () => {
    const missing = walkFolder(join(root, 'absent'), { hidden: false });
    await expect(Array.fromAsync(missing)).rejects.toMatchObject({ code: 'source_unreadable' });
  });
});
