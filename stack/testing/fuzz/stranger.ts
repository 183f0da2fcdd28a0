import type { ResponderEndpoint } from '../../endpoint/responder.ts';
import { seededRandom } from '../../host/random.ts';
import { splitIkePort } from '../../nat-traversal/datagram.ts';
import { concat, hex, readUint, uint32 } from '../../octets.ts';
import { type Replayed, replayedResponder } from './endpoint-replay.ts';
import { requireHonestConnects } from './honest.ts';
import type { Scenario } from './scenarios.ts';
import { type ScriptStep, Step } from './script.ts';
import { FaultFound } from './target.ts';

/**
 * What strangers can make a responder send, in octets of UDP payload for each octet that they sent, over its whole
 * life. Message 2 of aggressive mode is the largest answer to the smallest question.
 */
export const mostAmplification = 3;
/** Before the proportion means anything. */
const fewOctets = 20_000;

/**
 * A responder that lives on from script to script while strangers from everywhere send what was recorded elsewhere,
 * mutated: they have no key, but they do what cookies ask of them, so that it computes with them as far as it may.
 */
export class Besieged {
  readonly #scenario: Scenario;
  readonly #responder: Replayed<ResponderEndpoint>;
  /** Responder cookies by initiator cookie, as they were answered. */
  readonly #cookies = new Map<string, Uint8Array>();
  #scripts = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#responder = replayedResponder(scenario, seededRandom(`besieged ${scenario.name}`));
    this.#responder.sees = (payload) => this.#learn(payload);
  }

  /** Lives through the steps of one script; gives how many datagrams that were. */
  live(steps: readonly ScriptStep[], withHonest: boolean): number {
    this.#scripts++;
    const { traffic, endpoint } = this.#responder;
    const before = traffic.datagrams;
    for (const step of steps) {
      if (step.step % 8 > Step.esp) continue;
      const sender = step.sender === 0 ? 4 + (this.#scripts % 250) : step.sender;
      const octets = step.step % 8 <= Step.natTraversal ? this.#spoken(step) : step.octets;
      this.#responder.step({ ...step, sender, afterMs: Math.min(step.afterMs, 2000), octets });
    }
    this.#cookies.clear();
    const { phase1, phase2, tunnels } = endpoint.summary();
    if (phase1 + phase2 + tunnels > 0) throw new FaultFound('wrong', 'a stranger got an SA');
    if (traffic.received > fewOctets && traffic.sent > mostAmplification * traffic.received) {
      throw new FaultFound('grows', `${traffic.sent} octets sent for ${traffic.received} of strangers`);
    }
    if (withHonest) {
      this.#responder.now = requireHonestConnects(this.#scenario, endpoint, this.#responder.now);
    }
    return traffic.datagrams - before;
  }

  get traffic() {
    return this.#responder.traffic;
  }

  /** The message of a recording with cookies of its own, and with the one that this responder gave it. */
  #spoken({ step, octets }: ScriptStep): Uint8Array {
    const split = splitIkePort(step % 8 === Step.ike ? 500 : 4500, octets);
    if (!split.ok || split.value.kind !== 'ike' || split.value.message.length < 28) return octets;
    const { message } = split.value;
    const initiatorCookie = concat(uint32(readUint(message, 0, 4) ^ this.#scripts), message.subarray(4, 8));
    const given = this.#cookies.get(hex(initiatorCookie));
    const hasCookie = message.subarray(8, 16).some((octet) => octet !== 0);
    const responderCookie = hasCookie && given !== undefined ? given : message.subarray(8, 16);
    const marker = octets.subarray(0, octets.length - message.length);
    return concat(marker, initiatorCookie, responderCookie, message.subarray(16));
  }

  #learn(payload: Uint8Array): void {
    const message = payload.subarray(0, 4).every((octet) => octet === 0) ? payload.subarray(4) : payload;
    if (message.length >= 28) this.#cookies.set(hex(message.subarray(0, 8)), message.slice(8, 16));
  }
}
