/** A bar in two parts, in milliseconds. */
export interface Bar {
  name: string;
  text: string;
  /** Where the first part ends. */
  firstMs: number;
  /** Where the second part ends. */
  totalMs: number;
  /** Nine in ten ended until here. */
  p90Ms: number;
}

export interface BarGroup {
  title: string;
  bars: readonly Bar[];
}

export interface BarChart {
  title: string;
  subtitle: string;
  /** What the parts are. */
  legend: { first: string; second: string };
  groups: readonly BarGroup[];
}

const WIDTH = 880;
const LEFT = 246;
/** Room for the numbers behind the longest bar. */
const RIGHT = 136;
const TOP = 112;
const GROUP_TITLE = 34;
const ROW = 38;
const BAR = 20;
const GROUP_GAP = 44;
const BOTTOM = 36;

const STYLE = `
svg { --back: #ffffff; --text: #1f2328; --quiet: #59636e; --grid: #d8dee4; --first: #2f6fde; --second: #f08c2e; --mark: #59636e; --inside: #ffffff; }
@media (prefers-color-scheme: dark) {
svg { --back: #0d1117; --text: #f0f6fc; --quiet: #9ea7b3; --grid: #2b3139; --first: #5b95f5; --second: #f2a65a; --mark: #9ea7b3; --inside: #0d1117; }
}
text { font-family: system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif; font-size: 13px; fill: var(--text); }
.title { font-size: 18px; font-weight: 600; }
.group { font-size: 14px; font-weight: 600; }
.name { font-weight: 600; }
.quiet { font-size: 11.5px; fill: var(--quiet); }
.number { font-weight: 600; font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--back); stroke-width: 4px; }
.number .quiet { font-weight: 400; }
.inside { font-size: 11.5px; font-weight: 600; fill: var(--inside); }
.back { fill: var(--back); }
.first { fill: var(--first); }
.second { fill: var(--second); }
.grid { stroke: var(--grid); stroke-width: 1; }
.mark { stroke: var(--mark); stroke-width: 1.5; fill: none; }
`;

/** Draws horizontal bars as one SVG, which follows the reader's choice of light or dark. */
export function drawBars({ title, subtitle, legend, groups }: BarChart): string {
  const longestMs = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ p90Ms }) => p90Ms)));
  const stepMs = stepFor(longestMs);
  const endMs = Math.ceil(longestMs / stepMs) * stepMs;
  const x = (ms: number) => LEFT + (ms / endMs) * (WIDTH - LEFT - RIGHT);
  const parts: string[] = [];
  let y = TOP;
  for (const group of groups) {
    parts.push(...drawGroup(group, y, x, { stepMs, endMs }));
    y += GROUP_TITLE + group.bars.length * ROW + GROUP_GAP;
  }
  const height = y - GROUP_GAP + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}" rx="8"/>`,
    text(24, 36, 'title', title),
    text(24, 58, 'quiet', subtitle),
    ...drawLegend(legend),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function drawLegend({ first, second }: BarChart['legend']): string[] {
  const y = 88;
  return [
    `<rect class="first" x="24" y="${y - 11}" width="14" height="14" rx="2"/>`,
    text(44, y, '', first),
    `<rect class="second" x="276" y="${y - 11}" width="14" height="14" rx="2"/>`,
    text(296, y, '', second),
    `<path class="mark" d="M556 ${y - 4}h26m0 -5v10"/>`,
    text(590, y, '', 'p90: nine starts in ten'),
  ];
}

function drawGroup(
  { title, bars }: BarGroup,
  top: number,
  x: (ms: number) => number,
  { stepMs, endMs }: { stepMs: number; endMs: number },
): string[] {
  const first = top + GROUP_TITLE;
  const bottom = first + bars.length * ROW;
  const lines: string[] = [text(24, top + 18, 'group', title)];
  for (let ms = 0; ms <= endMs; ms += stepMs) {
    lines.push(`<path class="grid" d="M${at(x(ms))} ${first - 4}V${bottom}"/>`);
    const label = ms === 0 ? '0 ms' : String(ms);
    lines.push(text(x(ms), bottom + 15, 'quiet', label, 'middle'));
  }
  return [...lines, ...bars.flatMap((bar, index) => drawBar(bar, first + index * ROW, x))];
}

function drawBar({ name, text: words, firstMs, totalMs, p90Ms }: Bar, y: number, x: (ms: number) => number) {
  const [start, split, end, late] = [x(0), x(firstMs), x(totalMs), x(p90Ms)];
  const middle = y + BAR / 2 + 2;
  const top = middle - BAR / 2;
  return [
    text(LEFT - 12, middle - 2, 'name', name, 'end'),
    text(LEFT - 12, middle + 12, 'quiet', words, 'end'),
    `<rect class="first" x="${at(start)}" y="${top}" width="${at(split - start)}" height="${BAR}"/>`,
    `<rect class="second" x="${at(split)}" y="${top}" width="${at(end - split)}" height="${BAR}"/>`,
    `<path class="mark" d="M${at(end)} ${middle}H${at(late)}m0 -5v10"/>`,
    ...(split - start < 26
      ? []
      : [text(split - 6, middle + 4, 'inside', String(Math.round(firstMs)), 'end')]),
    `<text class="number" x="${at(late + 8)}" y="${at(middle + 4.5)}">${Math.round(totalMs)} ms <tspan class="quiet" dx="4">p90 ${Math.round(p90Ms)}</tspan></text>`,
  ];
}

/** A round number that divides the axis into four to eight. */
function stepFor(longestMs: number): number {
  const steps = [10, 20, 25, 50, 100, 200, 250, 500, 1000];
  return steps.find(step => longestMs / step <= 8) ?? 2000;
}

function text(x: number, y: number, kind: string, words: string, anchor = 'start'): string {
  const style = kind === '' ? '' : ` class="${kind}"`;
  const where = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text${style} x="${at(x)}" y="${at(y)}"${where}>${escaped(words)}</text>`;
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
