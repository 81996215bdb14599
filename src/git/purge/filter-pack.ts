import { deflateObject } from '../object/deflate.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { type BuiltPack, PackAssembler } from '../pack/pack-assembler.ts';
import { type MergeInput, readSources, type Source } from '../pack/pack-merge.ts';

/**
 * A pack without some of its objects. What stays is copied as it is; only deltas against what goes are made whole, by `read`.
 * @throws KittiwakeError `pack_corrupt`
 */
export async function filterPack(
  input: MergeInput,
  stays: (oid: Oid) => boolean,
  read: (oid: Oid) => Promise<GitObject>,
): Promise<BuiltPack> {
  const assembler = new PackAssembler();
  for (const source of readSources(input)) {
    if (!stays(source.oid)) continue;
    for (const link of missingLinks(source, stays, assembler)) await append(link, stays, assembler, read);
  }
  return assembler.finish();
}

/** The source and the bases that are to be written before it, in this order. */
function missingLinks(source: Source, stays: (oid: Oid) => boolean, assembler: PackAssembler): Source[] {
  const chain: Source[] = [];
  for (let link: Source | undefined = source; link && stays(link.oid); link = link.base) {
    if (assembler.find(link.oid)) break;
    chain.push(link);
  }
  return chain.reverse();
}

async function append(
  { oid, type, header, bytes, base }: Source,
  stays: (oid: Oid) => boolean,
  assembler: PackAssembler,
  read: (oid: Oid) => Promise<GitObject>,
): Promise<void> {
  if (base === undefined || stays(base.oid)) {
    const deflated = bytes.subarray(header.length);
    assembler.append({ oid, type, size: header.size, deflated, base: base && assembler.find(base.oid) });
    return;
  }
  const whole = (await read(oid)).bytes;
  assembler.append({ oid, type, size: whole.length, deflated: deflateObject(type, whole) });
}
