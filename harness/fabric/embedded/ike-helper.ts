import { protocolUdp, readdressed, viewPacket } from './packet.ts';

const ikePort = 500;
const cookieLength = 8;

/**
 * What some NATs do for IKE without NAT traversal: every inside host keeps source port 500, and the initiator cookie
 * tells whose an answer is (RFC 3715 2.3). A phase 1 that the outside begins has a cookie that nobody inside sent.
 */
export class IkeHelper {
  readonly #outside: number;
  readonly #insideOf = new Map<string, number>();

  constructor(outside: number) {
    this.#outside = outside;
  }

  /** `undefined` for what is not IKE between two ports 500. */
  outward(packet: Uint8Array): Uint8Array | undefined {
    const cookie = cookieOf(packet);
    if (cookie === undefined) return undefined;
    this.#insideOf.set(cookie, viewPacket(packet)?.source ?? 0);
    return readdressed(packet, 'source', { address: this.#outside });
  }

  /** `undefined` for what is of no inside host that it knows. */
  inward(packet: Uint8Array): Uint8Array | undefined {
    const inside = this.#insideOf.get(cookieOf(packet) ?? '');
    return inside === undefined ? undefined : readdressed(packet, 'destination', { address: inside });
  }

  forget(): void {
    this.#insideOf.clear();
  }
}

function cookieOf(packet: Uint8Array): string | undefined {
  const view = viewPacket(packet);
  if (view?.protocol !== protocolUdp || view.payload.length < 8 + cookieLength) return undefined;
  if (view.ports?.source !== ikePort || view.ports.destination !== ikePort) return undefined;
  return view.payload.subarray(8, 8 + cookieLength).join('.');
}
