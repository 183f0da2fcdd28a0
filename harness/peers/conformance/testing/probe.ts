import { pingCommand, pingResult } from '../../../measure/ping.ts';
import type { PeerObservation } from '../../../observation.ts';
import { LinuxPeer } from '../../linux/linux-peer.ts';
import type { Peer } from '../../peer.ts';
import {
  type Bench,
  type Ends,
  type PlayedCell,
  placeOf,
  played,
  secrets,
  trafficTarget,
  withWrongKey,
} from './bench.ts';
import { disagreements, formComplaints, gapsOf, keyComplaints, secretsIn } from './both-ends.ts';
import { askInClear, carriedWhile, dialWithoutIpsec, waysOf } from './clear-l2tp.ts';
import { type Role, roles } from './opposite.ts';
import type { Complain, Questions, Work } from './questions.ts';
import type { Rule } from './rules.ts';
import { doneIn, progressComplaints, stopComplaints } from './shown-stages.ts';

/** What both ends show of one connection. */
type Seen = Readonly<Record<Role, PeerObservation>>;

/** Which rule the parts of a connection are about. */
interface ConnectionRules {
  readonly connect: Rule;
  readonly traffic: Rule;
  readonly ends: Rule;
  readonly keys: Rule;
}
const ofFirstCell: ConnectionRules = { connect: 'connect', traffic: 'traffic', ends: 'ends', keys: 'keys' };
const ofNextCell: ConnectionRules = {
  connect: 'next-cell',
  traffic: 'next-cell',
  ends: 'next-cell',
  keys: 'next-cell',
};

/** UDP 500 as /proc/net/udp names it. */
const ikePort = /:01F4 /;
const pings = 3;

/** What is asked of a peer that runs, opposite one that does. */
export class Probe {
  /** Of both ends, as they were when the first rule was found broken. */
  logs: Readonly<Record<Role, string>> | undefined;
  readonly #bench: Bench;
  readonly #ends: Ends;
  readonly #questions: Questions;
  readonly #probed: Peer;

  constructor(bench: Bench, ends: Ends, questions: Questions) {
    this.#bench = bench;
    this.#ends = ends;
    this.#questions = questions;
    this.#probed = ends[bench.role];
  }

  async run(): Promise<void> {
    const isClient = this.#bench.role === 'client';
    await this.#isStarted();
    await this.#configure('configure', played(this.#bench, 'first'));
    await this.#holdsNothing();
    const first = await this.#connection(ofFirstCell);
    await this.#holdsTheConnection();
    await this.#end('end');
    if (!isClient) await this.#keepsClientsApart();
    await this.#logIsSafe();
    await this.#nextCell(first);
    if (isClient) await this.#dialsNothingInClear();
    else await this.#answersNothingInClear();
    await this.#logIsSafe();
    if (isClient) await this.#givesUp();
  }

