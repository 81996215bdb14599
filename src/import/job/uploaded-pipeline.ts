import { checkPipeline } from '../pipeline/check.ts';
import { sourceUnavailable } from '../pipeline/errors.ts';

/**
 * Checks a pipeline that came over HTTP: the files of this machine are none of its sources.
 * @throws KittiwakeError `pipeline_invalid`, `pipeline_source_unavailable`
 */
export function checkUploadedPipeline(value: unknown): void {
  for (const [name, { kind }] of Object.entries(checkPipeline(value).sources))
    if (kind !== 'wiki') throw sourceUnavailable(name, 'it is a file, only "wiki" can be read here');
}
