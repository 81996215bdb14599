import type { IncomingChange, IncomingCommit, IncomingHistory } from '../../git/incoming/incoming.ts';
import type { ProposedChange, WriteHooks } from '../change/hooks.ts';
import { commitMessageRequired } from '../errors.ts';
import { decodeText } from '../markup/text.ts';
import { isPageFile } from '../name/page-path.ts';
import { checkedChanges } from './checked-changes.ts';
import { inCommit, landingChanged } from './errors.ts';
import type { LandingGround } from './landing-rules.ts';

/**
 * Checks what each commit changes by itself: what was changed and changed back leaves no trace in the end, but in the history.
 * @throws KittiwakeError `forbidden`, `page_too_large`, `attachment_too_large`, `commit_message_required`, `landing_changed`; what a
 *   plugin refuses with
 */
export async function checkCommits(history: IncomingHistory, ground: LandingGround): Promise<void> {
  const hooks = await ground.hooks?.();
  const needsMessage = ground.permits.preferences?.commitMessage === 'REQUIRED';
  for await (const commit of history.commits()) {
    try {
      if (needsMessage && commit.commit.message.trim() === '') throw commitMessageRequired();
      const changes: IncomingChange[] = [];
      for await (const change of checkedChanges(commit.changes(), ground)) if (hooks) changes.push(change);
      if (hooks && changes.length > 0) await ask(hooks, commit, changes, history);
    } catch (error) {
      throw inCommit(error, commit.oid);
    }
  }
}

async function ask(
  hooks: WriteHooks,
  { commit }: IncomingCommit,
  changes: readonly IncomingChange[],
  history: IncomingHistory,
): Promise<void> {
  const proposed: ProposedChange[] = [];
  for (const change of changes) proposed.push(await proposalOf(change, history));
  const { message } = commit;
  const { name, email } = commit.author;
  const wish = await hooks.beforeWrite({ changes: proposed, message, author: { name, email } });
  const [path] = wish?.contents?.keys() ?? [];
  if (path !== undefined) throw landingChanged(`"${path}"`);
  if (wish?.message !== undefined && wish.message !== message) throw landingChanged('its message');
}

async function proposalOf(
  { path, before, after }: IncomingChange,
  history: IncomingHistory,
): Promise<ProposedChange> {
  if (after === null) return { path, action: 'delete', content: undefined };
  const action = before === null ? 'create' : 'update';
  const content = isPageFile(path) ? decodeText(await history.blob(after.oid)) : undefined;
  return { path, action, content };
}
