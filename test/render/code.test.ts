import { describe, expect, test } from 'vitest';
import { codeBlock, loadHighlighter, mayHoldCode } from '../../src/render/code.ts';

await loadHighlighter();

describe('blocks of code', () => {
  test('a known language is highlighted by classes', () => {
    expect(codeBlock('let a = "<b>";\n', 'js')).toBe(
      '<pre><code class="hljs language-js"><span class="hljs-keyword">let</span> a = ' +
        '<span class="hljs-string">&quot;&lt;b&gt;&quot;</span>;\n</code></pre>\n',
    );
  });

  test('another language is shown as it is', () => {
    expect(codeBlock('a<b', 'nonsense')).toBe('<pre><code class="language-nonsense">a&lt;b</code></pre>\n');
    expect(codeBlock('a<b', undefined)).toBe('<pre><code>a&lt;b</code></pre>\n');
  });

  test('a language whose name would break out of its attribute is escaped', () => {
    expect(codeBlock('', '"><script>')).toBe(
      '<pre><code class="language-&quot;&gt;&lt;script&gt;"></code></pre>\n',
    );
  });

  test('names of what every object has are no languages', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(codeBlock('a', name)).toBe(`<pre><code class="language-${name}">a</code></pre>\n`);
  });

  test('an equals sign behind the language numbers the lines', () => {
    expect(codeBlock('a = 1\nb = 2\n', 'python=')).toContain(
      '<div class="numbered-code"><pre class="line-numbers" aria-hidden="true">1\n2</pre><pre><code class="hljs language-python">',
    );
  });

  test('a large block is not highlighted', () => {
    expect(codeBlock('let '.repeat(25_001), 'js')).not.toContain('hljs-keyword');
  });

  test('a diagram stays source for the browser', () => {
    expect(codeBlock('graph LR\nA-->B', 'mermaid')).toBe('<pre class="mermaid">graph LR\nA--&gt;B</pre>\n');
  });
});

test('texts without a fenced language do not load the highlighter', () => {
  expect(mayHoldCode('a\n```\nb\n```\n')).toBe(false);
  expect(mayHoldCode('> ~~~~ js\n> b')).toBe(true);
});
