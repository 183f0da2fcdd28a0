/** Text as it is, wherever Markdown would read a sign in it. */
export function plain(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, (sign) => `\\${sign}`);
}

/** A table; its cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Remarks below a table, each with a number; equal ones share theirs. */
export class Footnotes {
  readonly #texts: string[] = [];

  /** The mark that refers to this remark, which is Markdown already. */
  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `<sup>${this.#texts.indexOf(text) + 1}</sup>`;
  }

  /** All remarks so far, as a numbered list. */
  list(): string {
    return this.#texts.map((text, index) => `${index + 1}. ${text}`).join('\n');
  }
}
