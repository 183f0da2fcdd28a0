import { expect, test } from 'vitest';
import { parseCellId } from '../../cell.ts';
import type { CellRecord } from '../../record.ts';
import { playCell } from './cell-player.ts';
import type { Planted } from './planted.ts';

const frame = { run: 'test', seed: '1', host: {}, versions: {}, stack: '' };

function play(id: string, planted?: Planted): CellRecord {
  return playCell(frame, { cell: parseCellId(id), repeat: 1 }, planted).record;
}

const withoutRekey: NonNullable<Planted['client']> = ({ ike: { rekey: _, ...ike }, ...config }) => ({
  ...config,
  ike,
});

test.each([
  'direct/event=rekey-by-client',
  'both-nat/event=rekey-by-responder',
  'direct/client=ts:macos/p1=3des-sha1-modp1024/event=rekey-by-responder',
  'hotel-nat/event=responder-restart',
  'direct/event=responder-restart',
  'hotel-nat/event=client-power-cut',
  'direct/user=dialin2/event=client-power-cut',
])('%s lives through it', (id) => {
  const { verdict, why, observed } = play(id);
  expect({ verdict, why }).toEqual({
    verdict: 'pass',
    why: 'connected as expected, and every check holds',
  });
  expect(observed?.stageReached).toBe('hold');
});

test('SAs that nobody replaces come to their end (rule LIFE-1)', () => {
  const { verdict, observed } = play('hotel-nat/event=rekey-by-client', { client: withoutRekey });
  expect([verdict, observed?.outcome]).toEqual(['fail', 'stopped at hold: no-rekey']);
});

test('SAs that the other end replaces are not what was asked for (rule LIFE-1)', () => {
  const rekey = { marginSeconds: 4, marginKilobytes: 0, fuzz: 0, graceSeconds: 2 };
  const { verdict, why } = play('hotel-nat/event=rekey-by-client', {
    client: withoutRekey,
    responder: ({ endpoint, ...setUp }) => ({
      ...setUp,
      endpoint: { ...endpoint, ike: { ...endpoint.ike, rekey } },
    }),
  });
  expect(verdict).toBe('fail');
  expect(why).toContain('replaced-by client');
});

test('old SAs that are given up before their time drop what comes under them (rule LIFE-1)', () => {
  const { verdict, why } = play('hotel-nat/event=rekey-by-client', {
    wired: ({ responder }) => {
      const act = responder.act.bind(responder);
      responder.act = (action) =>
        act((endpoint, now) => {
          const effects = action(endpoint, now);
          const isNew = effects.some((effect) => effect.effect === 'fact' && effect.fact.fact === 'rekeyed');
          const fact = { fact: 'packet-dropped', reason: 'unknown-spi', detail: 'too early' } as const;
          return isNew ? [...effects, { effect: 'fact', peer: undefined, fact }] : effects;
        });
    },
  });
  expect(verdict).toBe('fail');
  expect(why).toContain('old-sas-accepted');
});

test('a responder that answers ESP of its life before did not lose it (rule LIFE-2)', () => {
  const { verdict, observed } = play('hotel-nat/event=responder-restart', {
    wired: ({ responder }) => {
      responder.restart = () => {};
    },
  });
  expect([verdict, observed?.outcome]).toEqual(['fail', 'stopped at hold: stale-esp-answered']);
});

/** A notify outside of any SA, as whoever has lost his state may send it; RFC 2408 3.1, 3.14. */
function notify(type: number): Uint8Array {
  const marked = new Uint8Array(4 + 40);
  const message = marked.subarray(4);
  message.fill(7, 0, 16);
  message[16] = 11;
  message[17] = 0x10;
  message[18] = 5;
  message[27] = 40;
  message[39] = type;
  return marked;
}

