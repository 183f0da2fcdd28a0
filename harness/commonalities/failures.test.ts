import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { outcomeText } from '../expectation.ts';
import type { CellRecord } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { loadTopology } from '../topologies.ts';
import { commonalityText } from './common-text.ts';
import { deviationText } from './deviation.ts';
import { failuresOf } from './failures.ts';

/** The record of a cell that did as the rule table wants, or came to another outcome. */
function recordOf(of: Cell, came?: string): CellRecord {
  const [first] = expectation(of, loadTopology(of.topology));
  if (!first) throw new Error('nothing is expected');
  const { outcome, checks, rules } = first;
  const expected = outcome.kind === 'connect' ? 'connected' : outcomeText(outcome).replace('stop', 'stopped');
  return exampleRecord({
    cell: cellId(of),
    axes: { ...of },
    verdict: came === undefined || came === expected ? 'pass' : 'fail',
    expectation: { outcome, checks: [...checks], rules: [...rules] },
    observed: { outcome: came ?? expected, checks: [] },
  });
}

/** Placements, rules, port settings and keys, all with all. */
const cells: readonly Cell[] = ['direct', 'hotel-nat', 'office-nat', 'both-nat'].flatMap((topology) =>
  (['0', '1', '2'] as const).flatMap((rule) =>
    (['lport', 'rport'] as const).flatMap((ports) =>
      (['good', 'wrong'] as const).flatMap((psk) =>
        ['ts:windows-xp-sp2', 'ts:windows-vista'].map((client) =>
          cell(topology, { rule, ports, psk, client, p1: '3des-sha1-modp1024' }),
        ),
      ),
    ),
  ),
);

function textOf(records: readonly CellRecord[]): string | undefined {
  const found = failuresOf(records, loadTopology);
  return found && commonalityText(found.commonality);
}

