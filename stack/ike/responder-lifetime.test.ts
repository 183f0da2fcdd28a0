import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import { concat, fromHex, uint32 } from '../octets.ts';
import { sealInformational } from './informational.ts';
import { initiatorConfig, phase1Transform, phase2Proposal } from './testing/configs.ts';
import { completeQuickMode, responderWith, ScriptedInitiator } from './testing/scripted-initiator.ts';
import { pair } from './testing/simulated-pair.ts';

/** The responder keeps SAs for less than the client offers: 28800 s, 3600 s and 250000 kB. */
const shorter = {
  phase1: [{ ...phase1Transform, lifetimeSeconds: 300 }],
  policies: [
    {
      name: 'l2tp',
      protocol: 17,
      proposals: [{ ...phase2Proposal, lifetimeSeconds: 100, lifetimeKilobytes: 5000 }],
    },
  ],
  sendsResponderLifetime: true,
} as const;

const received = ({ client }: ReturnType<typeof pair>) =>
  client.factsNamed('notify').filter(({ direction }) => direction === 'received');

test('an initiator that is told keeps its SAs no longer than the responder (RFC 2407 4.6.3.1, rule PROP-7)', () => {
  const { simulation, client, server } = pair({ responder: shorter });
  simulation.runTo(5000);
  const [sa] = [...client.installed.values()];
  expect(sa).toMatchObject({ lifetimeSeconds: 100, lifetimeKilobytes: 5000 });
  // The responder falls silent: what the client does now it does by itself.
  simulation.leave(server);
  simulation.runTo(99_000);
  expect(client.engine.summary()).toMatchObject({ phase1: 1, phase2: 1 });
  simulation.runTo(102_000);
  expect(client.engine.summary()).toMatchObject({ phase1: 1, phase2: 0 });
  simulation.runTo(299_000);
  expect(client.engine.summary().phase1).toBe(1);
  simulation.runTo(302_000);
  expect(client.engine.summary().phase1).toBe(0);
});

test('one that is not told keeps them for what it offered', () => {
  const { sendsResponderLifetime: _, ...silent } = shorter;
  const { simulation, client, server } = pair({ responder: silent });
  simulation.runTo(5000);
  simulation.leave(server);
  simulation.runTo(400_000);
  expect(client.engine.summary()).toMatchObject({ phase1: 1, phase2: 1 });
});

test('nothing is said where the responder keeps them as long as was offered, or longer', () => {
  for (const lifetimeSeconds of [phase1Transform.lifetimeSeconds, 60]) {
    const phase1 = [{ ...phase1Transform, lifetimeSeconds }];
    const both = pair({ initiator: { phase1 }, responder: { sendsResponderLifetime: true } });
    both.simulation.runTo(5000);
    expect(both.client.engine.summary().phase2).toBe(1);
    expect(received(both)).toEqual([]);
  }
});

function connected() {
  const engine = responderWith();
  const client = new ScriptedInitiator(engine, initiatorConfig, seededRandom('client'));
  const phase1 = client.establish();
  completeQuickMode(client, phase1, 1);
  return { engine, client, phase1 };
}

test('one that comes by itself is heeded, for the SA that it names', () => {
  const { engine, client, phase1 } = connected();
  const cookies = concat(client.initiatorCookie, client.responderCookie);
  const tell = (messageId: number, protocolId: number, spi: Uint8Array, attributes: string) =>
    client.send(
      sealInformational(client, phase1, messageId, {
        payload: 'notification',
        notification: {
          doi: 1,
          protocolId,
          notifyType: NotifyType['RESPONDER-LIFETIME'],
          spi,
          data: fromHex(attributes),
        },
      }),
    );
  // RFC 2407 4.5: SA Life Type (1) seconds (1), SA Life Duration (2) 100, both in the short form.
  tell(10, 3, uint32(0x9999), '8001000180020064');
  tell(11, 3, uint32(0x1234), 'ffff');
  tell(12, 3, uint32(0x1234), '8001000180020000');
  client.note(engine.tick(200_000));
  expect(engine.summary().phase2).toBe(1);
  tell(13, 3, uint32(0x1234), '8001000180020064');
  client.note(engine.tick(100_001));
  expect(engine.summary()).toMatchObject({ phase1: 1, phase2: 0 });
  // RFC 2409 appendix A: Life Type (11) seconds (1), Life Duration (12) 200 in four octets.
  tell(14, 1, new Uint8Array(16), '800b0001000c0004000000c8');
  client.note(engine.tick(300_000));
  expect(engine.summary().phase1).toBe(1);
  tell(15, 1, cookies, '800b0001000c0004000000c8');
  client.note(engine.tick(200_001));
  expect(engine.summary().phase1).toBe(0);
});
