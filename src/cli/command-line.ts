import type { Service } from '../lazy/app.ts';

type Tokens = Awaited<ReturnType<Service['tokens']>>;

/** Whoever may run commands has the store at hand, and everything in it. */
export const COMMAND_LINE: Parameters<Tokens['as']>[0] = {
  id: 'command-line',
  standing: 'operator',
  grants: [],
  names: [],
};
