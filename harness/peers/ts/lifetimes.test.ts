import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { loadTopology } from '../../topologies.ts';
import type { Lifetimes } from '../peer.ts';
import { exampleSettings } from '../testing/settings.ts';
import { withLifetimes } from './lifetimes.ts';
import { compileClient, loadClientProfile } from './profiles/client-profile.ts';
import { responderSetUp } from './responder-set-up.ts';

const played = cell('direct', { client: 'ts:mikrotik', responder: 'ts:plain' });
const settings = exampleSettings('198.18.0.2');
const client = compileClient(loadClientProfile('mikrotik'), played, settings, '198.18.0.9');
const responder = responderSetUp(played, loadTopology('direct'), settings).endpoint;

const lifetimes: Lifetimes = {
  phase1Seconds: 12,
  phase2Seconds: 8,
  marginSeconds: 4,
  replacedBy: 'client',
};

test('both ends give every SA the life that the cell says', () => {
  const ofClient = withLifetimes(client, lifetimes).ike;
  expect(new Set(ofClient.phase1.map(({ lifetimeSeconds }) => lifetimeSeconds))).toEqual(new Set([12]));
  expect(new Set(ofClient.phase2.map(({ lifetimeSeconds }) => lifetimeSeconds))).toEqual(new Set([8]));
  const ofResponder = withLifetimes(responder, lifetimes).ike;
  expect(new Set(ofResponder.phase1.map(({ lifetimeSeconds }) => lifetimeSeconds))).toEqual(new Set([12]));
  const proposals = ofResponder.policies.flatMap((policy) => policy.proposals);
  expect(new Set(proposals.map(({ lifetimeSeconds }) => lifetimeSeconds))).toEqual(new Set([8]));
});

test('only the end that the cell names replaces SAs', () => {
  const rekeys = (replacedBy: Lifetimes['replacedBy']) =>
    [client, responder].map(
      (end) => withLifetimes(end, { ...lifetimes, replacedBy }).ike.rekey !== undefined,
    );
  expect(rekeys('client')).toEqual([true, false]);
  expect(rekeys('responder')).toEqual([false, true]);
  expect(rekeys('nobody')).toEqual([false, false]);
});

test('a cell without lifetimes leaves an endpoint as its profile has it', () => {
  expect(withLifetimes(client, undefined)).toBe(client);
});
