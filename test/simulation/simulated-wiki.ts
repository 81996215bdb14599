import { FULL_ACCESS } from '../../src/wiki/access.ts';
import { bindRepository } from '../../src/wiki/bound/bound-repository.ts';
import { write } from '../../src/wiki/change/write.ts';
import { createWiki, type WikiOptions } from '../../src/wiki/create-wiki.ts';
import { deleteAttachment, putAttachment } from '../../src/wiki/operation/attachments.ts';
import { batch } from '../../src/wiki/operation/batch.ts';
import { renamePage } from '../../src/wiki/operation/rename-page.ts';
import { restorePage } from '../../src/wiki/operation/restore-page.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { BatchChange, Wiki, WriteOptions, Written } from '../../src/wiki/wiki.ts';
import type { Action, Attach, Put } from './wiki-records.ts';

/** The calls of a wiki, without those that load a module when they are first used: virtual time does not wait for that. */
export function simulatedWiki(options: WikiOptions): Wiki {
  const { repository, runtime, settings = DEFAULT_SETTINGS } = options;
  const context = { repository: bindRepository(repository, FULL_ACCESS), settings, runtime };
  return {
    ...createWiki(options),
    renamePage: (input, how) => write(context, work => renamePage(work, input), how),
    restorePage: (input, how) => write(context, work => restorePage(work, input), how),
    batch: (changes, how) => write(context, work => batch(work, changes), how),
    putAttachment: (input, how) => write(context, work => putAttachment(work, input), how),
    deleteAttachment: (input, how) => write(context, work => deleteAttachment(work, input), how),
  };
}

export function carryOut(wiki: Wiki, action: Action, how: WriteOptions): Promise<Written<object>> {
  switch (action.kind) {
    case 'put':
      return wiki.putPage(action, how);
    case 'delete':
      return wiki.deletePage(action, how);
    case 'rename':
      return wiki.renamePage(action, how);
    case 'restore':
      return wiki.restorePage(action, how);
    case 'attach':
      return wiki.putAttachment({ ...action, content: action.bytes }, how);
    case 'detach':
      return wiki.deleteAttachment(action, how);
    case 'batch':
      return wiki.batch(action.parts.map(toChange), how);
  }
}

function toChange(part: Put | Attach): BatchChange {
  return part.kind === 'put' ? { op: 'put', ...part } : { op: 'attach', ...part, content: part.bytes };
}
