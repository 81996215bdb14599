import type { Profile } from './profile.ts';

/** A time as it stands in XML: AWS tells whole seconds, Ceph milliseconds. */
export function isoTime(profile: Profile, ms: number): string {
  const told = profile.name === 'aws' ? Math.floor(ms / 1000) * 1000 : ms;
  return new Date(told).toISOString();
}
