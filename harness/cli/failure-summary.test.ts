import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import type { CellRecord } from '../record.ts';
import { summarySchema } from '../records/summary.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { loadTopology } from '../topologies.ts';
import { failureSummary, failureSummaryTexts } from './failure-summary.ts';
import { runSummary } from './run-summary.ts';

function recordOf(of: Cell, verdict: 'pass' | 'fail', came: string): CellRecord {
  const [{ outcome, checks, rules } = { outcome: { kind: 'connect' as const }, checks: [], rules: [] }] =
    expectation(of, loadTopology(of.topology));
  return exampleRecord({
    cell: cellId(of),
    axes: { ...of },
    verdict,
    expectation: { outcome, checks: [...checks], rules: [...rules] },
    observed: { outcome: came, checks: [] },
  });
}

/** As many cells as there are users, passwords, proposals and placements; those behind the office's NAT do not get through. */
const users = ['dialin1', 'dialin2', 'dialin3', 'dialin4', 'secoff'];
const orders = ['1', '2', '1-2', '2-1', '1-2-3', '3-2-1', '1-2-3-4', '4-3-2-1', '2-1-4-3', '3-4-1-2'];
const cells = ['direct', 'hotel-nat', 'office-nat', 'both-nat'].flatMap((topology) =>
  orders.flatMap((p2) =>
    (['1701', 'distinct'] as const).flatMap((sourceport) =>
      users.map((user) => cell(topology, { p2, user, sourceport })),
    ),
  ),
);
const behindNat = ({ topology }: Cell) => topology.endsWith('-nat') && topology !== 'hotel-nat';
const records = cells.map((one) =>
  behindNat(one) ? recordOf(one, 'fail', 'stopped at reach: no-answer') : recordOf(one, 'pass', 'connected'),
);

test('of 200 failing cells it says in a few lines what they share, what it means and what to do', () => {
  const summary = failureSummary(records, loadTopology);
  expect(summary?.cells).toBe(200);
  const lines = failureSummaryTexts(summary).map(stripVTControlCharacters);
  expect(lines[0]).toMatch(
    /^in common {2}fails iff responder behind NAT \(all 200 cells with it, and none of the other 200\)/,
  );
  expect(lines[1]).toMatch(
    /^200 cells: stopped at reach: no-answer {2}\(Windows may show 766; 781 on XP; 809 since Vista; 678 on XP, from memory/,
  );
  expect(lines.join('\n')).toContain('Forward UDP 500 and UDP 4500');
  expect(lines.filter((line) => /^ {4}AlliedWare How-To \[V\]/.test(line))).toHaveLength(1);
  expect(lines).toContain('  more: npm test -- --explain reach:no-answer');
  expect(lines.length).toBeLessThanOrEqual(8);
});

test('the summary of a run takes it, and one without failures has none', () => {
  const outcome = { records, canary: undefined, labs: [], notRun: [], failure: undefined };
  const frame = {
    run: 'r',
    command: 'npm test',
    startedAt: new Date(0),
    durationMs: 1,
    exitStatus: 1,
    interrupted: false,
  };
  const failures = failureSummary(records, loadTopology);
  const written: unknown = JSON.parse(JSON.stringify(runSummary(frame, outcome, undefined, failures)));
  expect(summarySchema.parse(written).failures?.kinds[0]).toMatchObject({
    stage: 'reach',
    reason: 'no-answer',
    cells: 200,
    example: 'office-nat/p2=1',
  });
  const clean = records.filter(({ verdict }) => verdict === 'pass');
  expect(failureSummary(clean, loadTopology)).toBeUndefined();
  expect(failureSummaryTexts(undefined)).toEqual([]);
});

test('many kinds of failure are counted, and the first told', () => {
  const stops = ['reach', 'phase1', 'phase2', 'esp', 'l2tp-tunnel', 'ppp-lcp', 'ppp-auth'];
  const many = stops.map((stage, index) =>
    recordOf(cell('direct', { p2: orders[index] ?? '1' }), 'fail', `stopped at ${stage}: unknown`),
  );
  const lines = failureSummaryTexts(failureSummary([...many, ...records.slice(0, 20)], loadTopology));
  expect(lines.at(-1)).toBe('  and 2 more kinds of failure in 2 cells: summary.json has them');
  expect(lines.join('\n')).toContain('1 cell: stopped at reach: unknown, in direct/p2=1');
  // What means the same is said once.
  expect(lines.filter((line) => line.includes('evidence does not show why'))).toHaveLength(1);
});

test('a cell that connects where it must not, and a check that fails, are explained too', () => {
  const refused = recordOf(cell('office-nat', { rule: '0', reading: 'b' }), 'fail', 'connected');
  const checked = recordOf(cell('hotel-nat'), 'fail', 'connected');
  const leaking = {
    ...checked,
    observed: { outcome: 'connected', checks: [{ check: 'port-float true', ok: false, detail: '' }] },
  };
  const text = failureSummaryTexts(failureSummary([refused, leaking], loadTopology)).join('\n');
  expect(text).toContain(
    '1 cell: connected, and should have stopped at esp: esp-never-sent, in office-nat/rule=0/reading=b\n  It connected where',
  );
  expect(text).toContain(
    '1 cell: check port-float failed, in hotel-nat\n  IKE moved to UDP 4500 where it should stay',
  );
});
