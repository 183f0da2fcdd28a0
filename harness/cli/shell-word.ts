/** One argument as a person types it in a shell: quoted where it would be anything but one word of itself. */
export function shellWord(value: string): string {
  return /^[\w.,:=@/+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
