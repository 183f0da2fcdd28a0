import { expect, test } from 'vitest';
import type { Phase2Proposal } from './config.ts';
import { phase2Proposal } from './testing/configs.ts';
import { atBoth, expectMirrored, nowhere, pair } from './testing/simulated-pair.ts';

const tunnel: Phase2Proposal = { ...phase2Proposal, mode: 'tunnel' };

/** Both ends after they had time, with this phase 2. */
function after(
  places: typeof atBoth,
  offered: readonly Phase2Proposal[],
  accepted: readonly Phase2Proposal[],
) {
  const { simulation, client, server } = pair({
    ...places,
    initiator: { phase2: offered },
    responder: { sendsNotifies: true, policies: [{ name: 'all', protocol: 17, proposals: accepted }] },
  });
  simulation.runTo(5000);
  return { client, server };
}

test('an SA in tunnel mode is the same at both ends, in every revision of NAT traversal', () => {
  for (const places of [nowhere, atBoth]) {
    const { client, server } = after(places, [tunnel], [tunnel]);
    expectMirrored(client, server);
    for (const host of [client, server]) {
      expect([...host.installed.values()].map(({ mode }) => mode)).toEqual(['tunnel']);
    }
  }
});

test('no NAT-OA goes with tunnel mode, which needs none (RFC 3947 5.2)', () => {
  for (const offered of [[tunnel], [tunnel, phase2Proposal]]) {
    const { client, server } = after(atBoth, offered, [tunnel]);
    expect([...client.installed.values()][0]?.natOriginal).toBeUndefined();
    // A transport mode that is offered as well might be chosen.
    const told = offered.length > 1;
    expect([...server.installed.values()][0]?.natOriginal !== undefined).toBe(told);
  }
});

test('modes that differ leave no proposal in common, and the initiator hears it', () => {
  for (const [offered, accepted] of [
    [tunnel, phase2Proposal],
    [phase2Proposal, tunnel],
  ] as const) {
    for (const places of [nowhere, atBoth]) {
      const { client, server } = after(places, [offered], [accepted]);
      expect(client.installed.size + server.installed.size).toBe(0);
      for (const host of [client, server]) {
        expect(host.factsNamed('ike-failed')).toMatchObject([{ phase: 2, reason: 'no-proposal-chosen' }]);
      }
    }
  }
});
