/** What one client did, and how long it waited. */
export interface Course {
  /** Writes that were acknowledged, by what stands in their commit: `api 3 17`. */
  readonly acknowledged: Acknowledged[];
  /** Those that came through before the time was over. */
  inTime: number;
  /** Attempts that were refused because others were first: by the wiki. */
  refused: number;
  /** The same, by git itself, which had seen the commits of others before it sent its own. */
  overtaken: number;
  longestMs: number;
}

export interface Acknowledged {
  /** Subject of the commit. */
  subject: string;
  /** The commit that the client was told, or had when its push was taken. */
  revision: string;
  /** What the client wrote, where it wrote all of it. */
  file?: { path: string; content: string };
}

/** When to stop: a client does not leave a write unfinished. */
export interface Span {
  isOver(): boolean;
}

export function newCourse(): Course {
  return { acknowledged: [], inTime: 0, refused: 0, overtaken: 0, longestMs: 0 };
}

/** Carries out one write, and notes what it was and how long it took. */
export async function noted(
  course: Course,
  span: Span,
  write: () => Promise<Acknowledged>,
): Promise<Acknowledged> {
  const startMs = performance.now();
  const made = await write();
  course.acknowledged.push(made);
  if (!span.isOver()) course.inTime += 1;
  course.longestMs = Math.max(course.longestMs, performance.now() - startMs);
  return made;
}

/** One line for people: `20 clients of git: 61 writes in time, ...`. */
export function summaryOf(what: string, courses: readonly Course[]): string {
  const sum = (of: (course: Course) => number) => courses.reduce((total, each) => total + of(each), 0);
  const longest = Math.max(...courses.map(({ longestMs }) => longestMs));
  const least = Math.min(...courses.map(({ inTime }) => inTime));
  const counts = `${sum(({ inTime }) => inTime)} writes in time, ${sum(({ acknowledged }) => acknowledged.length)} in all`;
  const lost = `${sum(({ refused }) => refused)} refused, ${sum(({ overtaken }) => overtaken)} overtaken`;
  const waits = `the slowest client ${least}, longest wait ${(longest / 1000).toFixed(1)} s`;
  return `${courses.length} ${what}: ${counts}, ${lost}, ${waits}`;
}
