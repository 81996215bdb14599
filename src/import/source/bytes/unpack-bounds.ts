import { sourceUnsafe } from '../errors.ts';

/** What a compressed source may become. */
export interface UnpackBounds {
  /** Bytes that come of one byte, above {@link UnpackBounds.ratioFromBytes}. Default 200. */
  maxRatio?: number;
  /** So many bytes may come of anything. Default 100 MB. */
  ratioFromBytes?: number;
  /** Default 50 GiB. */
  maxUnpackedBytes?: number;
}

/** @throws KittiwakeError `source_unsafe` */
export function checkUnpacked(
  source: string,
  { produced, consumed }: { produced: number; consumed: number },
  bounds: UnpackBounds,
): void {
  const { maxRatio = 200, ratioFromBytes = 100_000_000, maxUnpackedBytes = 50 * 2 ** 30 } = bounds;
  if (produced > maxUnpackedBytes)
    throw sourceUnsafe(source, `unpacked it has more than ${maxUnpackedBytes} bytes, which is the limit`);
  if (produced > ratioFromBytes && produced > consumed * maxRatio)
    throw sourceUnsafe(source, `unpacking makes more than ${maxRatio} bytes of each byte, as no text does`);
}
