import { ClientEndpoint } from '../../../stack/endpoint/client.ts';
import { ResponderEndpoint } from '../../../stack/endpoint/responder.ts';
import { seededRandom } from '../../../stack/host/random.ts';
import { type Cell, peerOf } from '../../cell.ts';
import { clientPlaces } from '../../client-places.ts';
import { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { addressNumber } from '../../fabric/embedded/packet.ts';
import { pcapFile } from '../../fabric/embedded/pcap-file.ts';
import { innerPrefixes } from '../../measure/inner-prefixes.ts';
import { observeWires } from '../../measure/wires.ts';
import { loadNatKind, usualNatKind } from '../../nat-kinds.ts';
import type { NetworkSettings } from '../../network-settings.ts';
import type { PeerObservation, TrafficObservation } from '../../observation.ts';
import type { CellSettings } from '../../peers/peer.ts';
import { alive } from '../../peers/ts/alive.ts';
import { ConnectionEnd } from '../../peers/ts/connection-end.ts';
import { EndpointHost, tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { RouterFirewall } from '../../peers/ts/embedded/router-firewall.ts';
import { FactLog } from '../../peers/ts/fact-log.ts';
import { compileClient, loadClientProfile } from '../../peers/ts/profiles/client-profile.ts';
import { responderPlace } from '../../peers/ts/responder-place.ts';
import { responderSetUp } from '../../peers/ts/responder-set-up.ts';
import { addressOf, prefixOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import type { BoxDrop, Evidence } from '../../verdict/evidence.ts';
import { TrafficProof } from './traffic.ts';

/** What a cell brought to light in the embedded network. */
export interface Played {
  /** Of each client, in the order in which they dialled. */
  readonly clients: readonly Evidence[];
  readonly connectMs: readonly (number | undefined)[];
  /** A pcap file of each segment. */
  readonly captures: Readonly<Record<string, Uint8Array>>;
}

/** Longer than any refusal or silence takes to show; virtual milliseconds. */
const patienceMs = 300_000;
/** How long both ends may take to end a connection; virtual milliseconds. */
const endMs = 10_000;
/** "Use default gateway on remote network": two halves win over the default route without touching it. */
const everything = ['0.0.0.0/1', '128.0.0.0/1'];

/**
 * Plays one cell with our stack at both ends, in this process and under a virtual clock: the same engines, profiles
 * and scripts as in containers, and evidence of the same form, read from facts and captures. The seed in `settings`
 * decides every random choice.
 *
 * @param topology with the cell's clients and no other
 * @param surroundings boxes and segments, as the cell's axis `nat` says
 * @param settings of each client; the responder is told the first's
 * @param version of our stack, for the observations
 * @param epochMs the time of day at which virtual time begins, for the captures
 */
export function playEmbedded(
  cell: Cell,
  topology: Topology,
  surroundings: NetworkSettings,
  settings: readonly [CellSettings, ...CellSettings[]],
  version: string,
  epochMs: number,
): Played {
  const network = new EmbeddedNetwork(topology, surroundings, settings[0].seed);
  const responder = placeResponder(network, cell, topology, settings[0]);
  const atResponder = new FactLog(listenable(responder));
  const turns = clientPlaces(topology).map(
    (name, number) =>
      new ClientTurn(network, cell, topology, name, number, settings[number] ?? settings[0], version),
  );
  for (const turn of turns) {
    atResponder.expect(turn.number);
    turn.dial();
    turn.prove();
    turn.responderSaw = atResponder.observation(
      'ts',
      version,
      turn.number,
      responder.endpoint.securityAssociations(),
    );
    turn.readStatus();
  }
  for (const turn of turns.slice(0, -1)) turn.pingAgain();
  const boxDrops = [...network.boxes].flatMap(([box, { drops }]) =>
    [...drops].map(([rule, packets]): BoxDrop => ({ box, rule, packets })),
  );
  for (const turn of turns) turn.disconnect();
  const { time } = network;
  time.run(() => alive(responder.endpoint.summary()).length === 0, time.now + endMs);
  const left = alive(responder.endpoint.summary());

  const captures = Object.fromEntries(
    [...network.segments].map(([name, { frames }]) => [name, pcapFile(frames, epochMs)]),
  );
  const files = Object.fromEntries(Object.keys(captures).map((name) => [name, name]));
  const none = new Uint8Array(0);
  const wires = observeWires(files, topology, 0, innerPrefixes(topology), (name) => captures[name] ?? none);
  return {
    clients: turns.map((turn) => ({
      client: turn.clientSaw,
      responder: turn.responderSaw,
      wire: wires[turn.number],
      traffic: turn.traffic,
      left: { client: turn.left, responder: left },
      boxDrops,
    })),
    connectMs: turns.map(({ connectMs }) => connectMs),
    captures,
  };
}

type Host = EndpointHost<ClientEndpoint> | EndpointHost<ResponderEndpoint>;

/** Facts as the agent in a container tells them. */
function listenable(host: Host): ConstructorParameters<typeof FactLog>[0] {
  return {
    listen: (listener) =>
      host.listen(({ at, path, fact }) => listener({ event: 'fact', at, path, peer: undefined, fact })),
  };
}

function placeResponder(
  network: EmbeddedNetwork,
  cell: Cell,
  topology: Topology,
  settings: CellSettings,
): EndpointHost<ResponderEndpoint> {
  const { endpoint, host } = responderSetUp(cell, topology, settings);
  const place = responderPlace(topology);
  const node = network.node(place.name);
  for (const { to, via } of host.routes) {
    node.addRouteVia(addressNumber(addressOf(to)), prefixOf(to), addressNumber(via));
  }
  if (host.firewall) {
    const addressOn = (name: string) => addressNumber(addressOf(place.node.interfaces[name] ?? '0.0.0.0/0'));
    const randomPort = () => Math.floor(network.chance() * 65_536);
    const { firewall } = host;
    node.passage = new RouterFirewall(
      firewall,
      tunnelInterface,
      addressOn,
      loadNatKind(usualNatKind),
      network.time,
      randomPort,
    );
  }
  const random = seededRandom(`${settings.seed}/responder`);
  return new EndpointHost(node, new ResponderEndpoint(endpoint, random), network.time, []);
}

/** One client of a cell. */
class ClientTurn {
  readonly number: number;
  clientSaw: PeerObservation | undefined;
  responderSaw: PeerObservation | undefined;
  traffic: TrafficObservation | undefined;
  left: readonly string[] = [];
  readonly #network: EmbeddedNetwork;
  readonly #topology: Topology;
  readonly #name: string;
  readonly #version: string;
  readonly #host: EndpointHost<ClientEndpoint>;
  readonly #log: FactLog;
  #proof: TrafficProof | undefined;

  constructor(
    network: EmbeddedNetwork,
    cell: Cell,
    topology: Topology,
    name: string,
    number: number,
    settings: CellSettings,
    version: string,
  ) {
    this.number = number;
    this.#network = network;
    this.#topology = topology;
    this.#name = name;
    this.#version = version;
    const place = topology.nodes[name];
    const [cidr = ''] = Object.values(place?.interfaces ?? {});
    const profile = loadClientProfile(peerOf(cell.client).profile ?? '');
    const config = compileClient(profile, cell, settings, addressOf(cidr));
    const node = network.node(name);
    // What carries the tunnel must not go into the tunnel once everything else does.
    if (place?.gateway) node.addRouteVia(addressNumber(settings.dial), 32, addressNumber(place.gateway));
    const random = seededRandom(`${settings.seed}/client`);
    this.#host = new EndpointHost(node, new ClientEndpoint(config, random), network.time, everything);
    this.#log = new FactLog(listenable(this.#host));
  }

  get connectMs(): number | undefined {
    return this.clientSaw?.stages.find(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done')?.atMs;
  }

  /** Until the link is up, or the matter is decided otherwise. */
  dial(): void {
    const { time } = this.#network;
    const end = new ConnectionEnd();
    let decided = false;
    const stop = this.#host.listen(({ fact }) => {
      decided ||= end.decides(fact);
    });
    this.#host.act((endpoint, now) => endpoint.connect(now));
    time.run(() => decided || this.#host.isUp, time.now + patienceMs);
    stop();
    this.readStatus();
  }

  readStatus(): void {
    const sas = this.#host.endpoint.securityAssociations();
    this.clientSaw = this.#log.observation('ts', this.#version, 0, sas);
  }

  prove(): void {
    const address = this.clientSaw?.innerAddress;
    if (!this.#host.isUp || address === undefined) return;
    const proof = new TrafficProof(this.#network, this.#topology, this.#name, address);
    this.#host.onOther = (view) => proof.receiveAtClient(view);
    this.#proof = proof;
    this.traffic = proof.prove();
  }

  pingAgain(): void {
    if (!this.#proof || !this.traffic) return;
    this.traffic = { ...this.traffic, pingAfterOthers: this.#proof.pingAgain() };
  }

  disconnect(): void {
    const { time } = this.#network;
    const { endpoint } = this.#host;
    this.#host.act((_, now) => endpoint.close(now));
    time.run(() => alive(endpoint.summary()).length === 0, time.now + endMs);
    this.left = alive(endpoint.summary());
  }
}
