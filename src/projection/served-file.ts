/** The attachment that Otterwiki serves at a path, `docs/intro/a/plan.png`: none, or `docs/intro/plan.png`. */
export function fileServedAt(path: string): [] | [string] {
  const served = /^(.+\/)a\/([^/]+)$/.exec(path);
  return served === null ? [] : [`${served[1]}${served[2]}`];
}

/** The path at which Otterwiki serves an attachment. */
export function servedPath(file: string): string {
  const name = file.lastIndexOf('/') + 1;
  return `${file.slice(0, name)}a/${file.slice(name)}`;
}
