import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clone, cloneOf } from '../clone.ts';
import { type Acknowledged, type Course, newCourse, noted, type Span } from './course.ts';

const SHARED_EVERY = 5;
const OTHERS_WERE_FIRST = /fetch first|non-fast-forward|\((ref_moved|not_fast_forward|contention)\)/;

/** How what others pushed is taken in. */
export type Joining = 'merge' | 'rebase';

/** A clone whose lines and those of others stand side by side where both add to the end. */
export async function cloneFor(remote: string): Promise<Clone> {
  const clone = await cloneOf(remote);
  await clone.git('config', 'gc.auto', '0');
  mkdirSync(join(clone.folder, '.git/info'), { recursive: true });
  writeFileSync(join(clone.folder, '.git/info/attributes'), '* merge=union\n');
  return clone;
}

/** Adds lines to a page of its own, now and then to the shared one, commits and pushes each until it is taken. */
export async function writeByGit(clone: Clone, name: string, joining: Joining, span: Span): Promise<Course> {
  const course = newCourse();
  for (let n = 0; !span.isOver(); n += 1) {
    const subject = `${name} ${n}`;
    const page = n % SHARED_EVERY === SHARED_EVERY - 1 ? 'shared' : name.replace(' ', '/');
    await noted(course, span, async () => {
      mkdirSync(join(clone.folder, page, '..'), { recursive: true });
      appendFileSync(join(clone.folder, `${page}.md`), `${subject}\n`);
      await clone.commit({}, subject);
      return { subject, revision: await pushed(clone, joining, course) } satisfies Acknowledged;
    });
  }
  return course;
}

/** Pushes until nobody was faster; resolves with the commit that was taken. */
async function pushed(clone: Clone, joining: Joining, course: Course): Promise<string> {
  const pull = joining === 'rebase' ? ['--rebase'] : ['--no-rebase', '--no-edit'];
  for (;;) {
    const { status, err } = await clone.try('push', '--quiet');
    if (status === 0) return await clone.git('rev-parse', 'HEAD');
    if (!OTHERS_WERE_FIRST.test(err)) throw new Error(`git push ends with ${status}: ${err}`);
    if (err.includes('remote rejected')) course.refused += 1;
    else course.overtaken += 1;
    await clone.git('pull', '--quiet', ...pull);
  }
}
