import { reportUnknown } from '../../projection/errors.ts';
import { isReportName, REPORTS } from '../../projection/report/make-report.ts';
import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

/** Most pages of one answer; more come with a cursor. `total` counts all. */
const MAX_PAGES = 1_000;
/** The same where each page has many links. */
const MAX_BROKEN = 100;

export async function report({ params, query, services }: Context): Promise<HttpResponse> {
  const name = params.report ?? '';
  if (!isReportName(name)) throw reportUnknown(name, REPORTS);
  const made = await (await services.search()).report(name);
  const maxItems = name === 'broken-links' ? MAX_BROKEN : MAX_PAGES;
  const { items, ...more } = sliceOf(made.items, query, { maxItems, keyOf: ({ path }) => path });
  return answer({ report: name, pages: made.finish(items), total: made.items.length, ...more });
}
