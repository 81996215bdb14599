import { checkPipeline } from '../pipeline/check.ts';
import { pipelineInvalid, sourceUnavailable } from '../pipeline/errors.ts';
import type { Step } from '../pipeline/pipeline.ts';

/** Of what all steps together may hold in memory: who imports over HTTP shares the machine with others. */
const MAX_HELD_MIB = 512;
const MIB = 1024 * 1024;
/** Of a hash that `dedupe` keeps. */
const HASH_BYTES = 43;

/**
 * Checks a pipeline that came over HTTP: the files of this machine are none of its sources, and its memory is bounded.
 * @throws KittiwakeError `pipeline_invalid`, `pipeline_source_unavailable`
 */
export function checkUploadedPipeline(value: unknown): void {
  const { sources, steps } = checkPipeline(value);
  for (const [name, { kind }] of Object.entries(sources))
    if (kind !== 'wiki') throw sourceUnavailable(name, 'it is a file, only "wiki" can be read here');
  const heldMib = Math.ceil(steps.reduce((sum, step) => sum + heldBytes(step), 0) / MIB);
  if (heldMib <= MAX_HELD_MIB) return;
  const message = `its joins and dedupes must hold ${MAX_HELD_MIB} MiB at most ("max-mb", "limit"), and may hold ${heldMib} MiB`;
  throw pipelineInvalid([{ at: ['steps'], message }]);
}

function heldBytes(step: Step): number {
  if (step.kind === 'dedupe') return step.limit * HASH_BYTES;
  if (step.kind === 'semi-join') return step.bound.maxBytes;
  const isJoin = step.kind === 'join' || step.kind === 'merge-join';
  return isJoin ? step.bound.maxBytes * step.with.length : 0;
}
