import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';
import { html } from './rendered.ts';

/** What GFM (https://github.github.com/gfm/, version 0.29) says of its extensions, by section, with examples of our own. */
const CASES: Readonly<Record<string, readonly (readonly [markdown: string, html: string])[]>> = {
  'tables (4.10)': [
    [
      '| a | b |\n| - | - |\n| 1 | 2 |',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
    [
      '|a|b|c|\n|:-|:-:|-:|',
      '<table><thead><tr><th align="left">a</th><th align="center">b</th><th align="right">c</th></tr></thead></table>',
    ],
    [
      'a | b\n- | -\n1 | 2',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
    [
      '|a|\n|-|\n|x \\| y|',
      '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>x | y</td></tr></tbody></table>',
    ],
    [
      '|a|\n|-|\n|`x \\| y`|',
      '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><code>x | y</code></td></tr></tbody></table>',
    ],
    [
      '|a|b|\n|-|-|\n|1|\n|1|2|3|',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
    ['|a|b|\n|-|\n|1|2|', '<p>|a|b| |-| |1|2|</p>'],
    [
      '|a|\n|-|\n|1|\n> q',
      '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><blockquote><p>q</p></blockquote>',
    ],
    [
      '- |a|\n  |-|\n  |1|',
      '<ul><li><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></li></ul>',
    ],
  ],
  'task lists (5.3)': [
    [
      '- [ ] a\n- [x] b',
      '<ul><li><input disabled type="checkbox"> a</li><li><input checked disabled type="checkbox"> b</li></ul>',
    ],
    [
      '- [X] a\n  - [ ] b',
      '<ul><li><input checked disabled type="checkbox"> a<ul><li><input disabled type="checkbox"> b</li></ul></li></ul>',
    ],
    ['- [] a\n- [y] b', '<ul><li>[] a</li><li>[y] b</li></ul>'],
  ],
  'strikethrough (6.5)': [
    ['~~a~~ b', '<p><del>a</del> b</p>'],
    ['~a~ b', '<p><del>a</del> b</p>'],
    ['~~a\n\nb~~', '<p>~~a</p><p>b~~</p>'],
    ['~~~~a~~~~', '<pre><code class="language-a~~~~"></code></pre>'],
  ],
  'autolinks (6.9)': [
    ['www.example.org/a', '<p><a href="http://www.example.org/a">www.example.org/a</a></p>'],
    ['see https://example.org/a.', '<p>see <a href="https://example.org/a">https://example.org/a</a>.</p>'],
    [
      '(https://example.org/a_(b))',
      '<p>(<a href="https://example.org/a_(b)">https://example.org/a_(b)</a>)</p>',
    ],
    [
      'https://example.org/?a=1&copy;',
      '<p><a href="https://example.org/?a=1">https://example.org/?a=1</a>&copy;</p>',
    ],
    ['https://example.org/a<b', '<p><a href="https://example.org/a">https://example.org/a</a>&lt;b</p>'],
    ['me@example.org', '<p><a href="mailto:me@example.org">me@example.org</a></p>'],
    ['a.b-c_d@a.b', '<p><a href="mailto:a.b-c_d@a.b">a.b-c_d@a.b</a></p>'],
    ['a@a.b-', '<p>a@a.b-</p>'],
    ['`https://example.org`', '<p><code>https://example.org</code></p>'],
  ],
  'raw HTML that is not allowed (6.11)': [
    ['<strong> <style> <em>', '<p><strong> &lt;style> <em></em></strong></p>'],
    ['a <iframe src="x">b</iframe> c', '<p>a &lt;iframe src="x">b&lt;/iframe> c</p>'],
  ],
};

for (const [section, cases] of Object.entries(CASES)) {
  test(`GFM: ${section}`, async () => {
    for (const [markdown, expected] of cases) {
      expect(canonical(await html(markdown)), markdown).toBe(canonical(expected));
    }
  });
}
