import { expect, test } from 'vitest';
import { Internet, Nat } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { initiatorConfig, responderConfig } from './testing/configs.ts';
import { Host } from './testing/host.ts';

const office = '198.18.0.2';

/** A responder, and clients that dial one after the other; gives the path on which each one's SA was installed. */
function dialled(places: readonly Place[]) {
  const simulation = new Internet(1, perfect);
  const server = new Host(simulation, office, responderConfig);
  for (const [life, { address, nat, config = {}, afterwards }] of places.entries()) {
    const client = new Host(simulation, address, { ...initiatorConfig, ...config }, nat, life);
    client.dial(office);
    simulation.runTo(simulation.now + 5000);
    simulation.leave(client);
    afterwards?.();
  }
  return { server, paths: server.paths };
}

interface Place {
  readonly address: string;
  readonly nat?: Nat;
  readonly config?: Partial<IkeInitiatorConfig>;
  readonly afterwards?: () => void;
}

const name = (text: string) => ({ identity: { type: 'fqdn', name: text } }) as const;

test('a peer that negotiates anew goes on on its path, so that what it carries goes on too (rule LIFE-1)', () => {
  const { server, paths } = dialled([{ address: '198.18.0.1' }, { address: '198.18.0.1' }]);
  expect(server.engine.summary()).toEqual({ phase1: 2, halfOpen: 0, phase2: 2 });
  expect(new Set(paths).size).toBe(1);
  expect(server.engine.peerOnPath(paths[0] ?? '')).toEqual({ ip: '198.18.0.1', port: 500 });
});

test('after INITIAL-CONTACT the path is the same and what was on it is gone', () => {
  const again = { address: '198.18.0.1', config: { initialContact: true } } as const;
  const { server, paths } = dialled([{ address: '198.18.0.1' }, again]);
  expect(server.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
  expect(new Set(paths).size).toBe(1);
});

test('peers behind one NAT have paths of their own, with equal names too (RFC 3947 6, rule MULTI-5)', () => {
  const nat = new Nat('198.18.0.10', true);
  const { server, paths } = dialled(
    ['192.168.1.10', '192.168.1.11'].map((address) => ({
      address,
      nat,
      config: { ...name('laptop'), initialContact: true },
    })),
  );
  expect(new Set(paths).size).toBe(2);
  expect(server.engine.summary().phase1).toBe(2);
});

test('address and port that a NAT has given to somebody else do not make the same peer', () => {
  const nat = new Nat('198.18.0.10', true);
  const lost = () => nat.rebind('192.168.1.10');
  const { server, paths } = dialled([
    { address: '192.168.1.10', nat, config: name('first'), afterwards: lost },
    { address: '192.168.1.11', nat, config: { ...name('second'), initialContact: true } },
  ]);
  const [before = '', after = ''] = paths;
  expect(server.engine.peerOnPath(after)).toEqual(server.engine.peerOnPath(before));
  expect(after).not.toBe(before);
  expect(server.engine.summary().phase1).toBe(2);
});

test('a path that nothing is left of has no peer', () => {
  const { server, paths } = dialled([{ address: '198.18.0.1' }]);
  server.perform(server.engine.close(0));
  expect(server.engine.peerOnPath(paths[0] ?? '')).toBeUndefined();
});
