import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { replayedClient, replayedResponder } from './endpoint-replay.ts';
import { fuzz } from './fuzz.ts';
import { insider } from './insider.ts';
import { internetOf, randomOfRecording, recordings } from './recorded.ts';
import { scenarios } from './scenarios.ts';
import { decodeScript, mutateScript, Step } from './script.ts';
import { Besieged, mostAmplification } from './stranger.ts';
import { targets } from './targets.ts';

test.each(scenarios.map(({ name }, index) => [name, index] as const))(
  '%s: what was recorded happens again to each end alone, octet for octet',
  (_, index) => {
    const [scenario, recording] = [scenarios[index], recordings()[index]];
    if (scenario === undefined || recording === undefined) throw new Error('no such scenario');
    const client = replayedClient(scenario, randomOfRecording(internetOf(scenario), 'client'));
    const responder = replayedResponder(scenario, randomOfRecording(internetOf(scenario), 'responder'));
    for (const step of decodeScript(recording.client).steps) client.step(step);
    for (const step of decodeScript(recording.responder).steps) responder.step(step);
    expect([client.wasUp, responder.wasUp]).toEqual([true, true]);
    // Nothing was lost on the way: each got what the other sent.
    expect(client.traffic.received).toBe(responder.traffic.sent);
    expect(responder.traffic.received).toBe(client.traffic.sent);
    client.requireNothingLeft();
    responder.requireNothingLeft();
  },
);

test.each(targets)('$name: a few hundred inputs, or connections, show nothing', (target) => {
  const inputs = target.kind === 'codec' ? 400 : 10;
  const { findings, datagrams } = fuzz(target, { target: target.name, seed: 'gate', inputs, corpus: [] });
  expect(findings).toEqual([]);
  expect(datagrams).toBeGreaterThanOrEqual(inputs);
});

test('every target has something real to begin with, and a name of its own', () => {
  expect(targets.filter((target) => target.seeds().length === 0)).toEqual([]);
  expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
});

test('a mutated recording still gets an endpoint far: a third of the links come up', () => {
  const chance = new Chance('far');
  const scripts = recordings().map(({ responder }) => responder);
  let up = 0;
  for (let round = 0; round < 36; round++) {
    const script = decodeScript(mutateScript(chance, chance.oneOf(scripts), chance.oneOf(scripts)));
    const scenario = scenarios[script.scenario];
    if (scenario === undefined) continue;
    const replayed = replayedResponder(scenario, randomOfRecording(internetOf(scenario), 'responder'));
    for (const step of script.steps) replayed.step(step);
    if (replayed.wasUp) up++;
  }
  expect(up).toBeGreaterThan(12);
});

test('strangers who speak with cookies of this end have it compute, and get little for it', () => {
  const [scenario, recording] = [scenarios[0], recordings()[0]];
  if (scenario === undefined || recording === undefined) throw new Error('no such scenario');
  const besieged = new Besieged(scenario);
  for (let round = 0; round < 20; round++) besieged.live(decodeScript(recording.responder).steps, false);
  const { sent, received } = besieged.traffic;
  // Message 4 among them, which only a cookie of this end is answered with: more than 20 messages 2.
  expect(sent).toBeGreaterThan(20 * 200);
  expect(sent).toBeLessThan(mostAmplification * received);
});

test('an endpoint that answers too much to strangers is found', () => {
  const besieged = new Besieged(scenarios[1] ?? neverConnects());
  besieged.traffic.sent += 1_000_000;
  const octets = new Uint8Array(2000);
  const steps = Array.from({ length: 12 }, () => ({
    step: Step.ike,
    sender: 1,
    port: 500,
    afterMs: 0,
    octets,
  }));
  expect(() => besieged.live(steps, false)).toThrow(/octets sent for/);
});

test('an endpoint that keeps something is found', () => {
  const scenario = scenarios[0] ?? neverConnects();
  const responder = replayedResponder(scenario, randomOfRecording(internetOf(scenario), 'responder'));
  const endpoint = Object.assign(responder.endpoint, { deadline: () => responder.now });
  expect(() => responder.requireNothingLeft()).toThrow(/does not get past/);
  Object.assign(endpoint, { deadline: () => undefined, summary: () => ({ tunnels: 1 }) });
  expect(() => responder.requireNothingLeft()).toThrow('left after the end: tunnels 1');
});

test('an insider who does nothing lets everybody connect, and one who does much harms no honest client', () => {
  const chance = new Chance('insider');
  expect(insider(Uint8Array.of(4))).toBeGreaterThan(20);
  expect(insider(Uint8Array.of(4, ...chance.octets(120)))).toBeGreaterThan(5);
});

function neverConnects(): never {
  throw new Error('no such scenario');
}
