import type { Dependence, NatKind } from '../../nat-kind.ts';
import { mtuFindings } from './mtu-probe.ts';
import { ikePort, insidePorts, NatQuestions, type Steps } from './nat-questions.ts';
import type { Mismatch, NatSite, Probe } from './probe-step.ts';

/** Measures a NAT box from both sides, and tells where it is not of the kind that it is declared to be. */
export function* natProbe(site: NatSite): Probe {
  const asked = new NatQuestions(site);
  const { kind, forwards } = site.nat;
  const isApproximate = site.insideHosts === 1 && kind.filtering !== 'address-and-port-dependent';
  const findings: [string, string, string | undefined][] = [];
  // Before anything is mapped: through a mapping of some kinds anybody comes in.
  for (const port of isApproximate ? [] : [ikePort, 4500, insidePorts.unasked]) {
    if (forwards.some((forward) => forward.protocol === 'udp' && forward.port === port)) continue;
    findings.push([`UDP ${port} from outside`, 'closed', (yield* asked.comesIn('udp', port)) ?? 'closed']);
  }
  // And before the other remote address is spoken to.
  findings.push(['filtering', kind.filtering, yield* asked.filtering()]);
  findings.push(...(yield* mappingAndPorts(asked)));
  if (site.insideHosts > 1) {
    findings.push(['hairpin', yesNo(kind.hairpin), yesNo(yield* asked.hairpin())]);
    if (!forwards.some(({ port }) => port === ikePort)) findings.push(['ike', kind.ike, yield* asked.ike()]);
  }
  if (!forwards.some(({ protocol }) => protocol === 'esp')) {
    findings.push(['esp', espAsFarAsSeen(kind, site.insideHosts), yield* asked.esp()]);
  }
  findings.push(['fragments', kind.fragments, yield* asked.fragments()]);
  findings.push(...(yield* mtuFindings(site)));
  for (const { protocol, port = 0, to } of forwards) {
    const what = protocol === 'esp' ? 'protocol 50' : `${protocol.toUpperCase()} ${port}`;
    findings.push([`forward of ${what}`, to, (yield* asked.comesIn(protocol, port)) ?? 'closed']);
  }
  if (site.timers === 'by-waiting') findings.push(...(yield* asked.timersByWaiting()));
  if (site.timers === 'by-asking') findings.push(...(yield* asked.timersByAsking()));
  return findings.flatMap(([property, declared, found]): Mismatch[] =>
    found === undefined || found === declared ? [] : [{ property, declared, found }],
  );
}

/** What cannot be told is `undefined`: with preserved ports one host alone shows no mapping. */
function* mappingAndPorts(asked: NatQuestions): Steps<[string, string, string | undefined][]> {
  const { nat, insideHosts } = asked.site;
  const own = insidePorts.mapping;
  const first = yield* asked.mappedPorts(0, own);
  const second = insideHosts > 1 ? yield* asked.mappedPorts(1, own) : [];
  const all = [...first, ...second];
  if (all.includes(undefined)) return [['UDP to the outside', 'open', 'closed']];
  const ports = all.flatMap((port) => port ?? []);
  const isPreserved = first.every((port) => port === own);
  const telling = isPreserved ? second : first;
  return [
    ['mapping', nat.kind.mapping, telling.length === 0 ? undefined : dependenceOf(telling)],
    ['ports', nat.kind.ports, isPreserved ? 'preserved' : succession(ports)],
  ];
}

function dependenceOf([one, otherPort, otherAddress]: readonly (number | undefined)[]): Dependence {
  if (one !== otherPort) return 'address-and-port-dependent';
  return one === otherAddress ? 'endpoint-independent' : 'address-dependent';
}

/** One port alone shows no order. */
function succession(ports: readonly number[]): NatKind['ports'] | undefined {
  const distinct = [...new Set(ports)];
  if (distinct.length < 2) return undefined;
  return distinct.slice(1).every((port, index) => port === (distinct[index] ?? 0) + 1)
    ? 'sequential'
    : 'random';
}

/** One host alone cannot show whose answers come through. */
function espAsFarAsSeen({ esp }: NatKind, insideHosts: number): string {
  return insideHosts === 1 && esp === 'one-host' ? 'by-addresses' : esp;
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
