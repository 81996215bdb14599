import type { CheckedPipeline } from './pipeline.ts';

/**
 * What an import without a pipeline does: column `path` and column `content` make a page, a column `title` its frontmatter; a row with
 * a `file` instead of `content` makes an attachment.
 */
export const DEFAULT_PIPELINE: CheckedPipeline = {
  sources: {},
  steps: [],
  page: { path: '{{path}}', content: '{{content}}', frontmatter: { title: '{{title | default: ""}}' } },
};
