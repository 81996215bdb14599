import type { CommitInfo, Signature } from '../../git/repository.ts';
import type { CommitBody } from '../bodies.ts';
import { strip } from '../name/python-text.ts';

/** A commit as the API shows it: the message without its final newline and with every line trimmed. */
export function commitBody(commit: Pick<CommitInfo, 'author' | 'message' | 'oid'>): CommitBody {
  return {
    author: commit.author.name,
    date: isoDate(commit.author),
    message: commit.message.replace(/\n+$/, '').split('\n').map(strip).join('\n'),
    revision: commit.oid,
  };
}

/** `2026-11-21T09:30:42+00:00`, in the signature's own zone. */
export function isoDate({ seconds, offsetMinutes }: Pick<Signature, 'seconds' | 'offsetMinutes'>): string {
  const local = new Date((seconds + offsetMinutes * 60) * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(offsetMinutes);
  const offset = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${offset}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
