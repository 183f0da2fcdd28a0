import type { PeerObservation, TrafficObservation } from '../observation.ts';
import type { CheckResult } from './checks.ts';
import { enoughTransmissions } from './evidence.ts';

/** Less than this each way is no bulk: some 150 full-size packets. A transfer that stalls ends in an error of its own. */
const leastOctets = 200_000;

/** The proof that a connected cell owes: ping both ways, the tunnel on the traceroute, bulk up and down. */
export function trafficChecks(traffic: TrafficObservation, client: PeerObservation): CheckResult[] {
  const { target, oneSided, upMbps, downMbps, bytesEachWay, failures } = traffic;
  const complaint = failures.length > 0 ? ` (${failures.join('; ')})` : '';
  const rate = (mbps: number | undefined) => (mbps === undefined ? 'none' : `${mbps.toFixed(1)} Mbit/s`);
  return [
    {
      check: 'ping to server',
      ok: allAnswered(traffic.pingToServer),
      detail: `${pings(traffic.pingToServer)} from ${target}${complaint}`,
    },
    oneSided === undefined
      ? {
          check: 'ping to client',
          ok: allAnswered(traffic.pingToClient),
          detail: `${pings(traffic.pingToClient)} from the client${complaint}`,
        }
      : { check: 'ping to client', ok: true, detail: `not asked for: ${oneSided}` },
    tracerouteCheck(traffic, client),
    traffic.datagrams
      ? datagramCheck(traffic.datagrams)
      : {
          check: 'bulk both ways',
          ok: (upMbps ?? 0) > 0 && (downMbps ?? 0) > 0 && bytesEachWay >= leastOctets,
          detail: `up ${rate(upMbps)}, down ${rate(downMbps)}, ${bytesEachWay} octets each way${complaint}`,
        },
  ];
}

/** Where time is virtual a rate means nothing: every full-size datagram has to arrive. */
function datagramCheck(sent: NonNullable<TrafficObservation['datagrams']>): CheckResult {
  const { each, upSent, upReceived, downSent, downReceived } = sent;
  return {
    check: 'datagrams both ways',
    ok: upSent > 0 && downSent > 0 && upReceived === upSent && downReceived === downSent,
    detail: `${upReceived} of ${upSent} up, ${downReceived} of ${downSent} down, ${each} octets each`,
  };
}

/**
 * What shows that only large packets are lost: every small one was answered both ways, and in one direction at least
 * nothing of the bulk arrived. `undefined` where that is not shown.
 */
export function largePacketsLost(traffic: TrafficObservation): string | undefined {
  const { pingToServer, pingToClient, oneSided, bytesEachWay, datagrams } = traffic;
  const smallPass = [pingToServer, ...(oneSided === undefined ? [pingToClient] : [])].every(
    (each) => each.sent >= enoughTransmissions && allAnswered(each),
  );
  if (!smallPass || bytesEachWay > 0) return undefined;
  const bulk = datagrams ? datagramCheck(datagrams).detail : 'nothing of it arrived, one way at least';
  return `every small packet was answered; of bulk: ${bulk}`;
}

/** True when round trips came back: traffic passes, however well. */
export function trafficPassed({ pingToServer, pingToClient, oneSided }: TrafficObservation): boolean {
  return pingToServer.received > 0 && (oneSided !== undefined || pingToClient.received > 0);
}

/** The first hop is the responder's end of the tunnel, the last the target; any other hop is a way outside. */
function tracerouteCheck(
  { traceroute, target, oneSided }: TrafficObservation,
  client: PeerObservation,
): CheckResult {
  const detail = traceroute.join(' ') || 'no hop';
  const result = (ok: boolean, why: string): CheckResult => ({
    check: 'traceroute',
    ok,
    detail: why === '' ? detail : `${detail}: ${why}`,
  });
  if (traceroute.at(-1) !== target) return result(false, `does not end at ${target}`);
  const before = traceroute.slice(0, -1);
  const tunnelEnd = client.peerInnerAddress;
  const stranger = before.find((hop) => hop !== tunnelEnd);
  if (stranger !== undefined) return result(false, `${stranger} is not the responder's end of the tunnel`);
  // One that brings its own network along is no hop, but a door to it.
  const isShown = before.length > 0 || target === tunnelEnd || oneSided !== undefined;
  if (!isShown) return result(false, 'no hop at the end of the tunnel');
  return before.length > 1 ? result(false, 'the tunnel is one hop') : result(true, '');
}

/** Of several requests; where none was sent nothing is shown. */
export function allAnswered({
  sent,
  received,
}: Pick<TrafficObservation['pingToServer'], 'sent' | 'received'>): boolean {
  return sent > 0 && received === sent;
}

function pings({ sent, received, medianMs }: TrafficObservation['pingToServer']): string {
  const median = medianMs === undefined ? '' : `, median ${medianMs.toFixed(1)} ms`;
  return `${received} of ${sent} answers${median}`;
}