  /** Puts a question; the first finding makes both ends show their logs, before the next cell begins them anew. */
  async #ask<T>(rule: Rule, work: Work<T>): Promise<T | undefined> {
    const before = this.#questions.findings.length;
    const answer = await this.#questions.ask(rule, work);
    if (before === 0 && this.#questions.findings.length > 0) {
      const { client, responder } = this.#ends;
      const read = (peer: Peer) => peer.logs().catch((error: unknown) => `it has no log: ${error}`);
      this.logs = { client: await read(client), responder: await read(responder) };
    }
    return answer;
  }

  async #isStarted(): Promise<void> {
    await this.#ask('start', async (_, complain) => {
      if (this.#probed.version.trim() === '') complain('it has no version');
    });
    await this.#ask('status-anytime', (signal, complain) => this.#showsNothing(signal, complain));
  }

  /** What the settings of the cell did has not made a connection of it. */
  async #holdsNothing(): Promise<void> {
    await this.#ask('status-anytime', async (signal, complain) => {
      await this.#showsNothing(signal, complain);
      for (const what of await this.#probed.remains(signal))
        complain(`it holds ${what} before the first call`);
    });
  }

  async #showsNothing(signal: AbortSignal, complain: Complain): Promise<void> {
    const seen = await this.#probed.status(signal, 0);
    complain(...this.#formComplaints(this.#bench.role, seen));
    for (const stage of doneIn(seen)) complain(`it shows ${stage} done before the first call`);
  }

  async #configure(rule: Rule, { cell, settings }: PlayedCell): Promise<void> {
    await this.#ask(rule, async (signal, complain) => {
      await Promise.all(roles.map((role) => this.#ends[role].configure(cell, settings, signal)));
      if (this.#bench.role === 'client') return;
      const sockets = await placeOf(this.#bench, this.#ends, 'responder').exec(['cat', '/proc/net/udp'], {
        signal,
      });
      if (!ikePort.test(sockets.stdout)) complain('it does not listen on UDP 500 when it is configured');
    });
  }

  /** One connection and its proofs, up to the status of both ends. */
  async #connection(rules: ConnectionRules): Promise<Seen | undefined> {
    const { client, responder } = this.#ends;
    const told: string[] = [];
    await this.#ask(rules.connect, (signal) => client.connect(signal, (stage) => told.push(stage)));
    // A responder may be a packet behind its client until traffic has come through it.
    await this.#ask(rules.traffic, (signal, complain) => this.#traffic(signal, complain));
    const seen = await this.#ask(rules.ends, async (signal, complain) => {
      const [ofClient, ofResponder] = await Promise.all([
        client.status(signal, 0),
        responder.status(signal, 0),
      ]);
      const both: Seen = { client: ofClient, responder: ofResponder };
      complain(...roles.flatMap((role) => this.#formComplaints(role, both[role])));
      const { role, outcome } = this.#bench;
      complain(...gapsOf(both[role], role, outcome), ...disagreements(ofClient, ofResponder));
      return both;
    });
    await this.#ask(rules.connect, async (_, complain) => {
      if (this.#bench.role === 'client') complain(...progressComplaints(told));
    });
    await this.#ask(rules.keys, async (signal, complain) => {
      const keys = await this.#probed.captureKeys?.(signal);
      if (keys && seen) complain(...keyComplaints(keys, seen[this.#bench.role]));
    });
    return seen;
  }

  async #traffic(signal: AbortSignal, complain: Complain): Promise<void> {
    if (this.#bench.outcome.kind === 'stop') return;
    const device = this.#ends.client.tunnelInterface;
    const address = trafficTarget(this.#bench, this.#ends);
    const command = pingCommand({ address, device, count: pings });
    const result = await placeOf(this.#bench, this.#ends, 'client').exec(command, { signal });
    const { received, failure } = pingResult(result, pings);
    if (received < pings)
      complain(failure ?? `${received} of ${pings} pings through ${device} to ${address} came back`);
  }

  /** What reads whether a connection is gone has to see one that is not; it may go on waiting for its end. */
  async #holdsTheConnection(): Promise<void> {
    await this.#ask('end', async (signal, complain) => {
      const enough = AbortSignal.timeout(this.#bench.patience.wait);
      try {
        const left = await this.#probed.remains(AbortSignal.any([signal, enough]));
        if (left.length === 0) complain('it says that nothing is left while the connection stands');
      } catch (error) {
        if (!enough.aborted) throw error;
      }
    });
  }

  /** The client says goodbye; the responder has to notice. */
  async #end(rule: Rule): Promise<void> {
    await this.#ask(rule, async (signal, complain) => {
      await this.#ends.client.disconnect(signal);
      for (const what of await this.#ends.client.remains(signal)) complain(`the client still holds ${what}`);
      for (const what of await this.#ends.responder.remains(signal))
        complain(`the responder still holds ${what}`);
    });
  }

  async #keepsClientsApart(): Promise<void> {
    await this.#ask('several-clients', async (signal, complain) => {
      await this.#probed.expectClient(1, signal);
      const [first, second] = [await this.#probed.status(signal, 0), await this.#probed.status(signal, 1)];
      if (first.stages.length === 0)
        complain('it has forgotten the first client when the second is announced');
      for (const stage of doneIn(second)) complain(`it shows ${stage} done of a client that has not dialled`);
    });
  }

  async #logIsSafe(): Promise<void> {
    await this.#ask('log', async (_, complain) => {
      const log = await this.#probed.logs();
      if (log.trim() === '') complain('it is empty');
      for (const secret of secretsIn(log, secrets)) complain(`${secret} stands in it`);
    });
  }

  /** Another key, user and password: a peer that kept the old ones would not connect. */
  async #nextCell(first: Seen | undefined): Promise<void> {
    await this.#configure('next-cell', played(this.#bench, 'second'));
    const second = await this.#connection(ofNextCell);
    const { role } = this.#bench;
    await this.#ask('next-cell', async (_, complain) => {
      const [before, now] = [first?.[role].spis?.inbound, second?.[role].spis?.inbound];
      if (now !== undefined && now === before) complain('it shows the SPI of the cell before');
    });
    await this.#end('next-cell');
  }

  /** With a wrong key IPsec does not come up. Nothing may go out for want of it. */
  async #dialsNothingInClear(): Promise<void> {
    const { client } = this.#ends;
    await this.#configure('stop', withWrongKey(this.#bench));
    await this.#ask('clear-l2tp', async (signal, complain) => {
      const carried = await carriedWhile(this.#bench.lab, signal, async () => {
        await this.#ask('stop', (inner) => client.connect(inner, () => {}));
        if (!(client instanceof LinuxPeer)) return;
        const stopped = await dialWithoutIpsec(client.proofNode, this.#bench.driver.name, signal);
        if (stopped === 0) complain('it was told to dial L2TP, and its kernel blocked nothing');
      });
      if (carried.ike === 0) complain('the captures show no IKE: they prove nothing');
      if (carried.clear.length > 0)
        complain(`${carried.clear.length} packets of L2TP went out without IPsec`);
    });
    await this.#ask('stop', async (signal, complain) => {
      const seen = await client.status(signal, 0);
      complain(...this.#formComplaints('client', seen), ...stopComplaints(seen));
    });
  }

  async #answersNothingInClear(): Promise<void> {
    const { dial } = this.#bench.lab.topology;
    await this.#configure('stop', withWrongKey(this.#bench));
    await this.#ask('clear-l2tp', async (signal, complain) => {
      const { lab } = this.#bench;
      const carried = await carriedWhile(lab, signal, () => askInClear(lab, signal));
      const { asked, answered } = waysOf(carried, dial);
      if (asked === 0) complain('no request in clear reached it: this proves nothing');
      if (answered > 0) complain(`it answered L2TP without IPsec, with ${answered} packets`);
    });
    await this.#ask('stop', async (signal, complain) => {
      await this.#ends.client.connect(signal, () => {});
      const seen = await this.#probed.status(signal, 0);
      complain(...this.#formComplaints('responder', seen));
      const later = doneIn(seen).filter((stage) => stage !== 'reach' && stage !== 'nat-detection');
      for (const stage of later) complain(`a client has a wrong key, and it shows ${stage} done`);
    });
  }

  /** It dials where nobody is, with patience to spare, and is told to give up. */
  async #givesUp(): Promise<void> {
    const { cell, settings } = played(this.#bench, 'first', { dial: this.#bench.silent, timerFactor: 10 });
    await this.#ask('configure', (signal) => this.#probed.configure(cell, settings, signal));
    await this.#ask('abort', async (signal, complain) => {
      const giveUp = new AbortController();
      const connecting = this.#probed
        .connect(AbortSignal.any([signal, giveUp.signal]), () => {})
        .then(
          () => 'ended' as const,
          () => 'ended' as const,
        );
      // Whatever it answers to that, it has begun by then.
      await this.#probed.status(signal, 0);
      giveUp.abort(new Error('told to give up'));
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(resolve, this.#bench.patience.abort, 'late');
      if ((await Promise.race([connecting, late])) === 'late') {
        complain(`${this.#bench.patience.abort / 1000} s after it was told to give up it still dials`);
      }
      clearTimeout(timer);
    });
  }

  #formComplaints(role: Role, seen: PeerObservation): string[] {
    const { driver, opposite } = this.#bench;
    const { name } = role === this.#bench.role ? driver : opposite;
    return formComplaints(seen, name, this.#ends[role].version);
  }
}
