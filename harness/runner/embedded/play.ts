import type { ClientEndpointConfig } from '../../../stack/endpoint/config.ts';
import { type Cell, peerOf } from '../../cell.ts';
import { clientPlaces } from '../../client-places.ts';
import { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { pcapFile } from '../../fabric/embedded/pcap-file.ts';
import { innerPrefixes } from '../../measure/inner-prefixes.ts';
import { observePackets } from '../../measure/wires.ts';
import type { NetworkSettings } from '../../network-settings.ts';
import type { EventObservation } from '../../observation.ts';
import type { CellSettings } from '../../peers/peer.ts';
import { alive } from '../../peers/ts/alive.ts';
import { listenable } from '../../peers/ts/embedded/listenable.ts';
import { sharedKeyPairs } from '../../peers/ts/embedded/shared-key-pairs.ts';
import { FactLog } from '../../peers/ts/fact-log.ts';
import { withLifetimes } from '../../peers/ts/lifetimes.ts';
import { compileClient, loadClientProfile } from '../../peers/ts/profiles/client-profile.ts';
import { responderSetUp } from '../../peers/ts/responder-set-up.ts';
import { addressOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import type { BoxDrop, Evidence } from '../../verdict/evidence.ts';
import { saysNothingLeft } from '../../verdict/nothing-sent.ts';
import { knowingOfLoss } from '../link-lost.ts';
import { ClientTurn, endMs } from './client-turn.ts';
import { playEvent, type Standing } from './event.ts';
import { heldBy } from './held-by.ts';
import { placeResponder } from './place-responder.ts';
import type { Planted } from './planted.ts';
import { sendSignsOfLife } from './signs-of-life.ts';

/** What a cell brought to light in the embedded network. */
export interface Played {
  /** Of each client, in the order in which they dialled. */
  readonly clients: readonly Evidence[];
  readonly connectMs: readonly (number | undefined)[];
  /** A pcap file of each segment, made when it is asked for; `epochMs` is the time of day at which virtual time began. */
  captures(epochMs: number): Readonly<Record<string, Uint8Array>>;
}

/** What need not be said of a cell that is played as it is. */
export interface Variation {
  /** Cells that share it share the key pairs of phase 1, too (`sharedKeyPairs`); absent: each has its own. */
  readonly keyPairSeed?: string | undefined;
  readonly planted?: Planted;
}

/**
 * Plays one cell with our stack at both ends, in this process and under a virtual clock: the same engines, profiles
 * and scripts as in containers, and evidence of the same form, read from facts and captures. The seed in `settings`
 * decides every random choice.
 *
 * @param topology with the cell's clients and no other
 * @param surroundings boxes and segments, as the cell's axis `nat` says
 * @param settings of each client; the responder is told the first's
 * @param version of our stack, for the observations
 */
export function playEmbedded(
  cell: Cell,
  topology: Topology,
  surroundings: NetworkSettings,
  settings: readonly [CellSettings, ...CellSettings[]],
  version: string,
  { keyPairSeed, planted = {} }: Variation = {},
): Played {
  const around = planted.surroundings?.(surroundings, topology) ?? surroundings;
  const network = new EmbeddedNetwork(topology, around, settings[0].seed);
  const keyed = (end: string) =>
    keyPairSeed === undefined ? {} : { diffieHellman: sharedKeyPairs(keyPairSeed, end) };
  const setUp = responderSetUp(cell, topology, settings[0]);
  const responder = placeResponder(
    network,
    topology,
    settings[0],
    planted.responder?.(setUp) ?? setUp,
    keyed('responder'),
  );
  const atResponder = new FactLog(listenable(responder));
  const turns = clientPlaces(topology).map((name, number) => {
    const own = settings[number] ?? settings[0];
    const compiled = clientConfig(cell, topology, name, own);
    const config = planted.client?.(compiled, number) ?? compiled;
    const ike = { ...config.ike, ...keyed(`client-${number + 1}`) };
    return new ClientTurn(network, topology, cell, name, number, own, { ...config, ike }, version);
  });
  planted.wired?.({ topology, network, clients: turns.map(({ host }) => host), responder });
  const readStatus = (turn: ClientTurn) => {
    const sas = responder.endpoint.securityAssociations();
    turn.responderSaw = atResponder.observation('ts', version, turn.number, sas);
    turn.readStatus();
  };
  for (const turn of turns) {
    atResponder.expect(turn.number);
    turn.dial();
    if (turn.clientSaw && saysNothingLeft(turn.clientSaw)) sendSignsOfLife(network, topology, turn.number);
    turn.prove();
    readStatus(turn);
  }
  for (const turn of turns.slice(0, -1)) lookAgain(turn, readStatus);
  hold(network, turns, surroundings);
  const standing = {
    time: network.time,
    responder,
    longestLife: settings[0].lifetimes?.phase1Seconds ?? 0,
    echoSeconds: setUp.endpoint.ppp.echoSeconds,
    asksIfAlive: setUp.endpoint.ike.deadPeerDetection?.mode === 'both',
  };
  const event = liveThroughEvent(cell.event, standing, turns[0], readStatus);
  const boxDrops = dropsOf(network);
  for (const turn of turns) turn.disconnect();
  const { time } = network;
  time.run(() => alive(responder.endpoint.summary()).length === 0, time.now + endMs);
  const left = heldBy(responder);
  for (const turn of turns) {
    turn.readEnding();
    if (turn.responderSaw) {
      turn.responderSaw = { ...turn.responderSaw, ending: atResponder.ending(turn.number) };
    }
  }

  const frames = new Map([...network.segments].map(([name, segment]) => [name, segment.frames]));
  const dialled = { ...topology, dial: settings[0].dial };
  const wires = observePackets(frames, dialled, innerPrefixes(topology));
  return {
    clients: turns.map((turn) => ({
      client: turn.clientSaw,
      responder: turn.responderSaw,
      wire: wires[turn.number],
      traffic: turn.traffic,
      ...(event && { event }),
      left: { client: turn.left, responder: left },
      boxDrops,
    })),
    connectMs: turns.map(({ connectMs }) => connectMs),
    captures: (epochMs) =>
      Object.fromEntries([...frames].map(([name, seen]) => [name, pcapFile(seen, epochMs)])),
  };
}

/** A client that stood pings once more when others have dialled; where that is lost, both ends are read again. */
function lookAgain(turn: ClientTurn, readStatus: (turn: ClientTurn) => void): void {
  turn.pingAgain();
  const { sent, received } = turn.traffic?.pingAfterOthers ?? { sent: 0, received: 0 };
  if (received === sent) return;
  const [clientSaw, responderSaw] = [turn.clientSaw, turn.responderSaw];
  readStatus(turn);
  turn.clientSaw = knowingOfLoss(clientSaw, turn.clientSaw);
  turn.responderSaw = knowingOfLoss(responderSaw, turn.responderSaw);
}

function dropsOf({ boxes }: EmbeddedNetwork): BoxDrop[] {
  return [...boxes].flatMap(([box, { drops }]) =>
    [...drops].map(([rule, packets]) => ({ box, rule, packets })),
  );
}

/** What the axis `event` has happen to the first client, once its connection has proved that it carries traffic. */
function liveThroughEvent(
  name: Cell['event'],
  standing: Omit<Standing, 'client' | 'read'>,
  client: ClientTurn | undefined,
  readStatus: (turn: ClientTurn) => void,
): EventObservation | undefined {
  if (client?.traffic === undefined) return undefined;
  const read = () => {
    readStatus(client);
    return [client.clientSaw, client.responderSaw];
  };
  const event = playEvent(name, { ...standing, client, read });
  if (event?.event.startsWith('rekey')) client.pingAfterHold('idle');
  return event;
}

/** What the topology has happen to connections that stand and have proved that they carry traffic. */
function hold(network: EmbeddedNetwork, turns: readonly ClientTurn[], { hold: held }: NetworkSettings): void {
  if (!held || turns.every(({ traffic }) => traffic === undefined)) return;
  const { idleSeconds = 0, rebind } = held;
  if (rebind) network.rebind(rebind.box, rebind.address);
  else network.time.run(() => false, network.time.now + idleSeconds * 1000);
  for (const turn of turns) turn.pingAfterHold(rebind ? 'rebinding' : 'idle');
}

function clientConfig(
  cell: Cell,
  topology: Topology,
  name: string,
  settings: CellSettings,
): ClientEndpointConfig {
  const [cidr = ''] = Object.values(topology.nodes[name]?.interfaces ?? {});
  const profile = loadClientProfile(peerOf(cell.client).profile ?? '');
  return withLifetimes(compileClient(profile, cell, settings, addressOf(cidr)), settings.lifetimes);
}
