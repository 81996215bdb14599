/** The variable by which an environment is made another one, so that the next invocation is a cold start. */
export const MARKER = 'KITTIWAKE_COLDSTART_MARKER';

/** Environment variables by name. The values are never printed. */
export type Variables = Readonly<Record<string, string>>;

export function withoutMarker(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== MARKER));
}

export function isSameEnvironment(a: Variables, b: Variables): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
}
