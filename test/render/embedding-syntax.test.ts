import { describe, expect, test } from 'vitest';
import { optionValues, readEmbedding } from '../../src/render/embed/parse.ts';

describe('the syntax of embeddings', () => {
  test('one line: name, options, and the rest', () => {
    expect(readEmbedding('{{Video|width=80%|a.mp4}}\nmore')).toEqual({
      raw: '{{Video|width=80%|a.mp4}}\n',
      name: 'Video',
      options: [{ key: 'width', value: '80%' }],
      body: 'a.mp4',
    });
  });

  test('several lines: options, then Markdown until the braces at the end of a line', () => {
    const source = '{{InfoBox\n|caption=Some **Caption**\n|Key=[a](b)\nText }} goes\n\non.\n}}\n\nafter';
    expect(readEmbedding(source)).toEqual({
      raw: '{{InfoBox\n|caption=Some **Caption**\n|Key=[a](b)\nText }} goes\n\non.\n}}\n\n',
      name: 'InfoBox',
      options: [
        { key: 'caption', value: 'Some **Caption**' },
        { key: 'Key', value: '[a](b)' },
      ],
      body: 'Text }} goes\n\non.',
    });
  });

  test('rows of tables are no options', () => {
    const read = readEmbedding('{{datatable\n|caption=x\n| a | b |\n| --- | --- |\n| c=1 | d |\n}}');
    expect(read?.options).toEqual([{ key: 'caption', value: 'x' }]);
    expect(read?.body).toBe('| a | b |\n| --- | --- |\n| c=1 | d |');
  });

  test('a backslash keeps bars and equals signs', () => {
    expect(readEmbedding('{{Figure|a\\|b=c\\|d|x\\=y=z=1}}')?.options).toEqual([
      { key: 'a|b', value: 'c|d' },
      { key: 'x=y', value: 'z=1' },
    ]);
  });

  test.each(['{{}}', '{{1}}', '{{Video', '{{Video}} text', 'x {{Video}}', '    {{Video}}'])(
    '%s is none',
    source => {
      expect(readEmbedding(source)).toBeUndefined();
    },
  );

  test('an embedding without an end is not searched for beyond its limit', () => {
    expect(readEmbedding(`{{Video\n${'x'.repeat(70_000)}}}`)).toBeUndefined();
  });

  test('keys are no members of objects', () => {
    const values = optionValues([{ key: '__proto__', value: 'x' }]);
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect(values.constructor).toBeUndefined();
  });
});
