import { optionMissing } from './coldstart/errors.ts';
import { type EventSource, fileEvent, healthEvent } from './coldstart/event.ts';
import { connectFunction, type LambdaFunction } from './coldstart/lambda-function.ts';
import { MarkedFunction } from './coldstart/marked-function.ts';
import { MARKER } from './coldstart/marker.ts';
import {
  checkTarget,
  type Measurement,
  measurementOf,
  readMeasurement,
  writeMeasurement,
} from './coldstart/measurement.ts';
import { type Sampled, takeSamples } from './coldstart/sampling.ts';
import { stayAlive } from './coldstart/stay-alive.ts';
import { comparisonLines, measurementLines } from './coldstart/tables.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid } from './errors.ts';
import { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const SAMPLES = 20;
const MAX_SAMPLES = 1000;

export const coldstart: Command = {
  name: 'coldstart',
  operands: [],
  summary: 'Measures cold starts of a function that is deployed on AWS Lambda',
  flags: [
    { flag: '--function', placeholder: 'NAME', description: 'The function, by its plain name' },
    {
      flag: '--region',
      placeholder: 'REGION',
      description: 'Where it is (default: AWS_REGION, the profile)',
    },
    { flag: '--samples', placeholder: 'N', description: `Cold starts to measure (default ${SAMPLES})` },
    {
      flag: '--event',
      placeholder: 'FILE',
      description: 'Event to send, in JSON (default: GET of the health page)',
    },
    { flag: '--allow-writes', description: 'Send the event of --event although it may change something' },
    { flag: '--compare', placeholder: 'FILE', description: 'Compare with an earlier --json' },
    { flag: '--json', placeholder: 'FILE', description: 'Write samples and percentiles there' },
  ],
  details: [
    `Before each sample the variable ${MARKER} is set to another value, so that the next`,
    'invocation is a cold start; for everybody else as well. It is taken away at the end, also by Ctrl-C and when a sample',
    'fails; changes that others make meanwhile stay, and end the measurement. Values of variables are never printed.',
    'Needs lambda:GetFunctionConfiguration, lambda:UpdateFunctionConfiguration and lambda:InvokeFunction.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const wish = readWish(call);
    const lambda = await connectFunction(wish.name, call.options.get('--region'));
    try {
      const measurement = await measure(lambda, wish, call);
      for (const line of measurementLines(measurement)) call.terminal.out(line);
      if (wish.before) {
        for (const line of ['', ...comparisonLines(wish.before, measurement)]) call.terminal.out(line);
      }
      if (wish.json !== undefined) writeMeasurement(wish.json, measurement);
      return 0;
    } finally {
      lambda.close();
    }
  },
};

interface Wish {
  name: string;
  count: number;
  event: EventSource;
  eventName: string;
  before: Measurement | undefined;
  json: string | undefined;
}

function readWish({ options }: Call): Wish {
  const [name, file, json] = [options.get('--function'), options.get('--event'), options.get('--json')];
  if (name === undefined) throw optionMissing('--function', 'it names the function to measure');
  if (!/^[\w-]{1,64}$/.test(name)) {
    throw optionInvalid('--function', name, 'a plain name, without version, alias, account and path');
  }
  const compare = options.get('--compare');
  const before = compare === undefined ? undefined : readMeasurement(compare);
  const event = file === undefined ? healthEvent : fileEvent(file, options.get('--allow-writes') === 'true');
  if (json !== undefined) checkTarget(json);
  return { name, count: countOf(options.get('--samples')), event, eventName: file ?? 'health', before, json };
}

function countOf(text = String(SAMPLES)): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_SAMPLES) return count;
  throw optionInvalid('--samples', text, `a whole number from 1 to ${MAX_SAMPLES}`);
}

async function measure(lambda: LambdaFunction, wish: Wish, call: Call): Promise<Measurement> {
  const { terminal, runtime } = call;
  const marked = await MarkedFunction.open({ lambda, runtime });
  if (marked.isLeftover) terminal.say(`note: a run that was killed left ${MARKER}; it goes at the end`);
  const sampled = await restoringAfter(marked, call, () => sample(lambda, marked, wish, call));
  if (sampled.refusedStatus !== undefined) {
    terminal.say(`warning: The function answered ${sampled.refusedStatus}: this is what was measured`);
  }
  return measurementOf(sampled, {
    function: lambda.name,
    region: lambda.region,
    measuredAt: new Date(runtime.now()).toISOString(),
    event: wish.eventName,
    setup: marked.found.setup,
  });
}

async function sample(
  lambda: LambdaFunction,
  marked: MarkedFunction,
  { count, event }: Wish,
  { terminal, runtime, signal }: Call,
): Promise<Sampled> {
  const progress = new Progress(terminal, runtime);
  progress.phase('measuring', 'samples', count);
  try {
    return await takeSamples({
      lambda,
      marked,
      event: event(marked.found.variables),
      count,
      signal,
      advance: () => progress.advance(1),
    });
  } finally {
    progress.end();
  }
}

/** The environment is restored however the work ends; when neither succeeds, both are told. */
async function restoringAfter<T>(
  marked: MarkedFunction,
  { terminal, signal }: Call,
  work: () => Promise<T>,
): Promise<T> {
  const release = stayAlive();
  try {
    const [done] = await Promise.allSettled([work()]);
    if (signal.aborted) terminal.say(`Restoring the environment; Ctrl-C now leaves ${MARKER} there`);
    await restore(marked, terminal).catch(error => {
      if (done.status === 'rejected' && done.reason !== signal.reason) {
        terminal.say(`note: ${done.reason instanceof Error ? done.reason.message : String(done.reason)}`);
      }
      throw error;
    });
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  } finally {
    release();
  }
}

async function restore(marked: MarkedFunction, terminal: Terminal): Promise<void> {
  if ((await marked.restore()) === 'restored') return;
  terminal.say(`note: Others changed the variables meanwhile: they stay so, only ${MARKER} was taken away`);
}
