import { unifiedDiff } from '../../wiki/markup/merge-text.ts';
import { flag, object, revision, text } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { defineTool, READS } from '../tool.ts';
import { shortRevision } from '../tried-out.ts';
import * as fields from './fields.ts';

/** Of a diff, in characters. */
const MAX_DIFF = 200_000;

export const diffNote = defineTool({
  name: 'diff_note',
  title: 'Compare revisions of a note',
  description:
    'Shows as a unified diff what changed in a page from one revision to another, or to its current text.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path', 'from'],
    properties: {
      path: fields.path,
      from: { ...fields.commit, description: 'The older revision, as get_history shows it.' },
      to: { ...fields.commit, description: 'The newer revision. Default: the page as it is now.' },
    },
  },
  output: object({ path: text, from: revision, to: revision, diff: text, is_same: flag, truncated: flag }),
  async run({ path, from, to }, { services }) {
    const wiki = await services.wiki();
    const [before, after] = await Promise.all([
      wiki.readPage(path, { revision: from }),
      wiki.readPage(path, given({ revision: to })),
    ]);
    const whole = await unifiedDiff(before.body.content, after.body.content);
    const isSame = before.body.content === after.body.content;
    const diff = whole.slice(0, MAX_DIFF);
    const names = [from, to || after.body.revision].map(shortRevision);
    const shown = isSame ? '(no differences)' : diff || '(the texts differ in too many lines to be compared)';
    return {
      text: [`Changes in ${after.body.path} from ${names[0]} to ${names[1]}:`, '', shown].join('\n'),
      data: {
        path: after.body.path,
        from: before.body.revision,
        to: after.body.revision,
        diff,
        is_same: isSame,
        truncated: diff.length < whole.length,
      },
    };
  },
});
