import { authentication } from './authentication.ts';
import { encapsulation } from './encapsulation.ts';
import { espPacket } from './esp-packet.ts';
import { ikeExchange } from './ike-exchange.ts';
import type { Impairment } from './impairment.ts';
import { l2tpControl } from './l2tp-control.ts';
import { messageOrder } from './message-order.ts';
import { natDetection } from './nat-detection.ts';
import { oversized } from './oversized.ts';
import { payloadShape } from './payload-shape.ts';
import { pppFrame } from './ppp-frame.ts';
import { silence } from './silence.ts';
import { stoppedService } from './stopped-service.ts';

/** Every way to misbehave, in the order of the layers. */
export const impairments: readonly Impairment[] = [
  ...stoppedService,
  ...messageOrder,
  ...natDetection,
  ...authentication,
  ...payloadShape,
  ...oversized,
  ...ikeExchange,
  ...encapsulation,
  ...espPacket,
  ...l2tpControl,
  ...pppFrame,
  ...silence,
];
