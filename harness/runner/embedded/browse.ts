import type { ClientEndpoint } from '../../../stack/endpoint/client.ts';
import type { IpNode } from '../../fabric/embedded/ip-node.ts';
import { addressNumber, addressText } from '../../fabric/embedded/packet.ts';
import type { VirtualTime } from '../../fabric/embedded/virtual-time.ts';
import { median } from '../../measure/tool-output.ts';
import type { TrafficObservation } from '../../observation.ts';
import type { EndpointHost } from '../../peers/ts/embedded/endpoint-host.ts';
import { enoughTransmissions } from '../../verdict/evidence.ts';
import { Pinger } from './pinger.ts';

/** Round trips from a client to a host on the Internet, by whatever way its routes choose, and from the address of that way. */
export function browse(
  node: IpNode,
  host: EndpointHost<ClientEndpoint>,
  time: VirtualTime,
  target: string,
): NonNullable<TrafficObservation['browsing']> {
  const source = addressText(node.addressTowards(addressNumber(target)));
  const pinger = new Pinger(node, time, source, 1);
  const { onOther } = host;
  host.onOther = (view) => pinger.receive(view);
  const { sent, received, roundTrips } = pinger.ping(target, enoughTransmissions);
  host.onOther = onOther;
  const medianMs = median(roundTrips);
  return { target, sent, received, ...(medianMs !== undefined && { medianMs }) };
}
