import { isKittiwakeError } from '../../core/errors.ts';
import type { GoneRef } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { decodeGone, encodeGone } from '../purge/gone-list.ts';
import type { LedgerView } from '../view/view.ts';
import { codeOf, type Report } from './doctor-report.ts';

/** Reads the list of replaced commits as a whole: that it is there, complete and in order, and that none of them is there still. */
export async function checkGone(
  { packs }: LedgerRepository,
  view: LedgerView,
  { name, bytes, count }: GoneRef,
  report: Report,
): Promise<void> {
  const wrong = (what: string) => report('error', 'gone_corrupt', `Replaced commits "${name}": ${what}`);
  try {
    const rows = await packs.read(name, 'gone', 0);
    const replaced = decodeGone(rows);
    if (rows.length !== bytes || replaced.size !== count)
      wrong(
        `${rows.length} bytes with ${replaced.size} ids are stored, the ledger says ${bytes} and ${count}`,
      );
    if (!encodeGone(replaced).equals(rows)) wrong('they are not in order');
    for (const oid of replaced.keys())
      if ((await view.layers.findCommit(oid)) !== undefined)
        wrong(`the commit ${oid} is in the history all the same`);
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', codeOf(error), `Replaced commits "${name}": ${error.message}`);
  }
}
