import type { Measurement, StorageUse } from './services.ts';

/** The value of Server-Timing (W3C); undefined when there is nothing to tell. For callers who are known. */
export function serverTiming(
  measurements: readonly Measurement[],
  use: StorageUse | undefined,
): string | undefined {
  const all = use && use.requests > 0 ? [...measurements, storageMeasurement(use)] : measurements;
  if (all.length === 0) return undefined;
  return all
    .map(({ name, durationMs, description }) => {
      const duration = durationMs === undefined ? '' : `;dur=${durationMs.toFixed(2)}`;
      return `${name}${duration}${description === undefined ? '' : `;desc="${description}"`}`;
    })
    .join(', ');
}

function storageMeasurement(use: StorageUse): Measurement {
  const { requests, sequence, connects, sentBytes, receivedBytes, busyMs } = use;
  const { sharedBy, conflicts, retries, unknowns } = use;
  const description = [
    plural(requests, 'request'),
    `${sequence} in sequence`,
    plural(connects, 'connect'),
    `${kilobytes(sentBytes)} sent`,
    `${kilobytes(receivedBytes)} received`,
    ...(sharedBy > 0 ? [`shared by ${sharedBy} writes`] : []),
    ...(conflicts > 0 ? [plural(conflicts, 'conflict')] : []),
    ...(unknowns > 0 ? [plural(unknowns, 'unknown outcome')] : []),
    ...(retries > 0 ? [`tried ${plural(retries, 'time')} more`] : []),
  ].join(', ');
  return { name: 'storage', durationMs: busyMs, description };
}

/** The same for a line of the log: counts alone. */
export function storageFields(use: StorageUse | undefined): { storage?: Partial<StorageUse> } {
  if (use === undefined || use.requests === 0) return {};
  const { requests, sequence, connects, sentBytes, receivedBytes } = use;
  const { sharedBy, conflicts, retries, unknowns } = use;
  return {
    storage: {
      requests,
      sequence,
      connects,
      sentBytes,
      receivedBytes,
      ...(sharedBy > 0 ? { sharedBy } : {}),
      ...(conflicts > 0 ? { conflicts } : {}),
      ...(retries > 0 ? { retries } : {}),
      ...(unknowns > 0 ? { unknowns } : {}),
    },
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
