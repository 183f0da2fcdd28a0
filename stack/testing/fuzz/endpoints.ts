import { Chance } from './chance.ts';
import { type Replayed, replayedClient, replayedResponder } from './endpoint-replay.ts';
import { requireHonestConnects } from './honest.ts';
import { insider } from './insider.ts';
import { internetOf, randomOfRecording, recordings } from './recorded.ts';
import { mostTunnels, type Scenario, scenarios } from './scenarios.ts';
import { decodeScript, mutateScript, type Script } from './script.ts';
import { Besieged } from './stranger.ts';
import { FaultFound, type Take, type Target } from './target.ts';

/** Milliseconds of work for a whole connection, two where an honest client dials behind it. */
const endpointDeadlineMs = 2000;
/** An honest client dials after one script in so many: that takes as long as the script. */
const honestOnceIn = 16;

/** More than any script has open: what a peer that may come in can make an endpoint keep. */
const mostAlive: Readonly<Record<string, number>> = {
  phase1: 24,
  phase2: 40,
  tunnels: mostTunnels,
  sessions: mostTunnels * 16,
};

export const endpointTargets: readonly Target[] = [
  {
    name: 'responder',
    about: 'a responder that lives through recorded connections, mutated on the wire',
    seeds: () => recordings().map(({ responder }) => responder),
    mutate: mutateScript,
    ...scripted((script) => {
      const scenario = scenarioOf(script);
      const replayed = replayedResponder(scenario, randomOfRecording(internetOf(scenario), 'responder'));
      return {
        scenario,
        replayed,
        honest: () => {
          replayed.now = requireHonestConnects(scenario, replayed.endpoint, replayed.now);
        },
      };
    }),
  },
  {
    name: 'client',
    about: 'a client that lives through recorded connections, mutated on the wire',
    seeds: () => recordings().map(({ client }) => client),
    mutate: mutateScript,
    ...scripted((script) => {
      const scenario = scenarioOf(script);
      const replayed = replayedClient(scenario, randomOfRecording(internetOf(scenario), 'client'));
      return { scenario, replayed, honest: () => {} };
    }),
  },
  {
    name: 'insider',
    kind: 'endpoint',
    about: 'whole connections whose ends have the keys and lie in IKE, L2TP and PPP',
    deadlineMs: endpointDeadlineMs,
    seeds: () => scenarios.flatMap((_, index) => plans(index)),
    begin: () => insider,
  },
  {
    name: 'stranger',
    kind: 'endpoint',
    about: 'a responder that strangers send to all its life; an honest client comes in again and again',
    deadlineMs: endpointDeadlineMs,
    seeds: () => recordings().map(({ responder }) => responder),
    mutate: mutateScript,
    begin: besieged,
  },
];

function scenarioOf({ scenario }: Script): Scenario {
  const found = scenarios[scenario % scenarios.length];
  if (found === undefined) throw new RangeError('there are no scenarios');
  return found;
}

interface Life {
  readonly scenario: Scenario;
  readonly replayed:
    | Replayed<never>
    | ReturnType<typeof replayedClient>
    | ReturnType<typeof replayedResponder>;
  readonly honest: () => void;
}

/** A new endpoint for each script; at its end everything goes. */
function scripted(beginLife: (script: Script) => Life): Pick<Target, 'kind' | 'deadlineMs' | 'begin'> {
  const begin = (): Take => {
    let scripts = 0;
    return (input) => {
      const script = decodeScript(input);
      const { replayed, honest } = beginLife(script);
      for (const step of script.steps) {
        replayed.step(step);
        requireBounded(replayed.endpoint.summary());
      }
      if (scripts++ % honestOnceIn === 0) honest();
      replayed.requireNothingLeft();
      return replayed.traffic.datagrams;
    };
  };
  return { kind: 'endpoint', deadlineMs: endpointDeadlineMs, begin };
}

/** One responder for each scenario, as old as the work. */
function besieged(): Take {
  const responders = new Map<Scenario, Besieged>();
  let scripts = 0;
  return (input) => {
    const script = decodeScript(input);
    const scenario = scenarioOf(script);
    const responder = responders.get(scenario) ?? new Besieged(scenario);
    responders.set(scenario, responder);
    return responder.live(script.steps, scripts++ % honestOnceIn === 0);
  };
}

function requireBounded(summary: Readonly<Record<string, number>>): void {
  for (const [name, most] of Object.entries(mostAlive)) {
    const alive = summary[name] ?? 0;
    if (alive > most) throw new FaultFound('grows', `${alive} ${name} alive, more than ${most}`);
  }
}

/** Plans of an insider in this scenario: any octets are one. */
function plans(scenario: number): Uint8Array[] {
  const chance = new Chance(`insider ${scenario}`);
  return [6, 24, 60].map((length) => Uint8Array.of(scenario, ...chance.octets(length)));
}
