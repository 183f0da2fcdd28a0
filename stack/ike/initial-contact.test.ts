import { expect, test } from 'vitest';
import { Internet } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { noCookie } from './sa-table.ts';
import { initiatorConfig, responderConfig } from './testing/configs.ts';
import { Host } from './testing/host.ts';
import { pair } from './testing/simulated-pair.ts';

const contact = { initialContact: true } as const;

test('a responder that is restarted says INITIAL-CONTACT with its hash, and the initiator forgets what was before', () => {
  const simulation = new Internet(5, perfect);
  const client = new Host(simulation, '198.18.0.1', initiatorConfig);
  const before = new Host(simulation, '198.18.0.2', { ...responderConfig, ...contact });
  client.dial('198.18.0.2');
  simulation.runTo(5000);
  const [old] = client.installed.keys();
  simulation.leave(before);
  const after = new Host(simulation, '198.18.0.2', { ...responderConfig, ...contact }, undefined, 2);
  client.dial('198.18.0.2');
  simulation.runTo(10_000);
  expect(client.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
  expect([...client.installed.keys()]).not.toContain(old);
  expect(after.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
});

test('neither end says so where it has an SA with the other: a rekey takes nothing away (RFC 2407 4.6.3.3)', () => {
  const rekey = { marginSeconds: 20, marginKilobytes: 1, fuzz: 0, graceSeconds: 5 };
  const phase1 = initiatorConfig.phase1.map((transform) => ({ ...transform, lifetimeSeconds: 60 }));
  for (const [initiator, responder] of [
    [
      { phase1, rekey, ...contact },
      { phase1, ...contact },
    ],
    [
      { phase1, ...contact },
      { phase1, rekey, ...contact },
    ],
  ] as const) {
    for (const clientNat of [false, true]) {
      const { simulation, client, server } = pair({ initiator, responder, clientNat });
      simulation.runTo(5000);
      const installed = [...client.installed.keys()];
      simulation.runTo(150_000);
      for (const host of [client, server]) {
        expect(host.factsNamed('rekeyed').length).toBeGreaterThanOrEqual(3);
        expect(host.factsNamed('closed')).toEqual([]);
      }
      expect([...client.installed.keys()]).toEqual(installed);
    }
  }
});

test('an initiator takes message 1 from the peer it is connected with, and from nobody else', () => {
  const { simulation, client } = pair({});
  const message1 = (seed: number) =>
    startMainMode(initiatorConfig, {
      initiatorCookie: new Uint8Array(8).fill(seed),
      responderCookie: noCookie,
    }).message;
  const local = { ip: '198.18.0.1', port: 500 };
  const peer = { ip: '198.18.0.2', port: 500 };
  const give = (from: typeof peer, seed: number) =>
    client.engine
      .receive({ local, peer: from, message: message1(seed) }, simulation.now)
      .some(({ effect }) => effect === 'send-ike');
  expect(give(peer, 1)).toBe(false);
  simulation.runTo(5000);
  expect(give({ ip: '198.18.0.3', port: 500 }, 2)).toBe(false);
  expect(give({ ...peer, port: 4500 }, 3)).toBe(false);
  expect(give(peer, 4)).toBe(true);
});
