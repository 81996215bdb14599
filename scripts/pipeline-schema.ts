import { writeFileSync } from 'node:fs';
import { pipelineSchema } from '../src/import/pipeline/pipeline-shape.ts';

/** Writes the published schema of pipelines from the description that they are checked by. */
writeFileSync('docs/pipeline.schema.json', `${JSON.stringify(pipelineSchema(), null, 2)}\n`);
