/** Where an object lies whole (not as a delta): a zlib stream of `length` bytes behind the entry header at `offset`. */
export interface Place {
  /** Name of the pack, without folder and extension. */
  pack: string;
  /** Of the pack entry, in bytes from the pack's start. */
  offset: number;
  /** Of the whole entry, header included, in bytes. */
  length: number;
}
