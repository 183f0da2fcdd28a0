import { expect, test } from 'vitest';
import { axisDefaults, type Cell, cell, cellId, parseCellId, peerOf } from './cell.ts';

test('an id omits axes at their default, so that a new axis renames no old cell', () => {
  expect(cellId(cell('office-nat'))).toBe('office-nat');
  expect(cellId(cell('office-nat', { p2: '1', rule: '0' }))).toBe('office-nat/p2=1/rule=0');
});

test('parsing an id is the inverse of writing it, for every axis', () => {
  const everyAxis: Cell = {
    topology: 'both-nat',
    nat: 'only-500',
    client: 'softether',
    responder: 'ts:alliedware-lport',
    p1: '3des-sha1-modp1024+des-sha1-modp768',
    p2: '4-3-2-1',
    ports: 'rport',
    natt: 'client-off',
    revision: 'draft-02n+rfc3947',
    rule: '0',
    reading: 'b',
    psk: 'wrong',
    user: 'dialin2',
    password: 'wrong',
    auth: 'pap',
    script: 'no-rule-1',
    clients: 2,
    sourceport: 'distinct',
    callers: 'same',
    gateway: 'local',
    browse: 'internet',
    event: 'rekey-by-client',
    impair: 'loss-5',
  };
  expect(Object.keys(everyAxis)).toEqual(['topology', ...Object.keys(axisDefaults)]);
  expect(parseCellId(cellId(everyAxis))).toEqual(everyAxis);
});

test('axes come in any order, and a default may be said: the id is canonical', () => {
  expect(cellId(parseCellId('office-nat/rule=0/psk=good/p2=1'))).toBe('office-nat/p2=1/rule=0');
});

test.each([
  ['office-nat/rul=0', 'there is no axis "rul"', 'Did you mean rule?'],
  ['office-nat/ports=lprt', 'axis ports has no value "lprt"', 'Did you mean lport?'],
  ['office-nat/revision=rfc3948', 'axis revision has no value "rfc3948"', 'Did you mean rfc3947?'],
  ['office-nat/revision=own+draft-03', 'axis revision has no value "own"', 'Known: '],
  ['office-nat/auth=chap', 'axis auth has no value "chap"', 'Known: own, pap'],
  ['office-nat/clients=0', 'clients=0 is no number of clients', 'Give 1 or more'],
  ['office-nat/p2=', 'axis p2 has no readable value', 'p2=1-2-3-4'],
  ['office-nat/p2=1=2', 'axis p2 has no readable value', 'p2=1-2-3-4'],
  ['office-nat/p2=..\\x', 'axis p2 has no readable value', 'p2=1-2-3-4'],
  ['office-nat/p2=1/p2=2', 'axis p2 is given twice', 'once'],
  ['', '"" is no topology name', 'TOPOLOGY/axis=value'],
])('%j is refused with what is wrong and what to write', (id, found, remedy) => {
  expect(() => parseCellId(id)).toThrow(
    expect.objectContaining({
      code: 'usage',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

test('a peer value is a name and perhaps a profile', () => {
  expect(peerOf('ts:alliedware')).toEqual({ peer: 'ts', profile: 'alliedware' });
  expect(peerOf('softether')).toEqual({ peer: 'softether', profile: undefined });
});

test.each(['p2=9', 'p2=1-1', 'p2=1+2', 'p2=1-'])('%s is no order of the four SA specifications', (axis) => {
  expect(() => parseCellId(`office-nat/${axis}`)).toThrow(/SA specifications/);
});

test.each(['p2=1', 'p2=4-3-2-1', 'p2=2-4'])('%s is one', (axis) => {
  expect(cellId(parseCellId(`office-nat/${axis}`))).toBe(`office-nat/${axis}`);
});
