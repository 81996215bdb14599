import type { FunctionName } from './support/functions.ts';

/** Rights that no request of the tests needed, and why they are there all the same. */
export const UNUSED: Readonly<Record<FunctionName, Readonly<Record<string, string>>>> = {
  api: {},
  project: {},
  import: {},
};
