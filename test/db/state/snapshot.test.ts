import { describe, expect, it } from 'vitest';
import { type Snapshot, snapshotFormat } from '../../../src/db/state/snapshot.ts';

const stamp = { uuid: 'u', seq: 7, nonce: 'n' };
const snapshot: Snapshot = {
  stamp,
  writes: [
    [6, 'a'],
    [7, 'b'],
  ],
  image: Buffer.from('an image'),
};
const bytes = Buffer.concat(snapshotFormat.encode(snapshot, stamp));

function changed(change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

describe('a snapshot', () => {
  it('comes back as it was encoded', () => {
    expect(snapshotFormat.decode(bytes)).toEqual(snapshot);
    expect(snapshotFormat.stampOf(snapshot)).toEqual(stamp);
  });

  it('is laid out as it is described', () => {
    const head = '{"uuid":"u","seq":7,"nonce":"n","writes":[[6,"a"],[7,"b"]]}';
    expect(bytes.subarray(0, 8).toString()).toBe('KITTISTA');
    expect([bytes.readUInt32BE(8), bytes.readUInt32BE(12)]).toEqual([1, head.length]);
    expect(bytes.subarray(16, 16 + head.length).toString()).toBe(head);
    expect(bytes.subarray(16 + head.length, -8).toString()).toBe('an image');
    expect(bytes.subarray(-4).toString()).toBe('ATSI');
  });

  it('with any bit changed is refused', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const wrong = changed(copy => {
        copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      });
      expect(() => snapshotFormat.decode(wrong), `bit ${bit}`).toThrow(/snapshot/);
    }
  });

  it('that was cut off anywhere is refused', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = () => snapshotFormat.decode(bytes.subarray(0, length));
      expect(cut, `${length} bytes`).toThrow(expect.objectContaining({ code: 'state_corrupt' }));
    }
  });

  it('of a later version is refused, saying so', () => {
    const later = changed(copy => copy.writeUInt32BE(2, 8));
    expect(() => snapshotFormat.decode(later)).toThrow(
      expect.objectContaining({ code: 'state_newer', data: { found: 2, known: 1 } }),
    );
  });
});
