import { ClientEndpoint } from '../../../stack/endpoint/client.ts';
import type { ClientEndpointConfig } from '../../../stack/endpoint/config.ts';
import { seededRandom } from '../../../stack/host/random.ts';
import type { Cell } from '../../cell.ts';
import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { addressNumber } from '../../fabric/embedded/packet.ts';
import type { PeerObservation, TrafficObservation } from '../../observation.ts';
import type { CellSettings } from '../../peers/peer.ts';
import { alive } from '../../peers/ts/alive.ts';
import { ConnectionEnd } from '../../peers/ts/connection-end.ts';
import { EndpointHost, tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { listenable } from '../../peers/ts/embedded/listenable.ts';
import { FactLog } from '../../peers/ts/fact-log.ts';
import type { Topology } from '../../topology.ts';
import { asksForRoutes, tunnelRoutes } from '../../tunnel-routes.ts';
import { webHostOf } from '../../web-host.ts';
import { type Held, type Pings, redialOf } from '../event-watch.ts';
import { browse } from './browse.ts';
import { heldBy } from './held-by.ts';
import { TrafficProof } from './traffic.ts';

/** Longer than any refusal or silence takes to show; virtual milliseconds. */
const patienceMs = 300_000;
/**
 * How long it takes to notice that a matter is decided, as it does in containers: what is under way arrives, before
 * the client hangs up. Virtual milliseconds, longer than any way and shorter than any timer.
 */
const noticingMs = 100;
/** How long an end may take to end a connection; virtual milliseconds. */
export const endMs = 10_000;

/** One client of a cell. */
export class ClientTurn {
  readonly number: number;
  clientSaw: PeerObservation | undefined;
  responderSaw: PeerObservation | undefined;
  traffic: TrafficObservation | undefined;
  left: readonly string[] = [];
  readonly #network: EmbeddedNetwork;
  readonly #topology: Topology;
  readonly #cell: Cell;
  readonly #name: string;
  readonly #version: string;
  readonly host: EndpointHost<ClientEndpoint>;
  readonly #log: FactLog;
  #proof: TrafficProof | undefined;

  constructor(
    network: EmbeddedNetwork,
    topology: Topology,
    cell: Cell,
    name: string,
    number: number,
    settings: CellSettings,
    config: ClientEndpointConfig,
    version: string,
  ) {
    this.number = number;
    this.#network = network;
    this.#topology = topology;
    this.#cell = cell;
    this.#name = name;
    this.#version = version;
    const place = topology.nodes[name];
    const node = network.node(name);
    // What carries the tunnel must not go into the tunnel once everything else does.
    if (place?.gateway) node.addRouteVia(addressNumber(settings.dial), 32, addressNumber(place.gateway));
    const begin = (life: number) =>
      new ClientEndpoint(config, seededRandom(`${settings.seed}/client${life || ''}`));
    this.host = new EndpointHost(node, begin, network.time, tunnelRoutes(cell, topology, name));
    this.#log = new FactLog(listenable(this.host));
  }

  get connectMs(): number | undefined {
    return this.clientSaw?.stages.find(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done')?.atMs;
  }

  /** Until the link is up, or the matter is decided otherwise. */
  dial(): void {
    this.#connect();
    this.readStatus();
  }

  #connect(): void {
    const { time } = this.#network;
    const end = new ConnectionEnd();
    let decided = false;
    const stop = this.host.listen(({ fact }) => {
      decided ||= end.decides(fact);
    });
    this.host.act((endpoint, now) => endpoint.connect(now));
    time.run(() => decided || this.host.isUp, time.now + patienceMs);
    stop();
    time.run(() => false, time.now + noticingMs);
  }

  readStatus(): void {
    const sas = this.host.endpoint.securityAssociations();
    this.clientSaw = this.#log.observation('ts', this.#version, 0, sas);
  }

  prove(): void {
    const address = this.clientSaw?.innerAddress;
    if (!this.host.isUp || address === undefined) return;
    this.traffic = this.#proofFrom(address).prove();
    const web = this.#cell.browse === 'internet' ? webHostOf(this.#topology) : undefined;
    if (!web) return;
    const node = this.#network.node(this.#name);
    this.traffic.browsing = browse(node, this.host, this.#network.time, web.address);
  }

  #proofFrom(address: string): TrafficProof {
    const bound = asksForRoutes(this.#cell, this.#topology, this.#name) ? undefined : tunnelInterface;
    const proof = new TrafficProof(this.#network, this.#topology, this.#name, address, bound);
    this.host.onOther = (view) => proof.receiveAtClient(view);
    this.#proof = proof;
    return proof;
  }

  ping(): Pings {
    return this.#proof?.pingAgain() ?? { sent: 0, received: 0 };
  }

  holds(): Held {
    return this.host.endpoint.summary();
  }

  cutPower(): void {
    this.host.cutPower();
  }

  /** Its endpoint begins anew, dials, and shows whether its connection carries traffic. */
  redial(): ReturnType<typeof redialOf> {
    this.host.restart();
    const log = new FactLog(listenable(this.host));
    this.#connect();
    const saw = log.observation('ts', this.#version, 0, undefined);
    log.close();
    const { innerAddress } = saw;
    return redialOf(saw, innerAddress === undefined ? undefined : this.#proofFrom(innerAddress).pingAgain());
  }

  pingAgain(): void {
    if (!this.#proof || !this.traffic) return;
    this.traffic = { ...this.traffic, pingAfterOthers: this.#proof.pingAgain() };
  }

  /** After an idle time the office speaks first, after a rebinding the client. */
  pingAfterHold(event: 'idle' | 'rebinding'): void {
    if (!this.#proof || !this.traffic) return;
    const pingAfterHold = event === 'idle' ? this.#proof.pingBack() : this.#proof.pingAgain();
    this.traffic = { ...this.traffic, pingAfterHold };
  }

  /** What it said and heard when it disconnected. */
  readEnding(): void {
    if (this.clientSaw) this.clientSaw = { ...this.clientSaw, ending: this.#log.ending(0) };
  }

  disconnect(): void {
    const { time } = this.#network;
    const { endpoint } = this.host;
    this.host.act((_, now) => endpoint.close(now));
    time.run(() => alive(endpoint.summary()).length === 0, time.now + endMs);
    this.left = heldBy(this.host);
  }
}