test('rule 0 ignored: it is told by the placement and the value, not by the names of topologies', () => {
  const records = cells
    .filter(({ client }) => client === 'ts:windows-vista')
    .map((one) => {
      const record = recordOf(one);
      const { outcome } = record.expectation ?? {};
      const refuses = outcome?.kind === 'stop' && outcome.reason === 'esp-never-sent';
      return refuses ? recordOf(one, 'connected') : record;
    });
  // Rules WIN-1 and WIN-3. That value 1 does not help where both stand behind NAT rests on two cells.
  expect(textOf(records)).toBe(
    'fails iff (responder behind NAT and rule=0), or (2 NATs and rule=1) (all 6 cells, and none of the other 18); may be chance',
  );
  const withoutRule1 = records.filter(({ axes }) => axes.rule !== '1');
  expect(textOf(withoutRule1)).toMatch(/^fails iff responder behind NAT and rule=0 \(only 4 cells have this/);
});

test('cells that stop before the failure are not held against it', () => {
  // With the wrong key nobody comes to phase 2; that they pass says nothing about it.
  const records = cells.map((one) => {
    const stops = one.ports === 'rport' && one.psk === 'good' && one.topology === 'hotel-nat';
    return recordOf(one, stops ? 'stopped at phase2: no-answer' : undefined);
  });
  const text = textOf(records);
  expect(text).toMatch(/^fails iff /);
  expect(text).toContain('ports=rport');
  expect(text).not.toContain('psk');
});

test('a client that is refused for its proposals never comes to NAT detection, and shows nothing of it', () => {
  const both = cells
    .filter(({ client, psk, ports }) => client === 'ts:windows-xp-sp2' && psk === 'good' && ports === 'lport')
    .flatMap((one) =>
      ['3des-sha1-modp1024', 'aes256-sha1-modp2048'].flatMap((p1) =>
        ['dialin1', 'dialin2'].map((user) => ({ ...one, p1, user })),
      ),
    )
    .filter(({ rule }) => rule !== '1');
  const records = both.map((one) => {
    const { outcome } = recordOf(one).expectation ?? {};
    const refuses = outcome?.kind === 'stop' && outcome.reason === 'nat-refused';
    return recordOf(one, refuses ? 'connected' : undefined);
  });
  expect(records.filter(({ verdict }) => verdict === 'fail')).toHaveLength(4);
  const text = textOf(records);
  expect(text).toMatch(/^fails iff responder behind NAT and rule=0 /);
  expect(text).not.toContain('p1=');
});

test('failures of two kinds that nothing explains together are told each for itself', () => {
  const failing = (one: Cell) => {
    if (one.psk === 'wrong' && one.client === 'ts:windows-vista') return 'stopped at reach: no-answer';
    const isLast = cellId(one) === cellId(cell('direct', { p1: '3des-sha1-modp1024' }));
    return isLast ? 'stopped at ppp-auth: ppp-auth-failed' : undefined;
  };
  const found = failuresOf(
    cells.map((one) => recordOf(one, failing(one))),
    loadTopology,
  );
  expect(found?.cells).toBe(25);
  expect(found?.commonality).toMatchObject({ kind: 'partly', without: 1 });
  expect(found?.kinds.map(({ deviation, cells: ids }) => [deviationText(deviation), ids.length])).toEqual([
    ['stopped at reach: no-answer', 24],
    ['stopped at ppp-auth: ppp-auth-failed', 1],
  ]);
  const [first, second] = found?.kinds ?? [];
  expect(first?.commonality && commonalityText(first.commonality)).toMatch(
    /^fails iff psk=wrong and client=ts:windows-vista|^fails iff Windows Vista or later and psk=wrong/,
  );
  expect(second?.commonality?.kind).toBe('no-comparison');
});

test('a clean run, the canary and cells that nobody could play are no failures', () => {
  const clean = cells.map((one) => recordOf(one));
  const canary = { ...recordOf(cell('direct'), 'stopped at reach: no-answer'), canary: true };
  const broken = exampleRecord({ verdict: 'broken' });
  expect(failuresOf([...clean, canary, broken], loadTopology)).toBeUndefined();
});

test('one failure has nothing in common with another', () => {
  const records = cells.map((one, index) =>
    recordOf(one, index === 0 ? 'stopped at esp: esp-dropped' : undefined),
  );
  expect(failuresOf(records, loadTopology)).toMatchObject({
    cells: 1,
    commonality: { kind: 'no-comparison' },
  });
  expect(textOf(records)).toBeUndefined();
});

test('a failing check is a kind of its own, and evidence in conflict another', () => {
  const checked = recordOf(cell('direct'));
  const failing = {
    ...checked,
    verdict: 'fail' as const,
    observed: { outcome: 'connected', checks: [{ check: 'port-float', ok: false, detail: '' }] },
  };
  const conflict = {
    ...recordOf(cell('hotel-nat')),
    verdict: 'fail' as const,
    observed: { outcome: 'conflict', checks: [] },
  };
  const texts = failuresOf([failing, conflict], loadTopology)?.kinds.map(({ deviation }) =>
    deviationText(deviation),
  );
  expect(texts).toEqual(['check port-float failed', 'the evidence is in conflict']);
});

test('of a cell with several clients it is told what the first that failed did', () => {
  const record = recordOf(cell('hotel-nat'));
  const { expectation: expected } = record;
  const several = {
    ...record,
    verdict: 'fail' as const,
    first: { verdict: 'pass' as const, why: '' },
    others: [
      {
        client: 2,
        verdict: 'fail' as const,
        why: '',
        expectation: expected,
        observed: { outcome: 'stopped at ppp-lcp: sa-replaced', checks: [] },
      },
    ],
  };
  expect(failuresOf([several], loadTopology)?.kinds[0]?.deviation).toEqual({
    kind: 'stopped',
    stage: 'ppp-lcp',
    reason: 'sa-replaced',
  });
});

test('a cell of which nothing is declared is counted and not compared', () => {
  const unknown = exampleRecord({ cell: 'nowhere/rule=0', verdict: 'fail' });
  expect(failuresOf([unknown], loadTopology)).toMatchObject({ cells: 1, commonality: { failing: 0 } });
});
