import type { LabNode, NodeProcess } from '../fabric/fabric.ts';
import type { TrafficObservation } from '../observation.ts';
import type { TrafficTarget } from '../peers/peer.ts';
import {
  type Direction,
  type Iperf3Plan,
  iperf3Command,
  iperf3Ports,
  iperf3Results,
  startIperf3Server,
} from './iperf3.ts';
import { type PingPlan, type PingResult, pingCommand, pingResult } from './ping.ts';
import { type TracerouteResult, tracerouteCommand, tracerouteResult } from './traceroute.ts';

/** Between which ends traffic is proved, and through what. */
export interface TunnelEnds {
  readonly client: LabNode;
  /** The node in the LAN behind the responder. */
  readonly server: LabNode;
  readonly serverAddress: string;
  /** The client's interface that carries the tunnel. Everything of the client is bound to it: unbound
   * traffic may find another way to the server, and prove nothing. `undefined`: the client's routes are what
   * is asked about. */
  readonly tunnelInterface: string | undefined;
  readonly clientInnerAddress: string;
}

/** Octets each way: enough for a rate, little enough for a second or so. */
export const usualProofBytes = 2_000_000;
/** Enough to fill windows with full-size packets, where hundreds of cells prove themselves: too little for a rate. */
export const briefProofBytes = 400_000;
const pings = 5;

/**
 * Proves that a connection carries traffic: ping both ways, traceroute, a few MB by iperf3 each way.
 * What does not pass is a result; only tools that talk nonsense throw.
 *
 * @param target the inner network that the responder brings along, where ping and traceroute then go;
 *   iperf3 still goes to the topology's server, through it
 * @param bytes how many iperf3 sends each way
 */
export async function proveTraffic(
  ends: TunnelEnds,
  target: TrafficTarget | undefined,
  bytes: number,
  signal: AbortSignal,
): Promise<TrafficObservation> {
  const { client, server, tunnelInterface: device, clientInnerAddress } = ends;
  const address = target?.address ?? ends.serverAddress;
  const ping = async (from: LabNode, plan: PingPlan) =>
    pingResult(await from.exec(pingCommand(plan), { signal }), plan.count);
  const nothing: PingResult = { sent: 0, received: 0 };
  const servers = startServers(server, signal);
  const [toServer, toClient, route] = await Promise.all([
    ping(client, { address, ...bound(device), count: pings }),
    target ? nothing : ping(server, { address: clientInnerAddress, count: pings }),
    traced(client, address, device, signal),
  ]).catch(async (error: unknown) => {
    await endServers(Object.values(await servers));
    throw error;
  });
  // Bulk after the round trips, so that these are measured on an idle link.
  const throughput = await transfer(ends, await servers, { bytes }, signal);
  const spoken = [toServer.failure, toClient.failure, route.failure];
  return {
    target: address,
    ...(target ? { oneSided: target.oneSided } : {}),
    pingToServer: counts(toServer),
    pingToClient: counts(toClient),
    traceroute: [...route.hops],
    ...throughput,
    failures: [...spoken.filter((text) => text !== undefined), ...throughput.failures],
    sustained: false,
  };
}

/**
 * Hops that stayed silent are asked once more. Once in some 500 cells the tool misses answers that the captures show
 * on the client's own segment; a way around the tunnel shows again.
 */
async function traced(
  client: LabNode,
  address: string,
  device: string | undefined,
  signal: AbortSignal,
): Promise<TracerouteResult> {
  const trace = async () =>
    tracerouteResult(await client.exec(tracerouteCommand(address, device), { signal }));
  const first = await trace();
  const isWhole = first.hops.at(-1) === address || first.failure !== undefined;
  return isWhole ? first : trace();
}

export type Throughput = Pick<TrafficObservation, 'upMbps' | 'downMbps' | 'bytesEachWay' | 'failures'>;

/** Round trips through a standing tunnel. */
export async function pingThrough(
  { client, tunnelInterface: device }: TunnelEnds,
  address: string,
  signal: AbortSignal,
): Promise<{ sent: number; received: number }> {
  const { sent, received } = pingResult(
    await client.exec(pingCommand({ address, ...bound(device), count: pings }), { signal }),
    pings,
  );
  return { sent, received };
}

/** Round trips from a client to a host on the Internet, by whatever way its routes choose. */
export async function browse(
  client: LabNode,
  target: string,
  signal: AbortSignal,
): Promise<NonNullable<TrafficObservation['browsing']>> {
  const answer = await client.exec(pingCommand({ address: target, count: pings }), { signal });
  return { target, ...counts(pingResult(answer, pings)) };
}

/** Round trips from the office to the client. */
export async function pingToClient(
  { server, clientInnerAddress: address }: TunnelEnds,
  signal: AbortSignal,
): Promise<{ sent: number; received: number }> {
  const command = pingCommand({ address, count: pings });
  const { sent, received } = pingResult(await server.exec(command, { signal }), pings);
  return { sent, received };
}

/** iperf3 over TCP through the tunnel, up and then down, for an amount of octets or of seconds each. */
export async function measureThroughput(
  ends: TunnelEnds,
  amount: Iperf3Plan['amount'],
  signal: AbortSignal,
): Promise<Throughput> {
  return transfer(ends, await startServers(ends.server, signal), amount, signal);
}

type Server = PromiseSettledResult<NodeProcess>;
type Servers = Readonly<Record<Direction, Server>>;

/** Starts a server for each direction; never rejects, so that one that did start can be ended. */
async function startServers(node: LabNode, signal: AbortSignal): Promise<Servers> {
  const start = (port: number) => startIperf3Server(node, port, signal);
  const [up, down] = await Promise.allSettled([start(iperf3Ports.up), start(iperf3Ports.down)]);
  return { up, down };
}

async function endServers(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((each) => (each.status === 'fulfilled' ? each.value.kill() : undefined)));
}

async function transfer(
  ends: TunnelEnds,
  servers: Servers,
  amount: Iperf3Plan['amount'],
  signal: AbortSignal,
): Promise<Throughput> {
  const { client, serverAddress, clientInnerAddress: clientAddress, tunnelInterface: device } = ends;
  const waiting = new Set([servers.up, servers.down]);
  try {
    for (const each of waiting) if (each.status === 'rejected') throw each.reason;
    const command = iperf3Command({ server: serverAddress, clientAddress, ...bound(device), amount });
    const { up, down } = iperf3Results(await client.exec(command, { signal }));
    // One that had its one test ends by itself; killing it would take longer than it does.
    if (up.ok) waiting.delete(servers.up);
    if (down.ok) waiting.delete(servers.down);
    return {
      ...(up.ok ? { upMbps: up.mbps } : {}),
      ...(down.ok ? { downMbps: down.mbps } : {}),
      bytesEachWay: Math.min(up.ok ? up.bytes : 0, down.ok ? down.bytes : 0),
      failures: [up, down].flatMap((run) => (run.ok ? [] : [run.failure])),
    };
  } finally {
    await endServers([...waiting]);
  }
}

function bound(device: string | undefined): { device?: string } {
  return device === undefined ? {} : { device };
}

function counts({ sent, received, medianMs }: PingResult): TrafficObservation['pingToServer'] {
  return medianMs === undefined ? { sent, received } : { sent, received, medianMs };
}
