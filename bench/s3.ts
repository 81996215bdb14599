import { measureGrowth } from './s3/growth.ts';
import { measureWarm } from './s3/warm.ts';
import { benchOptions } from './support/options.ts';
import { Report } from './support/report.ts';
import { openServer } from './support/server-under-test.ts';

/** Writes to a wiki in S3, warm and as it grows, against raw requests to the same server. */

const options = benchOptions(
  { pages: [1_000, 10_000, 100_000], rounds: 400 },
  { pages: [1_000], rounds: 20 },
);
const parts = { warm: measureWarm, growth: measureGrowth };
const report = new Report('s3', options);
const server = await openServer(options.s3);
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (options.only.length === 0 || options.only.includes(name)) await measure(report, options, server);
  }
} finally {
  await server.stop();
}
report.note(
  [
    'own client: one put through the store of this program, its signer included; node:http: Node’s own client and the least',
    'signer. Both replace one object on condition of its version. as many bytes: as the update before it put in all, flush included.',
    'Server and client share the machine, whose processors they both want.',
  ].join('\n'),
);
report.finish();
