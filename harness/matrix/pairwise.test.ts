import { expect, test } from 'vitest';
import { type Cell, cell, cellId, parseCellId, peerOf } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { clientPlaces, withClients } from '../client-places.ts';
import { beyondContainers } from '../fabric/docker/nat-kind-rules.ts';
import { natValues, networkSettings } from '../network-settings.ts';
import { loadClientProfile } from '../peers/ts/profiles/client-profile.ts';
import { loadResponderProfile } from '../peers/ts/profiles/responder-profile.ts';
import { loadTopology } from '../topologies.ts';
import { matrixAxes } from './axes.ts';
import { pairwiseCells } from './pairwise.ts';
import { isPlayed, makesSense } from './sense.ts';

const axes = matrixAxes();
const cells = pairwiseCells(axes);
type Pair = Partial<Record<keyof Cell, string | number>>;

/** What cannot stand together, said here once more and by hand: the test does not ask the generator. */
function impossible(pair: Pair): boolean {
  const { topology, nat, clients, client, responder, rule, reading, natt, revision, auth } = pair;
  const offered = topology === undefined ? undefined : loadTopology(String(topology));
  if (offered && nat !== undefined && !natValues(offered).includes(String(nat))) return true;
  if (offered && clients !== undefined && Number(clients) > clientPlaces(offered).length) return true;
  if (nat !== undefined && clients !== undefined) {
    const fit = axes[0]?.values.map((name) => loadTopology(String(name))) ?? [];
    const places = fit.filter((one) => natValues(one).includes(String(nat)));
    if (!places.some((one) => clientPlaces(one).length >= Number(clients))) return true;
  }
  const family = client === undefined ? undefined : familyOf(String(client));
  if (family === 'none' && ((rule ?? '2') !== '2' || (reading ?? 'none') !== 'none')) return true;
  if (family === 'vista' && (reading ?? 'none') !== 'none') return true;
  if ((natt === 'off' || natt === 'responder-off') && (revision ?? 'own') !== 'own') return true;
  if (responder !== undefined) {
    const profile = loadResponderProfile(peerOf(String(responder)).profile ?? '');
    if (revision === profile.natTraversal.value.join('+')) return true;
    const demanded = profile.setUpBy === 'script' ? ['chap-md5'] : profile.ppp.authentication.value;
    if (demanded.length === 1 && auth === demanded[0]) return true;
  }
  return false;
}

function familyOf(client: string): string {
  const { natRule } = loadClientProfile(peerOf(client).profile ?? '');
  return natRule.value === 'none' ? 'none' : natRule.value.family;
}

/**
 * Port settings and scripts are AlliedWare's alone, which names draft 02 and demands CHAP: by these names the others
 * would have to be asked, which decline the rest.
 */
function isOfTheRouterByAnotherName({ ports = 'lport', script = 'printed', revision, auth }: Pair): boolean {
  const isItsOwn = ports !== 'lport' || script !== 'printed';
  return isItsOwn && (revision === 'draft-02n' || auth === 'chap-md5');
}

function connects(cell: Cell): boolean {
  const lab = withClients(loadTopology(cell.topology), cell.clients);
  return expectation(cell, lab).every(({ outcome }) => outcome.kind === 'connect');
}

test('every pair of values that can stand together is in a cell where nothing hides it', () => {
  const shown = new Set<string>();
  const masks = axes.flatMap(({ name, masking = [] }) => masking.map((value) => ({ name, value })));
  for (const cell of cells) {
    const masking = masks.filter(({ name, value }) => cell[name] === value).map(({ name }) => name);
    // What connects in spite of it hides nothing.
    const hiding = connects(cell) ? [] : masking;
    for (const [index, one] of axes.entries()) {
      for (const other of axes.slice(index + 1)) {
        if (!hiding.every((name) => name === one.name || name === other.name)) continue;
        shown.add(`${one.name}=${cell[one.name]} ${other.name}=${cell[other.name]}`);
      }
    }
  }
  const missing: string[] = [];
  let wanted = 0;
  for (const [index, one] of axes.entries()) {
    for (const other of axes.slice(index + 1)) {
      for (const a of one.representatives ?? one.values) {
        for (const b of other.representatives ?? other.values) {
          const pair = { [one.name]: a, [other.name]: b };
          if (impossible(pair)) continue;
          wanted += 1;
          const name = `${one.name}=${a} ${other.name}=${b}`;
          if (!shown.has(name) && !isOfTheRouterByAnotherName(pair)) missing.push(name);
        }
      }
    }
  }
  expect(missing).toEqual([]);
  // Tens of axes with a few values each have thousands of pairs: the loops above did run.
  expect(wanted).toBeGreaterThan(3000);
});

