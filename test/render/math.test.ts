import { describe, expect, test } from 'vitest';
import { formula, formulaLines, loadMath, mayHoldMath } from '../../src/render/math.ts';
import { MATH_ATTRIBUTES, MATH_ELEMENTS } from '../../src/render/math-elements.ts';

await loadMath();

describe('formulas', () => {
  test('become MathML, in a line and as a block', () => {
    expect(formula('a \\ne 0', false)).toBe('<math><mrow><mi>a</mi><mo>≠</mo><mn>0</mn></mrow></math>');
    expect(formula('x', true)).toContain('<math display="block"');
  });

  test.each([
    '\\href{javascript:alert(1)}{x}',
    '\\includegraphics{/a.png}',
    '\\class{a}{x}',
    '\\id{a}{x}',
    '\\style{color:red}{x}',
    '\\data{a=b}{x}',
    '\\textcolor{#ff0000"onclick=}{x}',
    '\\frac',
    '\\def\\a{\\a\\a}\\a',
  ])('%s is shown as it is written', latex => {
    const shown = latex.replaceAll('"', '&quot;');
    expect(formula(latex, false)).toBe(`<code class="math-error">${shown}</code>`);
  });

  test('what is no LaTeX is escaped wherever it stands', () => {
    const html = formula('\\text{<img src=x onerror=alert(1)>}', false);
    expect(html).not.toContain('<img');
    expect(formula('\\foo{</code><script>}', false)).toBe(
      '<code class="math-error">\\foo{&lt;/code&gt;&lt;script&gt;}</code>',
    );
  });

  test('a macro of one formula is not known in the next', () => {
    expect(formula('\\gdef\\mine{1}\\mine', false)).toContain('<mn>1</mn>');
    expect(formula('\\mine', false)).toContain('math-error');
  });

  test('lengths are bounded', () => {
    expect(formula('\\rule{100000em}{100000em}', false)).toContain('width="40em" height="40em"');
  });

  test('a formula that is too long is not read', () => {
    expect(formula('x'.repeat(20_001), false)).toContain('math-error');
  });

  test('use the elements and attributes of the list only, but for classes and styles', () => {
    const samples = [
      '\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}',
      '\\xrightarrow{abc}\\overbrace{a+b}^{c}\\vec{x}\\sqrt[3]{x}\\prescript{1}{2}{A}',
      '\\cancel{x}\\boxed{y}\\tag{1}\\phantom{z}\\mathbb{R}\\sum_{i=0}^n\\lim_{x\\to 0}',
      '\\ce{H2O}\\textcolor{red}{a}\\colorbox{blue}{b}\\rule{1em}{2em}\\left(\\frac{a}{b}\\right)',
    ];
    const html = samples.map(sample => formula(sample, true)).join('');
    expect(html).not.toContain('math-error');
    const tags = [...html.matchAll(/<([a-z]+)([^>]*)>/g)];
    const attributes = tags.flatMap(tag =>
      [...(tag[2] ?? '').matchAll(/ ([a-z-]+)="/g)].map(([, name]) => name),
    );
    const others = new Set(['class', 'style']);
    expect(tags.map(([, name]) => name).filter(name => !MATH_ELEMENTS.some(known => known === name))).toEqual(
      [],
    );
    expect(
      attributes.filter(name => !others.has(name ?? '') && !MATH_ATTRIBUTES.some(known => known === name)),
    ).toEqual([]);
  });
});

test('a fence of formulas has one a line, environments kept together', () => {
  expect(formulaLines('a\n\nb\n\\begin{aligned}\nc\n\\end{aligned}\nd\n')).toEqual([
    'a',
    'b',
    '\\begin{aligned}\nc\n\\end{aligned}',
    'd',
  ]);
});

test('texts without a formula do not load what reads formulas', () => {
  expect(mayHoldMath('plain\n```python\n1\n```')).toBe(false);
  expect(mayHoldMath('$a$')).toBe(true);
  expect(mayHoldMath('~~~ math\na\n~~~')).toBe(true);
});
