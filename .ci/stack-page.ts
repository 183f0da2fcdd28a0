/** A row of the conformance table that names a test, or says why there is none. */
interface ConformanceRow {
  readonly line: number;
  readonly shownBy: string;
}

const levels = ['MUST', 'SHOULD', 'MAY', 'MUST NOT', 'SHOULD NOT', '-'];
const heading = /^\| *section *\|/;
const ruler = /^\|[-|: ]+\|$/;
const reference = /^`([^`]+\.test\.ts)` "(.+)"$/;

/** The rows of all tables of `docs/stack.md`, without their headings. */
function rowsOf(page: string): { readonly rows: ConformanceRow[]; readonly complaints: string[] } {
  const rows: ConformanceRow[] = [];
  const complaints: string[] = [];
  for (const [index, text] of page.split('\n').entries()) {
    if (!text.startsWith('|') || heading.test(text) || ruler.test(text)) continue;
    const line = index + 1;
    // A bar inside a cell is written \| there, as Markdown asks.
    const cells = text.slice(1, -1).split(/(?<!\\)\|/);
    const [, level = '', , shownBy = ''] = cells.map((cell) => cell.trim());
    if (cells.length !== 4) complaints.push(`line ${line}: ${cells.length} columns where there are 4`);
    else if (!levels.includes(level)) complaints.push(`line ${line}: ${JSON.stringify(level)} is no level`);
    else rows.push({ line, shownBy });
  }
  return { rows, complaints };
}

/**
 * What is wrong with the conformance table: rows that are malformed, that name a test which is not there, or that
 * neither name one nor give a reason.
 *
 * @param page the text of `docs/stack.md`
 * @param read the text of a test file, `undefined` where there is none
 */
export function stackPageComplaints(page: string, read: (path: string) => string | undefined): string[] {
  const { rows, complaints } = rowsOf(page);
  for (const { line, shownBy } of rows) {
    if (/^not done: \S/.test(shownBy)) continue;
    const references = shownBy.split(/; (?=`)/).map((part) => reference.exec(part.replaceAll('\\|', '|')));
    for (const found of references) {
      const [, path = '', title = ''] = found ?? [];
      const source = found === null ? undefined : read(path);
      if (found === null) complaints.push(`line ${line}: names no test and no reason: ${shownBy}`);
      else if (source === undefined) complaints.push(`line ${line}: there is no ${path}`);
      else if (!source.includes(title)) complaints.push(`line ${line}: ${path} has no test "${title}"`);
    }
  }
  return complaints;
}
