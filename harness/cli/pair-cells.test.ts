import { beforeAll, expect, test } from 'vitest';
import { cellId, peerOf } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { peers } from '../peers/registry.ts';
import { loadTopology } from '../topologies.ts';
import { type ListedCell, listedCells } from './suites.ts';

/** What suites/pairs.cells.ts makes of the registry, beside what the gate's suites list already. */
let listed: ReadonlyMap<string, ListedCell>;
beforeAll(async () => {
  listed = new Map((await listedCells()).map((one) => [cellId(one.cell), one]));
});

const named = (role: 'client' | 'responder', ours: string) => [
  ours,
  ...[...peers.values()]
    .filter(({ name, roles }) => name !== 'ts' && roles.includes(role))
    .map(({ name }) => name),
];

test('every client meets every responder over every placement of NAT', () => {
  const missing = ['direct', 'hotel-nat', 'office-nat', 'both-nat'].flatMap((topology) =>
    named('client', 'ts:windows-xp-sp2').flatMap((client) =>
      named('responder', 'ts:alliedware')
        .filter((responder) =>
          [...listed.values()].every(
            ({ cell }) =>
              cell.topology !== topology || cell.client !== client || cell.responder !== responder,
          ),
        )
        .map((responder) => `${topology}: ${client} to ${responder}`),
    ),
  );
  expect(missing).toEqual([]);
});

test('each SA specification alone where our stack is one of the two, unsupported ones too', () => {
  expect(listed.get('both-nat/client=strongswan/p2=3')?.tier).toBe('nightly');
  expect(listed.get('direct/responder=strongswan/p2=4')?.tier).toBe('nightly');
  expect(listed.get('hotel-nat/responder=softether/p2=1')?.tier).toBe('nightly');
  expect(listed.has('direct/client=strongswan/responder=strongswan/p2=1')).toBe(false);
});

test('port settings where the responder has them', () => {
  expect(listed.get('office-nat/client=strongswan/ports=rport')?.tier).toBe('nightly');
  expect(listed.get('office-nat/ports=none')?.tier).toBe('nightly');
  const foreign = [...listed.values()].filter(({ cell }) => peerOf(cell.responder).peer !== 'ts');
  expect(foreign.filter(({ cell }) => cell.ports !== 'lport')).toEqual([]);
});

test('what the gate lists stays in the gate', () => {
  expect(listed.get('office-nat')?.tier).toBe('gate');
  expect(listed.get('hotel-nat/client=strongswan/responder=softether')?.tier).toBe('gate');
});

test('the rule table says of every listed cell what must happen', () => {
  for (const { cell } of listed.values()) {
    expect(() => expectation(cell, loadTopology(cell.topology)), cellId(cell)).not.toThrow();
  }
});
