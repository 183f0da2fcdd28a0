import { ClientEndpoint } from '../../endpoint/client.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from '../../endpoint/config.ts';
import { ResponderEndpoint } from '../../endpoint/responder.ts';
import { ipPacket } from '../../endpoint/testing/ip-packet.ts';
import { EndpointHost } from '../../endpoint/testing/joined.ts';
import type { RandomSource } from '../../engine.ts';
import type { IkeTamper } from '../../ike/tamper.ts';
import { encodePayload } from '../../isakmp/payload.ts';
import { encodePayloadChain } from '../../isakmp/payload-chain.ts';
import { concat, uint8 } from '../../octets.ts';
import { type Datagram, Internet, Nat } from '../internet.ts';
import { perfect } from '../simulation.ts';
import { InnerReader } from './inner.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { encodeScript, type ScriptStep, Step } from './script.ts';

/** One connection as it was, at every layer: what a fuzzer begins with. */
export interface Recording {
  /** What each endpoint lived through. */
  readonly client: Uint8Array;
  readonly responder: Uint8Array;
  readonly datagrams: readonly Datagram[];
  /** Payload chains before encryption, the type of the first payload in front. */
  readonly payloads: readonly Uint8Array[];
  /** What was inside ESP. */
  readonly inner: readonly Uint8Array[];
  readonly sealed: readonly Uint8Array[];
}

/** An endpoint that is told apart by nothing but its seed: a replay of its script is the same octet for octet. */
export function randomOfRecording(internet: Internet, role: 'client' | 'responder'): RandomSource {
  return internet.randomOf(role);
}

export function internetOf(scenario: Scenario): Internet {
  return new Internet(`recorded ${scenario.name}`, perfect);
}

/** An endpoint with a script beside it. */
class RecordedHost<Endpoint extends ClientEndpoint | ResponderEndpoint> extends EndpointHost<Endpoint> {
  readonly steps: ScriptStep[] = [];
  readonly #clock: Internet;
  #last = 0;

  constructor(internet: Internet, address: string, nat: Nat | undefined, endpoint: Endpoint) {
    super(internet, address, nat, endpoint);
    this.#clock = internet;
  }

  note(step: number, octets: Uint8Array, port = 0): void {
    this.steps.push({ step, sender: 0, port, afterMs: this.#clock.now - this.#last, octets });
    this.#last = this.#clock.now;
  }

  override receive(datagram: Datagram): void {
    const { destination, source, payload } = datagram;
    const step = destination.port === 0 ? Step.esp : destination.port === 500 ? Step.ike : Step.natTraversal;
    this.note(step, payload, source.port);
    super.receive(datagram);
  }
}

/** Plays one connection of a scenario from its dialling to its end, with packets both ways. */
function record(scenario: Scenario): Recording {
  const internet = internetOf(scenario);
  const payloads: Uint8Array[] = [];
  const tamper: IkeTamper = {
    sealing: (_, before) => {
      const generic = before.map(encodePayload);
      payloads.push(concat(uint8(generic[0]?.type ?? 0), encodePayloadChain(generic)));
      return before;
    },
  };
  const watched = <Config extends ClientEndpointConfig | ResponderEndpointConfig>(
    config: Config,
  ): Config => ({
    ...config,
    ike: { ...config.ike, tamper },
  });
  const { way } = scenario;
  const forwards = way.responderNat?.forwards.map((port) => ({ ip: scenario.responder.localAddress, port }));
  const client = new RecordedHost(
    internet,
    scenario.client.localAddress,
    way.clientNat === undefined ? undefined : new Nat(way.clientNat, false),
    new ClientEndpoint(watched(scenario.client), randomOfRecording(internet, 'client')),
  );
  const responder = new RecordedHost(
    internet,
    scenario.responder.localAddress,
    way.responderNat && new Nat(way.responderNat.public, true, forwards),
    new ResponderEndpoint(watched(scenario.responder), randomOfRecording(internet, 'responder')),
  );
  const inner: Uint8Array[] = [];
  const sealed: Uint8Array[] = [];
  const reader = new InnerReader(() => [...client.endpoint.keys().esp, ...responder.endpoint.keys().esp]);
  internet.tamper = (datagram) => {
    const opened = reader.read(datagram);
    if (opened !== undefined) {
      inner.push(opened.payload);
      sealed.push(opened.packet);
    }
    return datagram;
  };

  client.note(Step.connect, new Uint8Array());
  client.act((endpoint, now) => endpoint.connect(now));
  if (!internet.run(() => client.isUp && responder.isUp, 120_000)) {
    throw new Error(`the scenario ${scenario.name} does not connect`);
  }
  const ends = [
    [client, '192.168.8.50', '192.168.2.10'],
    [responder, '192.168.2.10', '192.168.8.50'],
  ] as const;
  for (let round = 0; round < 5; round++) {
    for (const [end, from, to] of ends) {
      const packet = ipPacket(from, to, `round ${round}`);
      end.note(Step.sendIp, packet);
      end.act((endpoint, now) => endpoint.sendIp(packet, now));
    }
    internet.runTo(internet.now + 12_000);
  }
  client.note(Step.close, new Uint8Array());
  client.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + 20_000);
  const index = scenarios.indexOf(scenario);
  return {
    client: encodeScript({ scenario: index, steps: client.steps }),
    responder: encodeScript({ scenario: index, steps: responder.steps }),
    datagrams: internet.wire,
    payloads,
    inner,
    sealed,
  };
}

let recorded: readonly Recording[] | undefined;

/** All scenarios, recorded once in each thread. */
export function recordings(): readonly Recording[] {
  recorded ??= scenarios.map(record);
  return recorded;
}
