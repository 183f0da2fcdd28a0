import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { loadTopology } from '../topologies.ts';
import { type RuleRow, ruleCoverage, ruleTotals } from './rule-coverage.ts';
import { rulesJson, rulesText } from './rule-list.ts';
import { listedCells } from './suites.ts';

const expected = (of: Parameters<typeof expectation>[0]) => expectation(of, loadTopology(of.topology));
const row = (rows: readonly RuleRow[], id: string) => rows.find(({ entry }) => entry.id === id);

test('every rule that is built or disputed has a listed cell that shows it', async () => {
  const listed = await listedCells();
  const rows = ruleCoverage(
    listed.map((one) => one.cell),
    expected,
  );
  const idle = rows.filter(({ entry, cells }) => entry.state !== 'not-built' && cells === 0);
  expect(idle.map(({ entry }) => entry.id)).toEqual([]);
  // What is not built can have none: nobody decides by it.
  expect(rows.filter(({ entry, cells }) => entry.state === 'not-built' && cells > 0)).toEqual([]);
});

test('without its cells a rule is seen to be idle, and is counted so', () => {
  const rows = ruleCoverage([cell('direct')], expected);
  expect(row(rows, 'NAT-1')).toMatchObject({ cells: 1, example: 'direct' });
  expect(row(rows, 'NAT-2')).toMatchObject({ cells: 0, example: undefined });
  const { exercised, idle, notBuilt, disputed } = ruleTotals(rows);
  expect(idle).toBeGreaterThan(0);
  expect(exercised + idle + notBuilt + disputed).toBe(rows.length);
});

test('what a peer declares unsupported shows no rule', () => {
  const unsupported = cell('direct', { responder: 'ts:plain', ports: 'rport' });
  expect(ruleCoverage([unsupported], expected).filter(({ cells }) => cells > 0)).toEqual([]);
});

test('the list says of each rule what it asks, who shows it or why nobody does, and ends with totals', () => {
  const rows = ruleCoverage([cell('direct'), cell('direct', { user: 'dialin2' })], expected);
  const text = rulesText(rows);
  expect(text).toMatch(/^ {2}NAT-1 +built, 2 cells: direct$/m);
  expect(text).toMatch(/^ {2}CERT-1 +not built, certificates are not spoken here$/m);
  expect(text).toContain('not played: a responder that follows no mapping');
  expect(text).toContain('reading a: the defaults are DES, SHA and group 1');
  const { exercised, idle, notBuilt, disputed } = ruleTotals(rows);
  expect(text.split('\n').slice(-5, -1)).toEqual([
    `built and exercised      ${exercised}`,
    `built and not exercised  ${idle}`,
    `not built                ${notBuilt}`,
    expect.stringContaining(`disputed                 ${disputed}, of which`),
  ]);
  expect(JSON.parse(rulesJson(rows))).toMatchObject({ totals: { exercised, idle, notBuilt, disputed } });
});
