import { expect } from 'vitest';
import type { ResponderEndpointConfig } from '../../../../stack/endpoint/config.ts';
import { joined } from '../../../../stack/endpoint/testing/joined.ts';
import { type Cell, cellId } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import { misbehaviour } from '../../../impairment.ts';
import type { PeerObservation } from '../../../observation.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { stageIndex } from '../../../stage.ts';
import { addressOf } from '../../../subnet.ts';
import { loadTopology } from '../../../topologies.ts';
import type { Topology } from '../../../topology.ts';
import type { CellSettings } from '../../peer.ts';
import { observe } from '../observe.ts';
import { compileClient, loadClientProfile } from '../profiles/client-profile.ts';

/*
 * For tests: cells in memory, client profile and responder joined by a path with the topology's NAT gateways.
 * What must happen comes from the rule table; what does happen is read from both ends' facts.
 */

export interface Ends {
  readonly client: PeerObservation;
  readonly responder: PeerObservation;
}

/** Plays a cell with one client of ours against the responder that is made of its topology and settings. */
export function playSimulated(
  played: Cell,
  responderOf: (topology: Topology, settings: CellSettings) => ResponderEndpointConfig,
): Ends {
  const topology = loadTopology(played.topology);
  const { user } = played;
  const password = played.password === 'wrong' ? 'nofriend' : `friend${user.slice(-1)}`;
  const settings: CellSettings = {
    preSharedKey: 'abc123',
    clientPreSharedKey: played.psk === 'good' ? 'abc123' : 'abc124',
    user,
    password,
    l2tpPort: 1701,
    callers: [{ user, password }],
    dial: topology.dial,
    timerFactor: 1,
    seed: 'seed',
  };
  const node = Object.values(topology.nodes).find(({ kind }) => kind === 'client');
  const localAddress = addressOf(Object.values(node?.interfaces ?? {})[0] ?? '');
  const profile = loadClientProfile(played.client.replace('ts:', ''));
  const { placement } = factsOf(played, topology, 0);
  const open = placement.responderNat;
  const { internet, client, responder } = joined(
    cellId(played),
    {
      ...(placement.clientNats > 0 && { clientNat: '198.18.1.10' }),
      ...(open && {
        responderNat: {
          public: topology.dial,
          forwards: [...(open.udp500 ? [500] : []), ...(open.udp4500 ? [4500] : [])],
        },
      }),
    },
    compileClient(profile, played, settings, localAddress),
    { ...responderOf(topology, settings), ...misbehaviour(played, 'responder') },
  );
  client.act((endpoint, now) => endpoint.connect(now));
  internet.run(() => client.links.length > 0, 120_000);
  const seen = (facts: typeof client.facts) =>
    observe(
      'ts',
      '',
      facts.map((fact) => ({ atMs: 0, fact })),
    );
  return { client: seen(client.facts), responder: seen(responder.facts) };
}

/** Outcome and checks are what the rule table says of the cell. */
export function expectAsRuled(played: Cell, ends: Ends): void {
  const expectation = expectationFor(factsOf(played, loadTopology(played.topology), 0));
  const { outcome } = expectation;
  expect(outcomeOf(ends)).toBe(outcome.kind === 'connect' ? 'connect' : `${outcome.stage} ${outcome.reason}`);
  const { client } = ends;
  for (const check of expectation.checks) {
    if (check.check === 'phase1-transform') expect(client.phase1).toBe(check.transform);
    if (check.check === 'phase2-transform') expect(client.phase2).toBe(check.transform);
    if (check.check === 'inner-address') expect(client.innerAddress).toBe(check.address);
    if (check.check === 'dns-received') expect(client.dns).toContain(check.address);
    if (check.check === 'esp-in-udp') expect(client.encapsulation).toBe('udp');
    if (check.check === 'esp-as-protocol-50') expect(client.encapsulation).toBe('none');
  }
}

/**
 * The outcome as both ends tell it: the earlier stop of the two, and the more telling reason at one stage.
 * `reach` is the responder's to judge: to the client a silent refusal looks the same.
 */
function outcomeOf({ client, responder }: Ends): string {
  const reached = responder.stages[0]?.state === 'done';
  const stops = [client, responder]
    .flatMap(({ stages }) => stages.filter((entry) => entry.state === 'stopped'))
    .filter((entry) => !(reached && entry.stage === 'reach'));
  const [first] = stops.sort((a, b) => stageIndex(a.stage) - stageIndex(b.stage));
  if (first === undefined) return 'connect';
  const reasons = stops.filter((entry) => entry.stage === first.stage).map((entry) => entry.reason);
  const isTelling = (reason: PeerObservation['stages'][number]['reason']) =>
    reason !== 'no-answer' && reason !== 'unknown' && reason !== 'esp-dropped';
  // Who gives up an SA that carries nothing deletes it.
  const telling =
    reasons.find((reason) => isTelling(reason) && reason !== 'deleted-by-peer') ??
    (reasons.includes('esp-dropped') ? 'esp-dropped' : reasons.find(isTelling));
  return `${first.stage} ${telling ?? first.reason}`;
}
