/** True for files: not for folders, symbolic links and submodules. Git's modes are those of stat(2). */
export function isRegular(mode: number): boolean {
  return (mode & 0o170000) === 0o100000;
}
