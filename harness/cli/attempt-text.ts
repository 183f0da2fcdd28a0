import pc from 'picocolors';
import { type CellRecord, failsAsDeclared, worksAfterAll } from '../record.ts';

/**
 * What came of the cells that peers declare unsupported, where they were played all the same: by cell, with the
 * declaration's text. A false declaration first, with the command that shows it again.
 */
export function attemptTexts(records: readonly CellRecord[]): string[] {
  const attempted = records.filter((record) => record.attempted);
  const unknown = attempted.filter((record) => !worksAfterAll(record) && !failsAsDeclared(record));
  return [
    ...group(pc.red('works after all'), attempted.filter(worksAfterAll), ({ cell, why, replay }) => [
      `${pc.bold(cell)}: ${why}`,
      `again: ${replay}`,
    ]),
    ...group('fails as declared', attempted.filter(failsAsDeclared), ({ cell, why, attempted }) => [
      `${cell}: ${why}`,
      pc.dim(`came: ${attempted?.why}`),
    ]),
    ...group('not known', unknown, ({ cell, why, attempted }) => [
      `${cell}: ${why}`,
      pc.dim(`came: ${attempted?.why}`),
    ]),
  ];
}

function group(
  what: string,
  records: readonly CellRecord[],
  texts: (record: CellRecord) => readonly [string, string],
): string[] {
  if (records.length === 0) return [];
  const lines = records.flatMap((record) => {
    const [first, second] = texts(record);
    return [`  ${first}`, `      ${second}`];
  });
  return [`declared unsupported, ${what}: ${records.length}`, ...lines];
}
