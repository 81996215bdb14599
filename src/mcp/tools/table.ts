import type { Tool } from '../tool.ts';
import { appendToNote } from './append-to-note.ts';
import { deleteAttachment, listAttachments, uploadAttachment } from './attachments.ts';
import { batch } from './batch.ts';
import { diffNote } from './diff-note.ts';
import { downloadAttachment } from './download-attachment.ts';
import { changesSince, getHistory, getRecentChanges } from './history.ts';
import { importStatus } from './import-status.ts';
import { findBrokenLinks, findOrphanedNotes, findWantedNotes, getLinks } from './links.ts';
import { listNotes } from './list-notes.ts';
import { deleteNote, renameNote, restoreNote, revert } from './manage-note.ts';
import { readNote } from './read-note.ts';
import { searchNotes, semanticSearch } from './search-notes.ts';
import { editNote, editSection, writeNote } from './write-note.ts';

/** All of them, in the order in which they are offered. */
export const TOOLS: readonly Tool[] = [
  readNote,
  listNotes,
  searchNotes,
  semanticSearch,
  writeNote,
  editNote,
  editSection,
  appendToNote,
  renameNote,
  deleteNote,
  restoreNote,
  batch,
  revert,
  getLinks,
  findOrphanedNotes,
  findBrokenLinks,
  findWantedNotes,
  getHistory,
  getRecentChanges,
  changesSince,
  diffNote,
  listAttachments,
  downloadAttachment,
  uploadAttachment,
  deleteAttachment,
  importStatus,
];
