import { expect, test } from 'vitest';
import { impairments } from '../stack/impairment/catalogue.ts';
import { readImpairment } from '../stack/impairment/read-impairment.ts';
import { cell, cellId, parseCellId } from './cell.ts';
import { factsOf } from './cell-facts.ts';
import { type Outcome, outcomeText } from './expectation.ts';
import { impairmentAsked, impairmentOf, knownImpair, misbehaviour, readImpair } from './impairment.ts';
import { expectationFor, ruleTable } from './oracle/oracle.ts';
import { loadTopology } from './topologies.ts';

/** Every example, played by each end that can. */
const all = impairments.flatMap(({ examples }) =>
  examples.flatMap((text) => {
    const read = readImpairment(text);
    if (typeof read === 'string') throw new Error(read);
    return read.ends.map((end) => `${end}:${text}`);
  }),
);

test.each(all)('the rule table and the impairment itself say the same of %s', (impair) => {
  const played = cell('office-nat', { impair });
  const { outcome, rules } = expectationFor(factsOf(played, loadTopology('office-nat'), 0));
  const { stop } = knownImpair(impair).reaction;
  expect(outcomeText(outcome)).toBe(stop === undefined ? 'connect' : `stop at ${stop.stage}: ${stop.reason}`);
  expect(rules.map(({ id }) => id)).toContain(`IMPAIR-${knownImpair(impair).name.toUpperCase()}`);
  expect(parseCellId(cellId(played))).toEqual(played);
});

test('each impairment has a rule, and each rule an impairment', () => {
  const ruled = ruleTable.map(({ id }) => id).filter((id) => id.startsWith('IMPAIR-'));
  expect(ruled.toSorted()).toEqual(impairments.map(({ name }) => `IMPAIR-${name.toUpperCase()}`).toSorted());
});

test('two tables that differ are seen', () => {
  const facts = factsOf(cell('office-nat', { impair: 'wrong-hash' }), loadTopology('office-nat'), 0);
  const otherwise: Outcome = { kind: 'connect' };
  const table = ruleTable.map((rule) =>
    rule.id === 'IMPAIR-WRONG-HASH' ? { ...rule, outcome: () => otherwise } : rule,
  );
  const { stop } = knownImpair('wrong-hash').reaction;
  expect(outcomeText(expectationFor(facts, table).outcome)).not.toContain(stop?.reason);
});

test('the end may be named, and is the usual one where it is not', () => {
  expect(readImpair('slow')).toMatchObject({ end: 'responder', text: 'slow', values: ['700'] });
  expect(readImpair('client:slow:900')).toMatchObject({ end: 'client', text: 'slow:900', values: ['900'] });
  expect(readImpair('drop:main-mode:6')).toMatchObject({ end: 'responder' });
  expect(readImpair('client:drop:main-mode:6')).toBe(
    'a client cannot play drop:main-mode:6, a responder can',
  );
});

test('what nobody knows is refused with the nearest name', () => {
  expect(() => knownImpair('silent-et:phase2')).toThrow('Did you mean silent-at?');
  expect(() => knownImpair('client:bad-picv')).toThrow('Did you mean bad-icv?');
  expect(() => knownImpair('silent-at:noon')).toThrow('--list-impairments');
  expect(() => impairmentOf({ impair: 'loss-5' })).toThrow('there is no impairment "loss-5"');
  expect(impairmentOf({ impair: 'none' })).toBeUndefined();
});

test('only the end that is meant is told to misbehave, and only that end may decline', () => {
  expect(misbehaviour({ impair: 'client:slow' }, 'client')).toEqual({ impairment: 'slow' });
  expect(misbehaviour({ impair: 'client:slow' }, 'responder')).toEqual({});
  expect(impairmentAsked({ impair: 'client:slow' }, 'responder')).toBeUndefined();
  expect(impairmentAsked({ impair: 'client:slow' }, 'client')).toContain('cannot be told to misbehave');
  expect(impairmentAsked({ impair: 'loss' }, 'client')).toContain('there is no impairment');
});
