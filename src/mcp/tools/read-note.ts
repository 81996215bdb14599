import { defineTool } from '../tool.ts';

export const readNote = defineTool({
  name: 'read_note',
  title: 'Read a note',
  description: 'Reads a page with its revision, frontmatter and links, or one section of it.',
  right: 'read',
  effects: { readOnly: true },
  input: {
    type: 'object',
    required: ['path'],
    properties: {
      path: { type: 'string', description: 'Page path, for example "Projects/Plan".' },
      revision: {
        type: ['string', 'null'],
        description: 'Commit whose text is wanted. Default: the newest.',
      },
      section: {
        type: ['string', 'null'],
        description: 'Title of a section, or its path: "Chapter > Section". Default: the whole page.',
      },
    },
  },
  output: { type: 'object' },
  async run({ path, revision, section }, { services }) {
    const wiki = await services.wiki();
    const { body } = await wiki.readPage(path, {
      ...(revision ? { revision } : {}),
      ...(section ? { section } : {}),
    });
    return { text: body.content, data: body };
  },
});
