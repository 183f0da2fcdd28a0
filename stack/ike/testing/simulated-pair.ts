import { deepStrictEqual, notDeepStrictEqual } from 'node:assert';
import { Internet, Nat } from '../../testing/internet.ts';
import { type Impairment, perfect } from '../../testing/simulation.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../config.ts';
import { initiatorConfig, responderConfig } from './configs.ts';
import { Host } from './host.ts';

/** For tests: one client and one responder, each behind NAT or not, joined by a network; the client has dialled. */
export interface Setting {
  readonly initiator?: Partial<IkeInitiatorConfig>;
  readonly responder?: Partial<IkeResponderConfig>;
  readonly clientNat?: boolean;
  readonly responderNat?: boolean;
  readonly seed?: number;
  readonly network?: Partial<Impairment>;
}

export const inside = '192.168.1.10';
export const office = '10.1.0.1';

export function pair({ initiator, responder, clientNat, responderNat, seed = 1, network }: Setting) {
  const simulation = new Internet(seed, { ...perfect, slowestMs: 10, ...network });
  const forwards = [500, 4500].map((port) => ({ ip: office, port }));
  const serverConfig = { ...responderConfig, ...responder };
  const server = responderNat
    ? new Host(simulation, office, serverConfig, new Nat('198.18.0.2', true, forwards))
    : new Host(simulation, '198.18.0.2', serverConfig);
  const clientConfig = { ...initiatorConfig, ...initiator };
  const client = clientNat
    ? new Host(simulation, inside, clientConfig, new Nat('198.18.0.1', false))
    : new Host(simulation, '198.18.0.1', clientConfig);
  client.dial('198.18.0.2');
  return { simulation, client, server };
}

/** Throws unless both ends hold one SA pair, each the mirror image of the other's. */
export function expectMirrored(client: Host, server: Host): void {
  const [mine, ...more] = [...client.installed.values()];
  const [theirs, ...others] = [...server.installed.values()];
  if (mine === undefined || theirs === undefined) throw new Error('an SA is missing');
  deepStrictEqual([more, others], [[], []]);
  deepStrictEqual(mine.inbound, theirs.outbound);
  deepStrictEqual(mine.outbound, theirs.inbound);
  notDeepStrictEqual(mine.inbound.encryptionKey, mine.outbound.encryptionKey);
  deepStrictEqual(mine.encapsulation, theirs.encapsulation);
  deepStrictEqual(mine.localSelector, theirs.peerSelector);
  deepStrictEqual(mine.peerSelector, theirs.localSelector);
  const established = { phase1: 1, halfOpen: 0, phase2: 1 };
  deepStrictEqual([client.engine.summary(), server.engine.summary()], [established, established]);
}

export function failures(host: Host) {
  return host.factsNamed('ike-failed').map(({ phase, reason }) => [phase, reason]);
}

export const nowhere = { clientNat: false, responderNat: false };
export const atClient = { clientNat: true, responderNat: false };
export const atResponder = { clientNat: false, responderNat: true };
export const atBoth = { clientNat: true, responderNat: true };
