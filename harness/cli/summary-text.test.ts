import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { runSummary } from './run-summary.ts';
import type { ListedCell } from './suites.ts';
import { labTimesTexts, resultTable, tierText, totalsText, unavailableTexts } from './summary-text.ts';

const failed = exampleRecord({
  cell: 'office-nat/p2=3',
  verdict: 'fail',
  why: 'expected to connect, but stopped at phase2: no-proposal-chosen',
  replay: 'npm test -- --cell office-nat/p2=3 --seed 1',
});
const connected = exampleRecord({
  connectMs: 812.4,
  expectation: { outcome: { kind: 'connect' }, checks: [], rules: [] },
  observed: {
    outcome: 'connected',
    stageReached: 'traffic',
    client: {
      peer: 'ts',
      version: '1',
      stages: [],
      phase1: 'des-sha1-modp768',
      phase2: '3des-sha1',
      dns: [],
      unanswered: [],
      warnings: [],
    },
    traffic: {
      target: '192.168.2.10',
      pingToServer: { sent: 5, received: 5 },
      pingToClient: { sent: 5, received: 5 },
      traceroute: [],
      upMbps: 41.6,
      downMbps: 38.2,
      bytesEachWay: 3_000_000,
      failures: [],
      sustained: false,
    },
    checks: [],
  },
});
const disputed = exampleRecord({ cell: 'office-nat/rule=0/reading=a', disputed: true });
const canary = exampleRecord({ cell: 'office-nat/psk=wrong', verdict: 'fail', canary: true });
const plain = (text: string) => stripVTControlCharacters(text);

const outcome = {
  records: [connected, failed, disputed],
  canary,
  labs: [
    {
      topology: 'office-nat',
      id: 'abcde',
      upMs: 2100,
      connectingMs: [1600, 1300, 1700, 1200],
      otherMs: [2200],
      downMs: 300,
    },
  ],
  notRun: [],
  failure: undefined,
};
const frame = {
  run: 'r',
  command: 'npm test',
  startedAt: new Date(0),
  durationMs: 1,
  exitStatus: 1,
  interrupted: false,
};

test('the table has a line for each cell with what was expected, reached, chosen and measured', () => {
  const lines = plain(resultTable(outcome.records)).split('\n');
  expect(lines[3]?.split('│').map((column) => column.trim())).toEqual([
    '',
    'office-nat',
    'pass',
    'connect',
    'traffic',
    'des-sha1-modp768 / 3des-sha1',
    '812 ms',
    '42/38 Mbit/s',
    '',
  ]);
  expect(lines[5]).toContain('pass disputed');
});

test('each client of a cell with several has a line of its own, so that it shows which one failed', () => {
  const { expectation, observed } = connected;
  const connect = { client: 2, verdict: 'pass' as const, why: '', expectation, observed, connectMs: 99 };
  const several = exampleRecord({
    cell: 'shared-nat/clients=2',
    verdict: 'fail',
    why: 'client 1: expected to stop, but connected',
    first: { verdict: 'fail', why: 'expected to stop, but connected' },
    expectation: {
      outcome: { kind: 'stop', stage: 'hold', reason: 'sa-replaced' },
      checks: [],
      rules: [],
    },
    observed: { outcome: 'connected', stageReached: 'hold', checks: [] },
    others: [connect],
  });
  const lines = plain(resultTable([several]))
    .split('\n')
    .slice(3, 6);
  expect(
    lines.map((line) =>
      line
        .split('│')
        .map((column) => column.trim())
        .slice(1, 7),
    ),
  ).toEqual([
    ['shared-nat/clients=2', 'fail', '', '', '', ''],
    ['client 1', 'fail', 'stop at hold: sa-replaced', 'hold', '', ''],
    ['client 2', 'pass', 'connect', 'traffic', 'des-sha1-modp768 / 3des-sha1', '99 ms'],
  ]);
});

test('totals keep disputed cells and the canary apart', () => {
  const summary = runSummary(frame, outcome, { passed: 7, failed: 0, skipped: 1, failures: [] }, undefined);
  expect(summary).toMatchObject({
    passed: 2 + 7,
    failed: 1,
    counts: { pass: 1, fail: 1 },
    disputed: { pass: 1, fail: 0 },
  });
  expect(totalsText(summary, '/records').map(plain)).toEqual([
    'cells     1 pass, 1 fail',
    'disputed  1 pass, 0 fail',
    'canary    office-nat/psk=wrong expected to connect: fail, as it must',
    'tests     7 passed, 0 failed, 1 skipped',
    'records   /records',
  ]);
});

test('a lab has its times: alone with one connecting cell, and what each further cell took', () => {
  expect(labTimesTexts(outcome)).toEqual([
    // 2.1 + 1.6 + 0.3; the median of 1.3, 1.7 and 1.2.
    'topology  office-nat: up in 2.1 s, first connecting cell in 1.6 s, down in 0.3 s (4.0 s)',
    'topology  office-nat: 3 further connecting cells at 1.3 s (slowest 1.7 s); 1 other cell in 2.2 s',
  ]);
});

test('why cells could not be played is said once for each reason', () => {
  const lacking = (id: string, why: string) => exampleRecord({ cell: id, verdict: 'unavailable', why });
  const records = [
    lacking('direct/client=strongswan', 'no /dev/ppp'),
    ...outcome.records,
    lacking('direct/client=libreswan', 'no /dev/ppp'),
    lacking('hotel-nat/nat=symmetric', 'no netfilter is that'),
  ];
  expect(unavailableTexts(records).map(plain)).toEqual([
    'unavailable  direct/client=strongswan (and 1 more cell): no /dev/ppp',
    'unavailable  hotel-nat/nat=symmetric: no netfilter is that',
  ]);
});

test('a lab that was kept, and in which nothing connected, has no time for what did not happen', () => {
  const labs = [{ topology: 'direct', id: 'abcde', upMs: 2100, connectingMs: [], otherMs: [900, 1100] }];
  expect(labTimesTexts({ labs })).toEqual([
    'topology  direct: up in 2.1 s, kept',
    'topology  direct: 2 other cells at 1.1 s (slowest 1.1 s)',
  ]);
});

test('a canary that passed is called what it is', () => {
  const summary = runSummary(
    frame,
    { ...outcome, canary: { ...canary, verdict: 'pass' } },
    undefined,
    undefined,
  );
  expect(totalsText(summary, '/records').map(plain)).toContain(
    'canary    office-nat/psk=wrong expected to connect: pass; it must fail',
  );
});

test('the tier comes with what higher ones have of the same filter, and the option that plays all of it', () => {
  const of = (tier: ListedCell['tier'], p2: string): ListedCell => ({ cell: cell('direct', { p2 }), tier });
  expect(tierText('nightly', [])).toBe('tier      nightly');
  expect(tierText('gate', [of('nightly', '1')])).toBe(
    'tier      gate; 1 more cell in nightly (--tier nightly)',
  );
  expect(tierText('gate', [of('nightly', '1'), of('pull-request', '2'), of('nightly', '3')])).toBe(
    'tier      gate; 1 more cell in pull-request; 2 more cells in nightly (--tier nightly)',
  );
});
