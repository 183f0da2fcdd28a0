import { expect, test } from 'vitest';
import type { OuterPacket } from './outer.ts';
import { silenceTally } from './silence-tally.ts';

type Content = OuterPacket['content'];
type Step = readonly [Content, 'to-responder' | 'to-client'];

const esp: Content = { kind: 'esp-in-udp', spi: 7 };
const up: Step = [esp, 'to-responder'];
const down: Step = [esp, 'to-client'];

/** RFC 2408 3.1: cookies, next payload at 16, exchange type at 18, flags at 19; 3.14: the notify's type at 38. */
function ike(exchangeType: number, cookie: string, message = new Uint8Array(28)): Content {
  const isakmp = {
    initiatorCookie: cookie,
    responderCookie: '0000000000000000',
    exchangeType,
    messageId: 0,
    message,
  };
  return { kind: 'ike', port: 4500, isakmp };
}

function notify(type: number, flags = 0): Step {
  const message = new Uint8Array(40);
  message[16] = 11;
  message[18] = 5;
  message[19] = flags;
  message[39] = type;
  return [ike(5, 'aa', message), 'to-client'];
}

const dials = (cookie: string): Step => [ike(2, cookie), 'to-responder'];

function seen(...steps: readonly Step[]) {
  const tally = silenceTally();
  for (const [content, direction] of steps) tally.add(content, direction);
  return tally.result().silenceBefore;
}

test('ESP since the responder spoke last counts when its sender dials again', () => {
  expect(seen(dials('aa'), up, down, up, up, up, dials('bb'))).toEqual({
    esp: 3,
    invalidSpi: 0,
    otherAnswers: 0,
  });
});

test('INVALID-SPI is one kind of answer, INVALID-COOKIE is to IKE, and all else is another', () => {
  const answers = [notify(11), notify(4), notify(16), notify(11, 1)];
  expect(seen(down, up, ...answers, [{ kind: 'keepalive' }, 'to-client'], dials('bb'))).toEqual({
    esp: 1,
    invalidSpi: 1,
    otherAnswers: 2,
  });
});

test('a responder that answers is not silent', () => {
  expect(seen(down, up, down, dials('bb'))).toBeUndefined();
});

test('one that never spoke is none that fell silent, and one message that is sent again begins nothing', () => {
  expect(seen(up, up, dials('bb'))).toBeUndefined();
  expect(seen(dials('aa'), down, up, dials('aa'))).toBeUndefined();
});

test('what came before the first ESP without an answer is no answer to it', () => {
  expect(seen(down, notify(16), up, dials('bb'))).toEqual({ esp: 1, invalidSpi: 0, otherAnswers: 0 });
});
