/** False for what no database takes, and so none holds: it is not to be asked for. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
