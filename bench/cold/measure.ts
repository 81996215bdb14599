import { type Contestant, interleave } from '../support/interleave.ts';
import type { S3Target } from '../support/plain-s3.ts';
import type { ColdWiki, Place } from './cold-wiki.ts';
import type { Floor } from './floor.ts';
import { QUESTIONS, type Question } from './questions.ts';
import { Samples } from './samples.ts';
import { start } from './start.ts';
import type { Variant } from './variants.ts';

export interface Course {
  variants: readonly Variant[];
  floor: Floor;
  wiki: ColdWiki;
  place: Place;
  /** The server as those that are measured see it. */
  target: S3Target;
  memoryMb: number;
  /** Starts of each for each first request. */
  samples: number;
}

/** Starts fresh processes of all, turn by turn; the first round is not counted. */
export async function measure(course: Course): Promise<Samples> {
  const samples = new Samples();
  const contestants = Object.values(QUESTIONS).flatMap(question =>
    course.variants.map(variant => contestantOf(course, variant, question, samples)),
  );
  const all = [...floorOf(course, samples), ...contestants];
  await interleave(all, { warmUp: 1, rounds: course.samples });
  return samples;
}

function contestantOf(course: Course, variant: Variant, question: Question, samples: Samples): Contestant {
  const { wiki, place, target, memoryMb } = course;
  const environment = wiki.environment(target.endpoint);
  const { name } = variant;
  return {
    name,
    run: async round => {
      const requests = await question.choose(wiki, place, name === 'empty');
      const sent = name === 'token' ? requests.map(each => wiki.withToken(each)) : requests;
      const times = await start(variant, { memoryMb, environment, requests: sent });
      if (round === 0) return;
      samples.add(name, 'initMs', times.initMs);
      question.note(samples, name, times);
    },
  };
}

function floorOf({ floor, wiki, target, memoryMb }: Course, samples: Samples): Contestant[] {
  return [
    {
      name: 'floor',
      run: async round => {
        const { initMs, firstWriteMs, processorMs } = await floor.start(target, await wiki.ledgerBytes());
        if (round === 0) return;
        samples.add('floor', 'initMs', initMs);
        samples.add('floor', 'firstWriteMs', firstWriteMs);
        samples.add('floor', 'writeProcessorMs', processorMs);
      },
    },
    {
      name: 'bare',
      run: async round => {
        const requests = [await floor.request(target, await wiki.ledgerBytes())];
        const times = await start(floor.bare, { memoryMb, environment: {}, requests });
        if (round === 0) return;
        samples.add('bare', 'initMs', times.initMs);
        samples.add('bare', 'firstWriteMs', times.firstMs);
        samples.add('bare', 'invokeMs', times.invokeMs);
        samples.add('bare', 'writeProcessorMs', times.processorMs);
      },
    },
  ];
}
