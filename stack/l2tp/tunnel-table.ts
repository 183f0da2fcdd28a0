import type { RandomSource } from '../engine.ts';
import { attribute } from './attribute.ts';
import type { L2tpPeer } from './config.ts';
import type { ControlPacket } from './header.ts';
import type { ControlMessage } from './message.ts';
import type { Tunnel } from './tunnel.ts';

const numberOfIds = 0xffff;

/** The tunnels of one engine by their local ids, those that linger included. */
export class TunnelTable {
  readonly #maximum: number;
  readonly #random: RandomSource;
  readonly #tunnels = new Map<number, Tunnel>();
  #attempts = 0;

  constructor(maximum: number, random: RandomSource) {
    this.#maximum = maximum;
    this.#random = random;
  }

  get(localId: number): Tunnel | undefined {
    return this.#tunnels.get(localId);
  }

  add(tunnel: Tunnel): void {
    this.#tunnels.set(tunnel.localId, tunnel);
  }

  get all(): Tunnel[] {
    return [...this.#tunnels.values()];
  }

  /** Tunnels that neither ended nor linger. */
  get live(): Tunnel[] {
    return this.all.filter((tunnel) => tunnel.live);
  }

  /** A random id that no tunnel has. */
  pickId(): number {
    return this.randomId((id) => this.#tunnels.has(id));
  }

  /** The number of this attempt, or the next one that is free. */
  nextId(): number {
    return freeId(this.#attempts++, (id) => this.#tunnels.has(id));
  }

  randomId(taken: (id: number) => boolean): number {
    const [high = 0, low = 0] = this.#random(2);
    return freeId(high * 256 + low, taken);
  }

  /** A live tunnel between this end and that peer for which that one of them asked. */
  between(peer: L2tpPeer, originator: Tunnel['originator']): Tunnel | undefined {
    return this.live.find(
      (tunnel) =>
        tunnel.originator === originator &&
        tunnel.peer.path === peer.path &&
        tunnel.peer.address.ip === peer.address.ip,
    );
  }

  /**
   * A repeated SCCRQ, or a StopCCN that its sender addressed to tunnel 0 or to a wrong id, belongs to
   * the tunnel whose peer has the Assigned Tunnel ID it names (RFC 2661 4.4.3). A StopCCN that answers an
   * SCCRQ of which its sender could not read the id belongs to the only tunnel that was asked of it.
   */
  namedByPeer(message: ControlMessage, packet: ControlPacket, peer: L2tpPeer): Tunnel | undefined {
    const repeated = message.name === 'SCCRQ' && packet.tunnelId === 0;
    if (!repeated && message.name !== 'StopCCN') return undefined;
    const peerId = attribute.assignedTunnelId.in(message.avps);
    const candidates = (repeated ? this.live : this.all).filter(({ peer: { path, address } }) => {
      return path === peer.path && address.ip === peer.address.ip && address.port === peer.address.port;
    });
    const named = candidates.find((tunnel) => tunnel.peerId === peerId);
    if (named !== undefined || repeated || packet.tunnelId !== 0) return named;
    const [asked, ...others] = candidates.filter((tunnel) => tunnel.outstanding);
    return others.length === 0 ? asked : undefined;
  }

  /** Forgets tunnels that are gone, and the oldest lingering ones beyond the number of tunnels allowed. */
  forget(): void {
    for (const [id, tunnel] of this.#tunnels) if (tunnel.gone) this.#tunnels.delete(id);
    const lingering = this.all.filter((tunnel) => !tunnel.live);
    const excess = lingering.length - this.#maximum;
    for (const { localId } of lingering.slice(0, Math.max(0, excess))) this.#tunnels.delete(localId);
  }
}

/** The first id from 1 to 65535 that is not taken, beginning with that of this place among them. */
function freeId(place: number, taken: (id: number) => boolean): number {
  for (let step = 0; step < numberOfIds; step++) {
    const id = ((place + step) % numberOfIds) + 1;
    if (!taken(id)) return id;
  }
  throw new RangeError('every L2TP id is taken');
}
