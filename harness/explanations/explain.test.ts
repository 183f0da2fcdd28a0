import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleTable } from '../oracle/oracle.ts';
import { exampleFacts } from '../oracle/testing/example-facts.ts';
import { type Reason, reasons, type Stage, stages } from '../stage.ts';
import { ofChecks, ofConnecting } from './checks.ts';
import { explain, explanations, explanationsAt } from './explain.ts';
import { circumstances } from './explanation.ts';
import { windowsErrors } from './windows-errors.ts';

const sourcesPage = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');

/** Stops that a text of TypeScript writes: `stop('esp', 'esp-dropped')`, also with a choice of reasons, and `stage: 'hold', reason: ...`. */
function stopsIn(text: string): string[] {
  const calls = [...text.matchAll(/\bstop\(\s*'([\w-]+)',([^;]*?)\)/g)];
  const values = [...text.matchAll(/stage: '([\w-]+)', reason: ('[\w-]+')/g)];
  return [...calls, ...values].flatMap(([, stage = '', of = '']) =>
    [...of.matchAll(/'([\w-]+)'/g)].flatMap(([, reason = '']) =>
      reasons.some((known) => known === reason) && stages.some((known) => known === stage)
        ? [`${stage}: ${reason}`]
        : [],
    ),
  );
}

/** Every stop that rules and declarations of peers write, and those of the rule whose stage is a parameter. */
function expectable(): string[] {
  const files = ['../oracle/rules/', '../facts/'].flatMap((room) => {
    const folder = new URL(room, import.meta.url);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  });
  const silent = ruleTable.find(({ id }) => id === 'IMPAIR-SILENT-AT');
  const silences = stages.flatMap((stage) =>
    (['client', 'responder'] as const).flatMap((end) => {
      const impairment = { end, name: 'silent-at', values: [stage] };
      const outcome = silent?.outcome(exampleFacts({ impairment }));
      return outcome?.kind === 'stop' ? [`${outcome.stage}: ${outcome.reason}`] : [];
    }),
  );
  return [...new Set([...files.flatMap(stopsIn), ...silences])];
}

const splitStop = (text: string) => text.split(': ') as [Stage, Reason];

test('every stop that a rule can expect is explained', () => {
  const stops = expectable();
  expect(stops).toEqual(
    expect.arrayContaining([
      'reach: no-answer',
      'phase1: auth-failed',
      'ppp-lcp: sa-replaced',
      'ppp-ipcp: no-answer',
    ]),
  );
  const unexplained = stops.filter((text) => {
    const [stage, reason] = splitStop(text);
    return explain(stage, reason, new Set()).some(({ id }) => id === 'unknown');
  });
  expect(unexplained).toEqual([]);
});

test('a stop that only a circumstance explains would be seen', () => {
  expect(stopsIn("stop('esp', isOdd ? 'esp-dropped' : 'bad-checksum')")).toEqual([
    'esp: esp-dropped',
    'esp: bad-checksum',
  ]);
  expect(explain('ppp-ipcp', 'bad-checksum', new Set()).map(({ id }) => id)).toEqual(['unknown']);
});

test('every explanation is shown by a stop and circumstances of its own', () => {
  for (const explanation of explanations) {
    const shown = explanation.at.some(({ stage, reason }) =>
      explain(stage, reason ?? 'no-answer', new Set(explanation.where)).includes(explanation),
    );
    expect([explanation.id, shown]).toEqual([explanation.id, true]);
  }
  expect(new Set(explanations.map(({ id }) => id)).size).toBe(explanations.length);
  const used = new Set(explanations.flatMap(({ where = [] }) => where));
  expect(circumstances.filter((each) => !used.has(each))).toEqual([]);
});

test('every source is on the page of sources', () => {
  const others = [ofConnecting, ...Object.values(ofChecks)];
  const titles = [...explanations, ...others, ...windowsErrors].flatMap(({ sources }) =>
    sources.map(({ title }) => title),
  );
  expect([...new Set(titles)].filter((title) => !sourcesPage.includes(title))).toEqual([]);
  expect(explanations.every(({ sources }) => sources.length > 0)).toBe(true);
});

test('three lines at most, none too long for a screen', () => {
  for (const { id, means, remedies } of [...explanations, ofConnecting, ...Object.values(ofChecks)]) {
    const lines = [means, ...remedies];
    expect([id, lines.length <= 3, remedies.length > 0]).toEqual([id, true, true]);
    expect(lines.filter((line) => line.length > 150)).toEqual([]);
  }
});

test('what names the circumstances is said, else what holds everywhere', () => {
  const behind = explain('reach', 'no-answer', new Set(['responder behind NAT', 'client behind NAT']));
  expect(behind.map(({ id }) => id)).toEqual(['pinholes']);
  expect(explain('reach', 'no-answer', new Set()).map(({ id }) => id)).toEqual(['address']);
  expect(explanationsAt({ stage: 'phase1' }).length).toBeGreaterThan(5);
});

// KB 947234 itself names the wrong key for Vista; KB 926179 and "VPN Setup with L2TP & IPSEC" the right ones.
test('the registry value stands under IPSec on XP and under PolicyAgent since Vista', () => {
  for (const id of ['rule-refuses', 'rule-sends-nothing']) {
    const lines = explanations.find((each) => each.id === id)?.remedies.join('\n');
    expect(lines).toMatch(
      /XP, Server 2003: \S+\\Services\\IPSec\. Vista and later: [^.]*Services\\PolicyAgent/,
    );
    expect(lines).toContain('reboot');
  }
});

test('every Windows error leads to a stop that is explained', () => {
  for (const { number, at } of windowsErrors) {
    for (const stop of at) expect([number, explanationsAt(stop).length > 0]).toEqual([number, true]);
  }
});

test('every check that is explained is one that is made', () => {
  const made = ['../expectation.ts', '../verdict/checks.ts', '../verdict/traffic-checks.ts'].map((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  );
  for (const name of Object.keys(ofChecks)) {
    expect([name, made.some((text) => text.includes(`'${name}'`))]).toEqual([name, true]);
  }
});
