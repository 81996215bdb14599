import type { WikiEventType } from './wiki-event.ts';

/** Of events that are about one file. */
export const FILE_EVENT_TYPES = [
  'page_created',
  'page_updated',
  'page_deleted',
  'page_renamed',
  'attachment_saved',
  'attachment_deleted',
] as const satisfies readonly WikiEventType[];

export const EVENT_TYPES = [
  ...FILE_EVENT_TYPES,
  'history_changed',
] as const satisfies readonly WikiEventType[];
