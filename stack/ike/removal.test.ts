import { expect, test } from 'vitest';
import { ipsecDoi, ProtocolId } from '../isakmp/ipsec-doi.ts';
import { uint32 } from '../octets.ts';
import { deleteEsp, deleteIsakmp, sealInformational } from './informational.ts';
import { phase1Transform, phase2Proposal } from './testing/configs.ts';
import {
  clientOf,
  completeQuickMode,
  inboundSpi,
  offer,
  quickMode1,
  quickMode3,
  responderWith,
  selectors,
} from './testing/scripted-initiator.ts';
import { expectMirrored, nowhere, pair } from './testing/simulated-pair.ts';

function connected() {
  const engine = responderWith();
  const client = clientOf(engine);
  const phase1 = client.establish();
  return { engine, client, phase1 };
}

test('a delete that overtakes message 3 counts: the pair is not installed any more (RFC 2408 3.15)', () => {
  const { engine, client, phase1 } = connected();
  const first = quickMode1(client, phase1, 1, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  const message3 = quickMode3(client, phase1, 1, first.lastBlock, message2).octets;
  client.send(sealInformational(client, phase1, 9, deleteEsp(inboundSpi)));
  expect(client.send(message3)).toEqual([]);
  expect(client.installed).toEqual([]);
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
  // Message 2 is not repeated for it either.
  expect(client.note(engine.tick(10_000))).toEqual([]);
});

test('one delete with several SPIs takes those that there are; unknown ones, and other protocols, are no matter', () => {
  const { engine, client, phase1 } = connected();
  completeQuickMode(client, phase1, 1);
  const several = (protocolId: number, ...spis: readonly number[]) =>
    ({ payload: 'delete', delete: { doi: ipsecDoi, protocolId, spis: spis.map(uint32) } }) as const;
  client.send(sealInformational(client, phase1, 10, several(ProtocolId.esp, 0x9999, 0x8888)));
  // 2 is AH (RFC 2407 4.4.1).
  client.send(sealInformational(client, phase1, 11, several(2, inboundSpi)));
  expect(engine.summary().phase2).toBe(1);
  client.send(sealInformational(client, phase1, 12, several(ProtocolId.esp, 0x9999, inboundSpi, 0x8888)));
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
  client.send(sealInformational(client, phase1, 13, several(ProtocolId.esp, inboundSpi)));
  expect(engine.summary().phase1).toBe(1);
});

test('a delete of an ISAKMP SA of nobody, or with SPIs of another length, is no matter', () => {
  const { engine, client, phase1 } = connected();
  const other = { initiatorCookie: new Uint8Array(8).fill(1), responderCookie: client.responderCookie };
  client.send(sealInformational(client, phase1, 14, deleteIsakmp(other)));
  const spis = [client.initiatorCookie];
  client.send(
    sealInformational(client, phase1, 15, {
      payload: 'delete',
      delete: { doi: ipsecDoi, protocolId: ProtocolId.isakmp, spis },
    }),
  );
  expect(engine.summary().phase1).toBe(1);
  client.send(sealInformational(client, phase1, 16, deleteIsakmp(client)));
  expect(engine.summary().phase1).toBe(0);
});

test('both ends delete at once: nothing is left, and neither minds the other', () => {
  const { simulation, client, server } = pair(nowhere);
  simulation.runTo(5000);
  for (const host of [client, server]) host.perform(host.engine.close(simulation.now));
  simulation.runTo(10_000);
  for (const host of [client, server]) {
    expect(host.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
    expect(host.installed.size).toBe(0);
    expect(host.gone.length).toBe(1);
    expect(host.factsNamed('ike-failed')).toEqual([]);
  }
});

test('an SA that is being rekeyed is deleted: the new one comes, and the path is never gone', () => {
  const rekey = { marginSeconds: 20, marginKilobytes: 1, fuzz: 0, graceSeconds: 5 };
  const phase2 = [{ ...phase2Proposal, lifetimeSeconds: 60 }];
  const { simulation, client, server } = pair({ initiator: { phase2, rekey } });
  // The rekey begins at some 40 s; the responder deletes the old pair while message 1 is on its way.
  simulation.runTo(30_000);
  const [old = 0] = server.installed.keys();
  const wire = simulation.wire.length;
  expect(simulation.run(() => simulation.wire.length > wire, 60_000)).toBe(true);
  server.perform(server.engine.removeSa(old, simulation.now));
  simulation.runTo(simulation.now + 5000);
  expectMirrored(client, server);
  expect([...server.installed.keys()]).not.toContain(old);
  // Only the responder, which had not seen message 1 yet, could not know.
  expect(client.gone).toEqual([]);
});

test('the old ISAKMP SA is deleted after a rekey, by whoever began it, and its children live on under the new one', () => {
  const rekey = { marginSeconds: 20, marginKilobytes: 1, fuzz: 0, graceSeconds: 5 };
  const phase1 = [{ ...phase1Transform, lifetimeSeconds: 60 }];
  for (const by of ['initiator', 'responder'] as const) {
    const { simulation, client, server } = pair({
      initiator: { phase1 },
      responder: { phase1 },
      [by]: { phase1, rekey },
    });
    simulation.runTo(43_000);
    expect([client, server].map(({ engine }) => engine.summary())).toEqual(
      Array(2).fill({ phase1: 2, halfOpen: 0, phase2: 1 }),
    );
    simulation.runTo(50_000);
    expectMirrored(client, server);
    expect(new Set([...client.paths, ...server.paths]).size).toBeLessThanOrEqual(2);
    for (const host of [client, server]) {
      expect(host.factsNamed('closed')).toEqual([]);
      expect(host.factsNamed('rekeyed')).toMatchObject([
        { phase: 1, by: (host === client) === (by === 'initiator') ? 'local' : 'peer' },
      ]);
    }
    // A delete under the new ISAKMP SA reaches what the old one negotiated.
    client.perform(client.engine.removeSa([...client.installed.keys()][0] ?? 0, simulation.now));
    simulation.runTo(51_000);
    expect(server.installed.size).toBe(0);
  }
});
