import { withDeadline } from '../../../runner/deadline.ts';
import type { Peer, PeerDriver } from '../../peer.ts';
import type { Bench, Ends } from './bench.ts';
import { otherOf, type Role } from './opposite.ts';
import { Probe } from './probe.ts';
import { Questions } from './questions.ts';
import type { Finding } from './rules.ts';

export interface Conformance {
  /** The rules that it breaks, and how that shows. */
  readonly findings: readonly Finding[];
  /** Of both ends, as they were when the first of them came up; absent where none did, or before there were logs. */
  readonly logs: Readonly<Record<Role, string>> | undefined;
}

/**
 * Asks of a peer, on a bench, what the harness relies on. What it cannot do at all ends the probe with that finding.
 * Each question has a deadline, so that nothing hangs. Throws when `signal` aborts, and where it is the peer opposite
 * that does not start or stop.
 */
export async function conformance(bench: Bench, signal: AbortSignal): Promise<Conformance> {
  const { driver, role, opposite, patience } = bench;
  const questions = new Questions(patience.step, signal);
  const other = otherOf(role);
  const beginOther = () =>
    withDeadline(`starting ${opposite.name}`, patience.step, signal, start(bench, opposite, other));
  const [probed, standing] = await Promise.all([
    questions.ask('start', (inner) => start(bench, driver, role)(inner)),
    beginOther(),
  ]);
  let logs: Conformance['logs'];
  if (probed) {
    const ends: Ends =
      role === 'client' ? { client: probed, responder: standing } : { client: standing, responder: probed };
    const probe = new Probe(bench, ends, questions);
    await probe.run();
    logs = probe.logs;
    await questions.ask('restart', async (inner) => {
      await probed.stop();
      const next = await start(bench, driver, role)(inner);
      await next.stop();
    });
  }
  await withDeadline(`stopping ${opposite.name}`, patience.step, signal, () => standing.stop());
  return { findings: questions.findings, logs };
}

function start({ lab }: Bench, driver: PeerDriver, role: Role): (signal: AbortSignal) => Promise<Peer> {
  const { topology } = lab;
  return (signal) => driver.start(lab.node(role), { role, topology, nodeName: role, client: 0, signal });
}
