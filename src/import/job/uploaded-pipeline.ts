import { checkPipeline } from '../pipeline/check.ts';
import { pipelineInvalid } from '../pipeline/errors.ts';

/**
 * Checks a pipeline that came over HTTP: the files of this machine are none of its sources.
 * @throws KittiwakeError `pipeline_invalid`
 */
export function checkUploadedPipeline(value: unknown): void {
  const { sources } = checkPipeline(value);
  for (const [name, source] of Object.entries(sources)) {
    if (source.kind === 'wiki') continue;
    const message = 'it names a file, which cannot be read here; it must be "wiki"';
    throw pipelineInvalid([{ at: ['sources', name, 'file'], message }]);
  }
}
