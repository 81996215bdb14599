import type { Tool } from '../tool.ts';
import { readNote } from './read-note.ts';

/** All of them, in the order in which they are offered. */
export const TOOLS: readonly Tool[] = [readNote];
