import type { TrafficObservation, WireObservation } from '../../observation.ts';
import type { Topology } from '../../topology.ts';

/** A topology with so many places for clients. */
export function topologyWith(name: string, places: number): Topology {
  const clients = Array.from({ length: places }, (_, client) => [
    clientName(client),
    { kind: 'client' as const, label: '', interfaces: {}, routes: [] },
  ]);
  return {
    name,
    summary: '',
    segments: {},
    nodes: {
      ...Object.fromEntries(clients),
      responder: { kind: 'responder', label: '', interfaces: {}, routes: [] },
    },
    dial: '198.18.1.1',
    server: 'responder',
    path: ['client', 'wire', 'responder'],
    variants: {
      'no-forwards': { summary: '', boxes: {}, filters: {}, segments: {} },
      rebinding: { summary: '', boxes: {}, filters: {}, segments: {}, hold: { rebind: { box: 'client' } } },
    },
  };
}

/** What the place of a client is called; counted from 0. */
export function clientName(client: number): string {
  return client === 0 ? 'client' : `client-${client + 1}`;
}

/** Of a connection that carries traffic. */
export const traffic: TrafficObservation = {
  target: '192.168.2.10',
  pingToServer: { sent: 3, received: 3 },
  pingToClient: { sent: 3, received: 3 },
  traceroute: [],
  bytesEachWay: 1,
  failures: [],
  sustained: false,
};

/** Of a connection from its first message on. */
export const wire: WireObservation = {
  capturedPackets: 1,
  droppedByCapture: 0,
  damaged: [],
  path: [],
  segments: {},
  mainModeMessages: 6,
  quickModeMessages: 3,
  informationalMessages: 0,
  retransmissions: 0,
  portFloat: false,
  unanswered: [],
};
