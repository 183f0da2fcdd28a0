import { expect, test } from 'vitest';
import { parseCellId } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { factsOf } from '../cell-facts.ts';
import { circumstancesOf } from '../explanations/circumstances.ts';
import { explain } from '../explanations/explain.ts';
import { loadTopology } from '../topologies.ts';
import { explainCellJson, explainCellText, explainJson, explainText } from './explain.ts';
import { listedCells } from './suites.ts';

const ofCell = (id: string, explain: typeof explainCellText) => {
  const cell = parseCellId(id);
  return explain(cell, loadTopology(cell.topology));
};

test('a stop is explained with what to do, the numbers of Windows and the sources', () => {
  const text = explainText('phase2:no-policy');
  expect(text).toMatch(/^phase2: no-policy {2}\(Windows may show 789/);
  expect(text).toContain('lport=1701');
  expect(text).toContain('    AlliedWare How-To [V]\n');
});

test('a stage is explained reason by reason, and a Windows error stop by stop', () => {
  expect(explainText('phase1')).toMatch(
    /^phase1: no-answer[\s\S]*\n\nphase1: no-proposal-chosen[\s\S]*\n\nphase1: auth-failed/,
  );
  expect(explainText('809')).toMatch(
    /^Windows error 809: [\s\S]*\nreach: no-answer[\s\S]*\nesp: esp-never-sent/,
  );
  expect(JSON.parse(explainJson('691'))).toEqual([
    expect.objectContaining({ stop: { stage: 'ppp-auth', reason: 'ppp-auth-failed' } }),
  ]);
});

test('a stop that nobody expects is said to be one', () => {
  expect(explainText('reach:pool-exhausted')).toBe(
    'reach: pool-exhausted\n  No rule expects a stop here for this reason.\n',
  );
});

test.each([
  ['phse2', 'Did you mean phase2?'],
  ['phase2:no-polcy', 'Did you mean no-policy?'],
  ['phase2:no-policy:x', 'Known: id-mismatch'],
  ['800', 'Did you mean 809?'],
  ['', 'Known: reach'],
])('%s is refused with what is known', (what, remedy) => {
  expect(() => explainText(what)).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringContaining(remedy) }),
  );
});

test('of a cell it says what must happen, by which rules, and what that means where it stands', () => {
  const text = ofCell('office-nat/nat=no-forwards', explainCellText);
  expect(text).toMatch(/^office-nat\/nat=no-forwards\nexpected to stop at reach: no-answer/);
  expect(text).toContain('  rule NAT-4: ');
  expect(text).toContain('Forward UDP 500 and UDP 4500');
  expect(text).not.toContain('office needs a fixed');
  const connects = ofCell('direct', explainCellText);
  expect(connects).toContain('\nexpected to connect\n  rule NAT-1: ');
  expect(JSON.parse(ofCell('direct', explainCellJson))).toMatchObject({
    cell: 'direct',
    clients: [{ outcome: { kind: 'connect' }, explanations: [] }],
  });
});

// MULTI-1 and MULTI-6: Windows counts its tunnels, and xl2tpd takes an id of one address once.
test('each of several clients has its own', () => {
  const text = ofCell('shared-nat/responder=strongswan/clients=2', explainCellText);
  expect(text).toContain('\nclient 1: expected to stop at hold: sa-replaced');
  expect(text).toContain('\nclient 2: expected to stop at l2tp-tunnel: tunnel-id-taken');
});

test('whatever is expected of a listed cell has an explanation of its own', async () => {
  const stops = new Set<string>();
  const unexplained = new Set<string>();
  for (const { cell } of await listedCells()) {
    const topology = loadTopology(cell.topology);
    for (const [place, { outcome }] of expectation(cell, topology).entries()) {
      if (outcome.kind === 'connect') continue;
      const stop = `${outcome.stage}: ${outcome.reason}`;
      stops.add(stop);
      const circumstances = circumstancesOf([factsOf(cell, topology, place)]);
      const ids = explain(outcome.stage, outcome.reason, circumstances).map(({ id }) => id);
      if (ids.includes('unknown')) unexplained.add(stop);
    }
  }
  expect(stops.size).toBeGreaterThan(10);
  expect([...unexplained]).toEqual([]);
});