test('what has nothing to do with boxes is shown by cells that containers can play', () => {
  const inContainers = cells.filter(({ topology, nat, clients }) => {
    const lab = withClients(loadTopology(topology), clients);
    return beyondContainers(lab, networkSettings(lab, nat), clients) === undefined;
  });
  expect(inContainers.length).toBeLessThan(cells.length);
  const pairs = (of: readonly Cell[], one: keyof Cell, other: keyof Cell) =>
    new Set(of.map((cell) => `${cell[one]} ${cell[other]}`));
  const others = axes.filter(({ name }) => !['topology', 'nat', 'clients'].includes(name));
  for (const [index, one] of others.entries()) {
    for (const other of others.slice(index + 1)) {
      const there = pairs(inContainers, one.name, other.name);
      expect([...pairs(cells, one.name, other.name)].filter((pair) => !there.has(pair))).toEqual([]);
    }
  }
});

test('values that connect where everything else is usual are shown by a cell that connects', () => {
  const up = cells.filter(connects);
  const missing: string[] = [];
  const others = axes.filter(({ name }) => name !== 'topology' && name !== 'p1');
  for (const [index, one] of others.entries()) {
    for (const other of others.slice(index + 1)) {
      for (const a of one.representatives ?? one.values) {
        for (const b of other.representatives ?? other.values) {
          const usual = cell('direct', { p1: '3des-sha1-modp1024', [one.name]: a, [other.name]: b });
          if (!makesSense(usual) || !isPlayed(usual) || !connects(usual)) continue;
          if (up.some((each) => each[one.name] === a && each[other.name] === b)) continue;
          missing.push(`${one.name}=${a} ${other.name}=${b}`);
        }
      }
    }
  }
  expect(missing).toEqual([]);
});

/** `nat-detection: nat-refused`; `undefined` where all connect, or nobody plays it. */
function stopOf(cell: Cell): string | undefined {
  if (!makesSense(cell) || !isPlayed(cell)) return undefined;
  const lab = withClients(loadTopology(cell.topology), cell.clients);
  const outcomes = expectation(cell, lab).map(({ outcome }) => outcome);
  const stop = outcomes.find(({ kind }) => kind === 'stop');
  return stop?.kind === 'stop' ? `${stop.stage}: ${stop.reason}` : undefined;
}

test('two values that stop each other are shown by a cell that stops for their sake, or by one that connects', () => {
  const stops = cells.map((each) => ({ each, stop: stopOf(each) }));
  const usual = (values: Pair) => {
    const { topology = 'direct', ...others } = values;
    return cell(String(topology), { p1: '3des-sha1-modp1024', ...others } as Partial<Cell>);
  };
  const missing: string[] = [];
  let asked = 0;
  const others = axes.filter(({ name }) => name !== 'p1');
  for (const [index, one] of others.entries()) {
    for (const other of others.slice(index + 1)) {
      for (const a of one.representatives ?? one.values) {
        for (const b of other.representatives ?? other.values) {
          const alone = [{ [one.name]: a }, { [other.name]: b }].map(usual).map(stopOf);
          const stop = stopOf(usual({ [one.name]: a, [other.name]: b }));
          if (stop === undefined || alone.some((its) => its !== undefined)) continue;
          asked += 1;
          const of = stops.filter(({ each }) => each[one.name] === a && each[other.name] === b);
          if (of.some(({ each, stop: its }) => its === stop || connects(each))) continue;
          missing.push(`${one.name}=${a} ${other.name}=${b} ${stop}`);
        }
      }
    }
  }
  expect(missing).toEqual([]);
  expect(asked).toBeGreaterThan(50);
});

// AssumeUDPEncapsulationContextOnSendRule and NAT before the responder (field facts C1), the port setting of the How-To
// for a client without NAT-T updates, and equal subnets: what a person looks for in a matrix first.
test.each([
  ['office-nat/p1=3des-sha1-modp1024/rule=0', 'nat-detection: nat-refused'],
  ['both-nat/p1=3des-sha1-modp1024/rule=1', 'nat-detection: nat-refused'],
  ['hotel-nat/p1=3des-sha1-modp1024/natt=off', 'phase1: id-mismatch'],
  ['both-nat/responder=ts:own-address/p1=3des-sha1-modp1024', 'phase2: id-mismatch'],
  ['same-subnet/p1=3des-sha1-modp1024', 'traffic: no-traffic'],
])('%s is there, and stops at %s', (id, stop) => {
  expect(cells.map((each) => cellId(each))).toContain(id);
  expect(stopOf(parseCellId(id))).toBe(stop);
});

test('every value of every axis is in some cell', () => {
  for (const { name, values } of axes) {
    const played = new Set(cells.map((cell) => cell[name]));
    expect(values.filter((value) => !played.has(value))).toEqual([]);
  }
});

test('an axis without values leaves no cell', () => {
  expect(pairwiseCells(axes.map((axis) => (axis.name === 'p2' ? { ...axis, values: [] } : axis)))).toEqual(
    [],
  );
});
