import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into a process (`node --import`): it kills itself with SIGKILL right before the n-th call that changes the
 * file system, n from `DIE_AT_CALL`. 0 counts only; the count is printed at the end as `calls=n`.
 */
const limit = Number(process.env.DIE_AT_CALL ?? 0);
let calls = 0;

function counted<F extends (...args: never[]) => unknown>(call: F): F {
  return new Proxy(call, {
    apply(target, self, args) {
      calls += 1;
      if (calls === limit) process.kill(process.pid, 'SIGKILL');
      return Reflect.apply(target, self, args);
    },
  });
}

const names = [
  'writevSync',
  'fsyncSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'mkdirSync',
  'rmSync',
] as const;
for (const name of names) Object.assign(fs, { [name]: counted(fs[name] as never) });
Object.assign(fs, { writev: counted(fs.writev as never), fsync: counted(fs.fsync as never) });
syncBuiltinESMExports();

if (limit === 0) process.on('exit', () => process.stderr.write(`calls=${calls}\n`));
