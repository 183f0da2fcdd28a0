import { expect, test } from 'vitest';
import { joined } from '../../../../stack/endpoint/testing/joined.ts';
import { cell } from '../../../cell.ts';
import { loadTopology } from '../../../topologies.ts';
import { exampleSettings } from '../../testing/settings.ts';
import { responderSetUp } from '../responder-set-up.ts';
import { compiledClient } from './testing/compiled.ts';

/** What the How-To's router still has ten seconds after this client hung up; it has no dead peer detection. */
function leftBy(profile: string) {
  const p1 = '3des-sha1-modp1024';
  const played = cell('hotel-nat', { client: `ts:${profile}`, p1 });
  const settings = exampleSettings('198.18.2.10');
  const { endpoint } = responderSetUp(played, loadTopology('hotel-nat'), settings);
  const way = { clientNat: '198.18.1.10' };
  const { internet, client, responder } = joined(profile, way, compiledClient(profile, { p1 }), endpoint);
  client.act((one, now) => one.connect(now));
  internet.run(() => client.isUp, 60_000);
  expect(responder.endpoint.summary()).toMatchObject({ phase1: 1, phase2: 1, tunnels: 1, links: 1 });
  client.act((one, now) => one.close(now));
  internet.run(() => false, internet.now + 10_000);
  expect(client.endpoint.summary()).toMatchObject({ phase1: 0, phase2: 0, tunnels: 0, links: 0 });
  return responder.endpoint.summary();
}

test.each(['windows-xp-sp2', 'windows-10', 'android', 'chromeos'])('%s leaves nothing behind', (profile) => {
  // Rule PPP-7.
  expect(leftBy(profile)).toMatchObject({ phase1: 0, phase2: 0, tunnels: 0, sessions: 0, links: 0 });
});

test('macOS and iOS end PPP and L2TP and let their SAs go without a word (field facts E4, rule PPP-7)', () => {
  expect(leftBy('macos')).toMatchObject({ phase1: 1, phase2: 1, tunnels: 0, sessions: 0, links: 0 });
});
