import { ClientEndpoint } from '../../endpoint/client.ts';
import type { ResponderEndpoint } from '../../endpoint/responder.ts';
import { EndpointHost } from '../../endpoint/testing/joined.ts';
import type { Instant } from '../../engine.ts';
import { Internet, Nat } from '../internet.ts';
import { perfect } from '../simulation.ts';
import { honestClient, type Scenario } from './scenarios.ts';
import { FaultFound } from './target.ts';

const patienceMs = 120_000;

/**
 * Lets an honest client dial a responder that has lived through something, connect and hang up. Throws where it does
 * not get through. Gives the time afterwards.
 */
export function requireHonestConnects(
  scenario: Scenario,
  endpoint: ResponderEndpoint,
  now: Instant,
): Instant {
  const internet = new Internet('honest', perfect);
  internet.now = now;
  const { way, responder: config } = scenario;
  const forwards = way.responderNat?.forwards.map((port) => ({ ip: config.localAddress, port }));
  const responderNat = way.responderNat && new Nat(way.responderNat.public, true, forwards);
  const responder = new EndpointHost(internet, config.localAddress, responderNat, endpoint);
  const client = dialHonestly(scenario, internet);
  if (!internet.run(() => client.isUp, now + patienceMs)) {
    const [failure] = client.facts.filter(({ fact }) => /failed|refused|closed/.test(fact));
    throw new FaultFound('wrong', `an honest client does not connect: ${failure?.fact ?? 'no answer'}`);
  }
  client.act((each, at) => each.close(at));
  internet.runTo(internet.now + 10_000);
  internet.leave(responder);
  return internet.now;
}

/** The honest client on the way that its scenario has, dialling. */
export function dialHonestly(scenario: Scenario, internet: Internet): EndpointHost<ClientEndpoint> {
  const config = honestClient(scenario);
  const nat = scenario.way.clientNat === undefined ? undefined : new Nat('198.18.1.99', false);
  const endpoint = new ClientEndpoint(config, internet.randomOf(`honest ${internet.now}`));
  const client = new EndpointHost(internet, config.localAddress, nat, endpoint);
  client.act((each, now) => each.connect(now));
  return client;
}
