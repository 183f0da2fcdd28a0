import { type Company, type Evidence, says } from './evidence.ts';
import { deadCaptures } from './nothing-sent.ts';

/**
 * What the harness failed to bring in, in words. Any of it makes the cell `broken`: a capture that lost
 * packets cannot prove absence, and a connection without its proof of traffic is none.
 */
export function gaps(evidence: Evidence, { after }: Company): string[] {
  const { client, responder, wire, traffic } = evidence;
  const found: string[] = [];
  if (!client) found.push("the client's observation is missing");
  if (!responder) found.push("the responder's observation is missing");
  if (!wire) {
    found.push('nothing was read from the captures');
  } else {
    if (wire.droppedByCapture > 0) found.push(`the capture lost ${wire.droppedByCapture} packets`);
    found.push(...wire.damaged);
    if (wire.path.length === 0) found.push('the captures name no segment between client and responder');
    if (wire.capturedPackets === 0) found.push('the captures are empty');
  }
  if (client && wire) found.push(...deadCaptures({ client, wire }));
  if (client && !traffic && says(client, 'ppp-ipcp') === 'done') {
    found.push('the client says it is connected, and no proof of traffic was made');
  }
  if (traffic && after.length > 0 && !traffic.pingAfterOthers) {
    found.push(
      'other clients dialled after its proof of traffic, and nothing shows that it still passed then',
    );
  }
  return found;
}