/** A responder that says this of each ESP packet for which it has no SA. */
function saying(message: Uint8Array): Planted {
  return {
    wired: ({ responder }) => {
      const act = responder.act.bind(responder);
      responder.act = (action) =>
        act((endpoint, now) =>
          action(endpoint, now).flatMap((effect) => {
            if (effect.effect !== 'fact' || effect.peer === undefined) return [effect];
            const isStray = effect.fact.fact === 'packet-dropped' && effect.fact.reason === 'unknown-spi';
            const local = { ip: '198.18.2.10', port: 4500 };
            const answer = { effect: 'send-udp', local, peer: effect.peer, payload: message } as const;
            return isStray ? [effect, answer] : [effect];
          }),
        );
    },
  };
}

test('INVALID-SPI may be said of it, and anything else may not (rule LIFE-2)', () => {
  const invalidSpi = play('hotel-nat/event=responder-restart', saying(notify(11)));
  expect([invalidSpi.verdict, invalidSpi.why]).toEqual([
    'pass',
    'connected as expected, and every check holds',
  ]);
  expect(invalidSpi.observed?.wire?.silenceBefore?.invalidSpi).toBeGreaterThan(2);
  const other = play('hotel-nat/event=responder-restart', saying(notify(14)));
  expect([other.verdict, other.observed?.outcome]).toEqual(['fail', 'stopped at hold: stale-esp-answered']);
});

test('a responder that never asks keeps the address for ever (rule PPP-8)', () => {
  const { verdict, observed } = play('hotel-nat/event=client-power-cut', {
    responder: ({ endpoint, ...setUp }) => ({
      ...setUp,
      endpoint: {
        ...endpoint,
        ppp: { ...endpoint.ppp, echoSeconds: 0 },
        l2tp: { ...endpoint.l2tp, helloSeconds: 0 },
      },
    }),
  });
  expect([verdict, observed?.outcome]).toEqual(['fail', 'stopped at hold: state-left-behind']);
});

test('one that is too patient lets go too late (rule PPP-8)', () => {
  const { verdict, why } = play('hotel-nat/event=client-power-cut', {
    responder: ({ endpoint, ...setUp }) => ({
      ...setUp,
      endpoint: {
        ...endpoint,
        ppp: { ...endpoint.ppp, echoFailures: 6 },
        l2tp: { ...endpoint.l2tp, helloSeconds: 0 },
      },
    }),
  });
  expect(verdict).toBe('fail');
  expect(why).toContain('freed-within 4');
});

test('one that lets go of a client that is there is seen (rule PPP-8)', () => {
  const { verdict, observed } = play('hotel-nat/event=client-power-cut', {
    client: (config) => ({ ...config, impairment: 'ppp-echo-silent' }),
  });
  expect([verdict, observed?.outcome]).toEqual(['fail', 'stopped at hold: link-lost']);
});

test('SAs that dead peer detection takes away, which nobody declared, are seen (rule PPP-8)', () => {
  const deadPeerDetection = { mode: 'both', idleSeconds: 10, retrySeconds: 5, attempts: 3 } as const;
  const { verdict, why } = play('hotel-nat/client=ts:chromeos/p1=3des-sha1-modp1024/event=client-power-cut', {
    responder: ({ endpoint, ...setUp }) => ({
      ...setUp,
      endpoint: { ...endpoint, ike: { ...endpoint.ike, deadPeerDetection } },
    }),
  });
  expect(verdict).toBe('fail');
  expect(why).toContain('sas-outlive-link: 0 phase1, 0 phase2');
});

test('an event has a client of its own, and nothing else happening beside it', () => {
  const declined = [
    'shared-nat/clients=2/event=responder-restart',
    'rebinding-nat/event=rekey-by-client',
    'direct/event=client-power-cut/impair=ppp-bad-magic',
    'hotel-nat/nat=short-timeout/event=client-power-cut',
  ].map((id) => play(id).verdict);
  expect(declined).toEqual(declined.map(() => 'unsupported'));
});
