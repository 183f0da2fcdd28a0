import { expect, test } from 'vitest';
import { behindOneNat } from '../../../../stack/endpoint/testing/joined.ts';
import { Nat } from '../../../../stack/testing/internet.ts';
import { type Cell, callers, cell, cellId, l2tpPortOf } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import { clientPlaces } from '../../../client-places.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { addressOf } from '../../../subnet.ts';
import { loadTopology } from '../../../topologies.ts';
import type { CellSettings } from '../../peer.ts';
import type { AgentEvent } from '../agent/protocol.ts';
import { FactLog } from '../fact-log.ts';
import { compileClient, loadClientProfile } from '../profiles/client-profile.ts';
import { compileScript, scriptContext, scriptFor } from './compile.ts';

/*
 * Cells with several clients in memory: all come through the one policy `peer=any` of the How-To's script
 * (rules MULTI-1, MULTI-2), one after the other, and none hangs up.
 */
const topology = loadTopology('shared-nat');

function settingsOf(played: Cell, client: number): CellSettings {
  const user = callers(played)[client] ?? '';
  return {
    preSharedKey: 'abc123',
    clientPreSharedKey: 'abc123',
    user,
    password: user === 'secoff' ? 'notused1' : `friend${user.slice(-1)}`,
    l2tpPort: l2tpPortOf(played, client),
    callers: [],
    dial: topology.dial,
    timerFactor: 1,
    seed: 'seed',
  };
}

/** What each client and the responder show of each other, as the driver reads it. */
function play(played: Cell) {
  const profile = loadClientProfile(played.client.replace('ts:', ''));
  const places = clientPlaces(topology).slice(0, played.clients);
  const configs = places.map((name, number) => {
    const address = addressOf(Object.values(topology.nodes[name]?.interfaces ?? {})[0] ?? '');
    return compileClient(profile, played, settingsOf(played, number), address);
  });
  const first = settingsOf(played, 0);
  const { endpoint } = compileScript(scriptFor(played, topology, first), scriptContext(topology, first));
  const nat = new Nat('198.18.1.10', true);
  const { internet, clients, responder } = behindOneNat(cellId(played), nat, configs, endpoint);

  const atResponder = logOf();
  return clients.map((client, number) => {
    atResponder.log.expect(number);
    client.act((dialling, now) => dialling.connect(now));
    internet.run(() => client.isUp, internet.now + 120_000);
    atResponder.hear(responder.told);
    const own = logOf();
    own.hear(client.told);
    return {
      client: own.log.observation('ts', '', 0, client.endpoint.securityAssociations()),
      responder: atResponder.log.observation('ts', '', number, responder.endpoint.securityAssociations()),
    };
  });
}

type Told = ReturnType<typeof behindOneNat>['responder']['told'];

/** A log that hears what an endpoint has told since it was heard last. */
function logOf() {
  let listener: (event: AgentEvent) => void = () => {};
  const listen = (heard: typeof listener) => {
    listener = heard;
    return () => {};
  };
  let known = 0;
  return {
    log: new FactLog({ listen }),
    hear(told: Told) {
      for (const { path, peer, fact } of told.slice(known))
        listener({ event: 'fact', at: 0, path, peer, fact });
      known = told.length;
    },
  };
}

const cells = [2, 5].flatMap((clients) =>
  ['ts:windows-xp-sp2', 'ts:plain'].flatMap((client) =>
    (['1701', 'distinct'] as const).map((sourceport) => cell('shared-nat', { clients, client, sourceport })),
  ),
);

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  const seen = play(played);
  for (const [number, { client, responder }] of seen.entries()) {
    const { outcome, checks } = expectationFor(factsOf(played, topology, number));
    expect(outcome).toEqual({ kind: 'connect' });
    for (const { stages } of [client, responder]) {
      expect(stages.at(-1)).toMatchObject({ stage: 'ppp-ipcp', state: 'done' });
    }
    for (const check of checks) {
      if (check.check === 'phase1-transform') expect(client.phase1).toBe(check.transform);
      if (check.check === 'phase2-transform') expect(client.phase2).toBe(check.transform);
      if (check.check === 'dns-received') expect(client.dns).toContain(check.address);
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
