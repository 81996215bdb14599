import { hashObject } from '../../src/git/object/object-codec.ts';
import type { ObjectType, Oid } from '../../src/git/object/objects.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';

/** An entry of a tree as bytes, with nothing checked: to craft what no honest git writes. */
export interface RawTreeEntry {
  mode: string;
  name: string | Buffer;
  oid: Oid;
}

/** A bundle of crafted objects. */
export class CraftedBundle {
  readonly #writer = new PackWriter();

  add(type: ObjectType, bytes: string | Buffer): Oid {
    const buffer = Buffer.from(bytes as string);
    const oid = hashObject(type, buffer);
    this.#writer.add(type, oid, buffer);
    return oid;
  }

  /** In the order given. */
  tree(...entries: readonly RawTreeEntry[]): Oid {
    const parts = entries.map(({ mode, name, oid }) =>
      Buffer.concat([
        Buffer.from(`${mode} `),
        Buffer.from(name as string),
        Buffer.from([0]),
        Buffer.from(oid, 'hex'),
      ]),
    );
    return this.add('tree', Buffer.concat(parts));
  }

  commit(tree: Oid, ...parents: readonly Oid[]): Oid {
    const who = 'Ann <ann@example.org> 1700000000 +0000';
    const lines = [
      `tree ${tree}`,
      ...parents.map(parent => `parent ${parent}`),
      `author ${who}`,
      `committer ${who}`,
    ];
    return this.add('commit', `${lines.join('\n')}\n\nChange\n`);
  }

  /** @param header lines between the signature and the refs */
  finish(refs: Record<string, Oid>, { version = 2, header = '' } = {}): Buffer {
    const lines = Object.entries(refs).map(([name, oid]) => `${oid} ${name}\n`);
    const head = `# v${version} git bundle\n${header}${lines.join('')}\n`;
    return Buffer.concat([Buffer.from(head), ...this.#writer.finish().pack]);
  }
}
