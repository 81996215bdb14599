import { SECRET } from '../git/purge-support.ts';
import { createData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';

/** A data folder whose wiki has the secret as `docs/secret.md`, in a pack, below another commit. */
export async function leakyData(): Promise<string> {
  const data = temporaryFolder();
  const repository = await createData(data);
  await commitFiles(repository, { 'a.md': 'a' }, 'begin');
  await commitFiles(repository, { 'docs/secret.md': SECRET }, 'leak');
  await repository.flusher.flush();
  await commitFiles(repository, { 'a.md': 'again' }, 'go on');
  return data;
}
