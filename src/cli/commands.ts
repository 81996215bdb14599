import type { Commands } from './run-command.ts';

/** Every command, in the order of the help; each is loaded when it is called. */
export const COMMANDS: Commands = {
  serve: async () => (await import('./serve.ts')).serve,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  flush: async () => (await import('./flush.ts')).flush,
  gc: async () => (await import('./gc.ts')).gc,
  doctor: async () => (await import('./doctor.ts')).doctor,
  purge: async () => (await import('./purge.ts')).purge,
  restore: async () => (await import('./restore.ts')).restore,
  'backup create': async () => (await import('./backup.ts')).backupCreate,
  'backup restore': async () => (await import('./backup.ts')).backupRestore,
  coldstart: async () => (await import('./coldstart.ts')).coldstart,
  'wiki create': async () => (await import('./wiki-create.ts')).wikiCreate,
  'token create': async () => (await import('./token-create.ts')).tokenCreate,
  'token list': async () => (await import('./token-list.ts')).tokenList,
  'token revoke': async () => (await import('./token-revoke.ts')).tokenRevoke,
  version: async () => (await import('./version.ts')).version,
};
