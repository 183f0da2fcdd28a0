import { expect, test } from 'vitest';
import { joined } from '../../../../stack/endpoint/testing/joined.ts';
import { type Cell, cell, cellId } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { stageIndex } from '../../../stage.ts';
import { addressOf } from '../../../subnet.ts';
import { loadTopology } from '../../../topologies.ts';
import type { CellSettings } from '../../peer.ts';
import { observe } from '../observe.ts';
import { compileClient, loadClientProfile } from '../profiles/client-profile.ts';
import { compileScript, scriptContext, scriptFor } from './compile.ts';

/*
 * Cells in memory: the compiled script and profile joined by a path with the topology's NAT gateways.
 * What must happen comes from the rule table; what does happen is read from both ends' facts.
 */

function play(played: Cell) {
  const topology = loadTopology(played.topology);
  const settings: CellSettings = {
    preSharedKey: 'abc123',
    clientPreSharedKey: played.psk === 'good' ? 'abc123' : 'abc124',
    user: played.user,
    password: played.password === 'wrong' ? 'nofriend' : `friend${played.user.slice(-1)}`,
    l2tpPort: 1701,
    callers: [],
    dial: topology.dial,
    timerFactor: 1,
    seed: 'seed',
  };
  const node = Object.values(topology.nodes).find(({ kind }) => kind === 'client');
  const localAddress = addressOf(Object.values(node?.interfaces ?? {})[0] ?? '');
  const profile = loadClientProfile(played.client.replace('ts:', ''));
  const script = compileScript(scriptFor(played, topology, settings), scriptContext(topology, settings));
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
    script.endpoint,
  );
  client.act((endpoint, now) => endpoint.connect(now));
  internet.run(() => client.links.length > 0, 120_000);
  return [client, responder].map(({ facts }) =>
    observe(
      'ts',
      '',
      facts.map((fact) => ({ atMs: 0, fact })),
    ),
  );
}

/**
 * The outcome as both ends tell it: the earlier stop of the two, and the more telling reason at one stage.
 * `reach` is the responder's to judge: to the client a silent refusal looks the same.
 */
function outcomeOf(ends: ReturnType<typeof play>): string {
  const reached = ends[1]?.stages[0]?.state === 'done';
  const stops = ends
    .flatMap(({ stages }) => stages.filter((entry) => entry.state === 'stopped'))
    .filter((entry) => !(reached && entry.stage === 'reach'));
  const [first] = stops.sort((a, b) => stageIndex(a.stage) - stageIndex(b.stage));
  if (first === undefined) return 'connect';
  const reasons = stops.filter((entry) => entry.stage === first.stage).map((entry) => entry.reason);
  const telling = reasons.find(
    (reason) => reason !== 'no-answer' && reason !== 'unknown' && reason !== 'esp-dropped',
  );
  return `${first.stage} ${telling ?? first.reason}`;
}

const cells: readonly Cell[] = [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat', 'remote-office-nat'].map((topology) => cell(topology)),
  ...['1', '2', '3', '4', '4-3-2-1', '2-1'].map((p2) => cell('office-nat', { p2 })),
  ...['3des-sha1-modp1024', '3des-md5-modp1024', 'des-md5-modp768'].map((p1) => cell('office-nat', { p1 })),
  cell('office-nat', { p1: 'aes256-sha1-modp1024' }),
  cell('office-nat', { user: 'dialin2' }),
  cell('office-nat', { psk: 'wrong' }),
  cell('direct', { password: 'wrong' }),
  cell('office-nat', { nat: 'no-forwards' }),
  cell('office-nat', { nat: 'only-500' }),
  cell('office-nat', { rule: '0', reading: 'a' }),
  cell('office-nat', { rule: '0', reading: 'b' }),
  cell('office-nat', { rule: '1' }),
  cell('both-nat', { rule: '1' }),
  cell('hotel-nat', { rule: '0' }),
  cell('hotel-nat', { client: 'ts:plain' }),
  cell('both-nat', { client: 'ts:plain', rule: '0' }),
  cell('hotel-nat', { natt: 'off' }),
  cell('hotel-nat', { natt: 'client-off' }),
  cell('hotel-nat', { natt: 'responder-off' }),
  cell('direct', { natt: 'off' }),
  cell('office-nat', { natt: 'off' }),
  cell('direct', { ports: 'rport' }),
  cell('direct', { ports: 'rport', client: 'ts:plain' }),
  cell('direct', { ports: 'none' }),
  cell('office-nat', { client: 'ts:plain', rule: '0' }),
];

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  const expectation = expectationFor(factsOf(played, loadTopology(played.topology), 0));
  const { outcome } = expectation;
  const happened = play(played);
  expect(outcomeOf(happened)).toBe(
    outcome.kind === 'connect' ? 'connect' : `${outcome.stage} ${outcome.reason}`,
  );
  const [client] = happened;
  for (const check of expectation.checks) {
    if (check.check === 'phase1-transform') expect(client?.phase1).toBe(check.transform);
    if (check.check === 'phase2-transform') expect(client?.phase2).toBe(check.transform);
    if (check.check === 'inner-address') expect(client?.innerAddress).toBe(check.address);
    if (check.check === 'dns-received') expect(client?.dns).toContain(check.address);
    if (check.check === 'esp-in-udp') expect(client?.encapsulation).toBe('udp');
    if (check.check === 'esp-as-protocol-50') expect(client?.encapsulation).toBe('none');
  }
});
