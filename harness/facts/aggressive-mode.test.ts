import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { factsOf } from '../cell-facts.ts';
import { expectationFor } from '../oracle/oracle.ts';
import { loadTopology } from '../topologies.ts';

// As each was seen to answer, and as its source says: strongSwan's aggressive_mode.c (AUTHENTICATION_FAILED unless
// i_dont_care_about_security_and_use_aggressive_mode_psk), libreswan's ikev1_aggr.c (no connection, no answer),
// SoftEther's Proto_IKE.c (an aggressive exchange of its own).
test.each([
  ['strongswan', { kind: 'stop', stage: 'phase1', reason: 'auth-failed' }],
  ['libreswan', { kind: 'stop', stage: 'phase1', reason: 'no-policy' }],
  ['softether', { kind: 'connect' }],
])('a client that begins in aggressive mode at %s: %j', (responder, outcome) => {
  const of = cell('hotel-nat', { client: 'ts:android-identifier', responder });
  expect(expectationFor(factsOf(of, loadTopology(of.topology), 0)).outcome).toEqual(outcome);
});
