/** What the platform says of one invocation. Undefined: it does not say. */
export interface InvocationReport {
  initMs?: number | undefined;
  durationMs?: number | undefined;
  billedMs?: number | undefined;
  memoryMb?: number | undefined;
  maxMemoryMb?: number | undefined;
  /** Of a snapshot, in place of init. */
  restoreMs?: number | undefined;
  /** `timeout`, `error`; undefined or `success`: it ended well. */
  status?: string | undefined;
  /** Init failed or took too long, and was done again as part of the invocation. */
  isInitRepeated: boolean;
  /** Between the end of init and the begin of the invocation, where the log has the times. */
  idleMs?: number | undefined;
}

type Measure = 'initMs' | 'durationMs' | 'billedMs' | 'memoryMb' | 'maxMemoryMb' | 'restoreMs';

const TEXT_NAMES: Readonly<Record<string, Measure>> = {
  'Init Duration': 'initMs',
  Duration: 'durationMs',
  'Billed Duration': 'billedMs',
  'Memory Size': 'memoryMb',
  'Max Memory Used': 'maxMemoryMb',
  'Restore Duration': 'restoreMs',
};

const JSON_NAMES: Readonly<Record<string, Measure>> = {
  initDurationMs: 'initMs',
  durationMs: 'durationMs',
  billedDurationMs: 'billedMs',
  memorySizeMB: 'memoryMb',
  maxMemoryUsedMB: 'maxMemoryMb',
  restoreDurationMs: 'restoreMs',
};

/**
 * Reads the end of an invocation's log, as `LogType=Tail` answers it: 4 kB at most, of which the first line may be cut.
 * Undefined: the report of this request is not in it. Both formats of the platform are understood, text and JSON:
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 * @param requestId of the invocation; a function may log lines that look like reports of others
 */
export function readReport(tail: string, requestId: string): InvocationReport | undefined {
  const lines = tail.split('\n');
  const found = lines.findLast(line => isReportOf(line, requestId)) ?? cutReport(lines);
  if (found === undefined) return undefined;
  const measures =
    found.trimStart().startsWith('{') || /"\w+Ms":/.test(found) ? jsonMeasures(found) : textMeasures(found);
  return {
    ...measures,
    isInitRepeated: lines.some(isFailedInit),
    idleMs: idleTime(lines, requestId, measures.initMs),
  };
}

function isReportOf(line: string, requestId: string): boolean {
  if (line.startsWith(`REPORT RequestId: ${requestId}\t`)) return true;
  return isPlatformLine(line, 'report') && line.includes(`"requestId":"${requestId}"`);
}

/** The first line, when it is a report without its beginning. What stands before the first mark may be half a name. */
function cutReport([first = '']: readonly string[]): string | undefined {
  if (/^(?:REPORT|INIT_REPORT|START|END|\{)/.test(first)) return undefined;
  const text = first.indexOf('\t');
  if (text >= 0 && /\t(?:Billed Duration|Max Memory Used): \d/.test(first)) return first.slice(text);
  return /"maxMemoryUsedMB":\d/.test(first) ? first : undefined;
}

function textMeasures(line: string) {
  const measures: Partial<Record<Measure, number>> & { status?: string } = {};
  for (const field of line.split('\t')) {
    const [, name = '', value = ''] = /^([A-Z][A-Za-z ]*): (\S+)(?: (?:ms|MB))?$/.exec(field.trim()) ?? [];
    const measure = TEXT_NAMES[name];
    if (measure !== undefined && /^\d+(?:\.\d+)?$/.test(value)) measures[measure] = Number(value);
    if (name === 'Status') measures.status = value;
  }
  return measures;
}

/** By pattern, so that a line that is cut can be read as well. */
function jsonMeasures(line: string) {
  const measures: Partial<Record<Measure, number>> & { status?: string } = {};
  for (const [, name = '', value] of line.matchAll(/"(\w+)":(\d+(?:\.\d+)?)(?=[,}])/g)) {
    const measure = JSON_NAMES[name];
    if (measure !== undefined) measures[measure] = Number(value);
  }
  const status = /"status":"(\w+)"/.exec(line)?.[1];
  return status === undefined ? measures : { ...measures, status };
}

/** `INIT_REPORT` is written of an init that failed or timed out; JSON has one of every init. */
function isFailedInit(line: string): boolean {
  if (line.startsWith('INIT_REPORT ')) return /\tStatus: (?:timeout|error|failure)/.test(line);
  return isPlatformLine(line, 'initReport') && /"status":"(?:timeout|error|failure)"/.test(line);
}

function idleTime(lines: readonly string[], requestId: string, initMs = 0): number | undefined {
  const initLine = lines.findLast(line => isPlatformLine(line, 'initStart'));
  const startLine = lines.find(line => isPlatformLine(line, 'start') && line.includes(requestId));
  const [init, start] = [initLine, startLine].map(line =>
    Date.parse(/"time":"([^"]+)"/.exec(line ?? '')?.[1] ?? ''),
  );
  const idleMs = (start ?? Number.NaN) - (init ?? Number.NaN) - initMs;
  return Number.isNaN(idleMs) ? undefined : idleMs;
}

function isPlatformLine(line: string, type: string): boolean {
  return line.startsWith('{') && line.includes(`"type":"platform.${type}"`);
}
