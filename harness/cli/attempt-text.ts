import pc from 'picocolors';
import { type CellRecord, failsWhenPlayed, worksAfterAll } from '../record.ts';

/**
 * What came of the cells that peers declare unsupported, where they were played all the same: by cell, with the
 * declaration's text. A false declaration first, with the command that shows it again.
 */
export function attemptTexts(records: readonly CellRecord[]): string[] {
  const attempted = records.filter((record) => record.attempted);
  const unknown = attempted.filter((record) => !worksAfterAll(record) && !failsWhenPlayed(record));
  return [
    ...group(pc.red('works after all'), attempted.filter(worksAfterAll), ({ replay }) => `again: ${replay}`),
    ...group('fails when played', attempted.filter(failsWhenPlayed), came),
    ...group('not known', unknown, came),
  ];
}

function came({ attempted }: CellRecord): string {
  const { why, sameAs } = attempted ?? {};
  return pc.dim(
    sameAs === undefined ? `came: ${why}` : `came: ${why}; nothing else is expected of ${sameAs}`,
  );
}

function group(what: string, records: readonly CellRecord[], more: (record: CellRecord) => string): string[] {
  if (records.length === 0) return [];
  const lines = records.flatMap((record) => [
    `  ${pc.bold(record.cell)}: ${record.why}`,
    `      ${more(record)}`,
  ]);
  return [`declared unsupported, ${what}: ${records.length}`, ...lines];
}
