import { functionEvent } from '../support/function-event.ts';
import type { ColdWiki, Place, Request } from './cold-wiki.ts';
import type { Samples } from './samples.ts';
import type { StartTimes } from './start.ts';

/** A first request, and where its times belong. */
export interface Question {
  /** @param isEmpty the function answers nothing: its answers are not looked at */
  choose(wiki: ColdWiki, place: Place, isEmpty: boolean): Promise<Request[]>;
  note(samples: Samples, who: string, times: StartTimes): void;
}

const HEALTH: Request = { event: () => functionEvent('GET', '/api/v1/health'), check: () => {} };

export const QUESTIONS = {
  health: {
    choose: async () => [HEALTH],
    note: (samples, who, times) => {
      samples.add(who, 'firstHealthMs', times.firstMs);
      samples.add(who, 'healthProcessorMs', times.processorMs);
    },
  },
  read: {
    choose: async (wiki, place, isEmpty) => [seen(wiki.read(await wiki.choose(place)), isEmpty)],
    note: (samples, who, times) => {
      samples.add(who, 'firstReadMs', times.firstMs);
      samples.add(who, 'readProcessorMs', times.processorMs);
    },
  },
  write: {
    choose: async (wiki, place, isEmpty) => {
      const write = seen(wiki.write(await wiki.choose(place)), isEmpty);
      return [write, write];
    },
    note: (samples, who, times) => {
      samples.add(who, 'firstWriteMs', times.firstMs);
      samples.add(who, 'invokeMs', times.invokeMs);
      samples.add(who, 'secondWriteMs', times.secondMs);
      samples.add(who, 'writeProcessorMs', times.processorMs);
      for (const [name, ms] of Object.entries(times.initialisations)) samples.add(who, `init ${name}`, ms);
    },
  },
} satisfies Record<string, Question>;

function seen(request: Request, isEmpty: boolean): Request {
  return isEmpty ? { event: request.event, check: () => {} } : request;
}
