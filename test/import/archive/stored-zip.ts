import { crc32 } from 'node:zlib';

/** Pieces of a ZIP file of so many entries that are not compressed, with the records of zip64 at its end. */
export async function* storedZip(
  entries: Iterable<{ name: string; content: Buffer }>,
): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content } of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(45, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02-\x03', 'latin1'), fields, tail, Buffer.from(name)]),
    );
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name)]);
    yield head;
    yield content;
    at += head.length + content.length;
  }
  const listed = Buffer.concat(directory);
  yield listed;
  yield end(directory.length, listed.length, at);
}

function end(entries: number, listedBytes: number, at: number): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeUInt32LE(44, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeUInt32LE(entries, 24);
  record.writeUInt32LE(entries, 32);
  record.writeUInt32LE(listedBytes, 40);
  record.writeUInt32LE(at, 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeUInt32LE(at + listedBytes, 8);
  locator.writeUInt32LE(1, 16);
  const last = Buffer.alloc(22, 0xff);
  last.write('PK\x05\x06\0\0\0\0', 'latin1');
  last.writeUInt16LE(0, 20);
  return Buffer.concat([record, locator, last]);
}
