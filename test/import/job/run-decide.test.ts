import { expect, it } from 'vitest';
import type { Meeting } from '../../../src/git/bulk/bulk.ts';
import { createDecider } from '../../../src/import/job/run-decide.ts';
import { newRepository } from '../../support/repository.ts';

it('pages that must not be there are named once, and only those of the newest attempt', async () => {
  const view = await (await newRepository()).view();
  const decider = createDecider('fail', undefined);
  const meeting = { row: { path: 'a.md' } } as Meeting;
  await decider.decide(meeting, view);
  await decider.decide(meeting, view);
  expect(() => decider.check()).toThrow(expect.objectContaining({ data: { paths: ['a.md'] } }));
  decider.restart();
  expect(() => decider.check()).not.toThrow();
});
