import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../../../cell.ts';
import { expectAsRuled, playInMemory } from '../../../runner/embedded/testing/in-memory.ts';

/*
 * Cells with several clients in memory: all come through the one policy `peer=any` of the How-To's script
 * (rules MULTI-1, MULTI-2), one after the other, and none hangs up.
 */
/** What each client and the responder show of each other. */
function play(played: Cell) {
  const { clients } = playInMemory(played);
  expectAsRuled(played, clients);
  return clients.flatMap(({ client, responder }) => (client && responder ? [{ client, responder }] : []));
}

const cells = [2, 5].flatMap((clients) =>
  ['ts:windows-xp-sp2', 'ts:plain'].flatMap((client) =>
    (['1701', 'distinct'] as const).map((sourceport) => cell('shared-nat', { clients, client, sourceport })),
  ),
);

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  const seen = play(played);
  expect(seen).toHaveLength(played.clients);
  for (const { client, responder } of seen) {
    for (const { stages } of [client, responder]) {
      expect(stages.at(-1)).toMatchObject({ stage: 'ppp-ipcp', state: 'done' });
    }
    // The responder's words of this client are of this client: SPIs, tunnel, session and address mirror.
    expect(responder.peerInnerAddress).toBe(client.innerAddress);
    expect(responder.sas?.map(({ spi }) => spi)).toEqual(client.sas?.map(({ spi }) => spi).toReversed());
    expect(responder.l2tp).toEqual({
      tunnelId: client.l2tp?.peerTunnelId,
      peerTunnelId: client.l2tp?.tunnelId,
      sessionId: client.l2tp?.peerSessionId,
      peerSessionId: client.l2tp?.sessionId,
    });
  }
  // dialin1 and dialin3 have addresses of their own in the user database; the others take the pool's lowest.
  const addresses = ['192.168.8.50', '192.168.8.1', '192.168.8.51', '192.168.8.2', '192.168.8.3'];
  expect(seen.map(({ client }) => client.innerAddress)).toEqual(addresses.slice(0, played.clients));
});

test('Windows clients behind one NAT have equal tunnel ids (rule MULTI-6)', () => {
  const seen = play(cell('shared-nat', { clients: 5 }));
  expect(seen.map(({ responder }) => responder.l2tp?.peerTunnelId)).toEqual([1, 1, 1, 1, 1]);
});
