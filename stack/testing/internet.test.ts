import { expect, test } from 'vitest';
import { type Datagram, Internet, Nat } from './internet.ts';
import { perfect } from './simulation.ts';

const at = (ip: string, port: number) => ({ ip, port });
const payload = Uint8Array.of(1);

function hostOf(internet: Internet, address: string, nat?: Nat) {
  const received: Datagram[] = [];
  const host = {
    address,
    nat,
    received,
    deadline: () => undefined,
    tick: () => {},
    receive: (datagram: Datagram) => void received.push(datagram),
  };
  internet.join(host);
  return host;
}

test('an answer finds its way back through the NAT, a stranger only where a port is forwarded', () => {
  const internet = new Internet(1, perfect);
  const nat = new Nat('198.18.0.1', false, [at('192.168.1.10', 500)]);
  const inside = hostOf(internet, '192.168.1.10', nat);
  const outside = hostOf(internet, '198.18.0.2');
  internet.send(inside, { source: at('192.168.1.10', 4500), destination: at('198.18.0.2', 4500), payload });
  internet.runTo(10);
  const [seen] = outside.received;
  expect(seen?.source.ip).toBe('198.18.0.1');
  expect(seen?.source.port).not.toBe(4500);
  for (const destination of [seen?.source ?? at('', 0), at('198.18.0.1', 500), at('198.18.0.1', 4500)]) {
    internet.send(outside, { source: at('198.18.0.2', 4500), destination, payload });
  }
  // The inside address is nobody's on the internet.
  internet.send(outside, { source: at('198.18.0.2', 4500), destination: at('192.168.1.10', 500), payload });
  internet.runTo(20);
  expect(inside.received.map(({ destination }) => destination.port)).toEqual([4500, 500]);
  nat.rebind('192.168.1.10');
  internet.send(outside, { source: at('198.18.0.2', 4500), destination: at('198.18.0.1', 500), payload });
  internet.runTo(30);
  expect(inside.received).toHaveLength(2);
});

test('ESP, which has no ports, passes no NAT in either direction', () => {
  const internet = new Internet(1, perfect);
  const inside = hostOf(internet, '10.0.0.2', new Nat('198.18.0.1', true, [at('10.0.0.2', 500)]));
  const [one, other] = [hostOf(internet, '198.18.0.2'), hostOf(internet, '198.18.0.3')];
  internet.send(one, { source: at(one.address, 0), destination: at(other.address, 0), payload });
  internet.send(one, { source: at(one.address, 0), destination: at('198.18.0.1', 0), payload });
  internet.send(inside, { source: at(inside.address, 0), destination: at(one.address, 0), payload });
  internet.runTo(10);
  expect([one, other, inside].map(({ received }) => received.length)).toEqual([0, 1, 0]);
});

test('two homes may use one private address', () => {
  const internet = new Internet(1, perfect);
  const homes = ['198.18.0.1', '198.18.0.2'].map((ip) => hostOf(internet, '192.168.1.10', new Nat(ip, true)));
  const outside = hostOf(internet, '198.18.0.3');
  for (const home of homes) {
    internet.send(home, { source: at(home.address, 500), destination: at('198.18.0.3', 500), payload });
  }
  internet.runTo(10);
  for (const { source } of outside.received) {
    internet.send(outside, { source: at('198.18.0.3', 500), destination: source, payload });
  }
  internet.runTo(20);
  expect(homes.map(({ received }) => received.length)).toEqual([1, 1]);
});

/** Two inside hosts and two outside, through one NAT; `send` gives the source that arrives outside. */
function behind(nat: Nat) {
  const internet = new Internet(1, perfect);
  const [first, second] = [hostOf(internet, '192.168.1.10', nat), hostOf(internet, '192.168.1.11', nat)];
  const [one, other] = [hostOf(internet, '198.18.0.2'), hostOf(internet, '198.18.0.3')];
  const send = (from: typeof first, to: typeof one, octets = payload, port = 500) => {
    internet.send(from, {
      source: at(from.address, port),
      destination: at(to.address, 500),
      payload: octets,
    });
    internet.runTo(internet.now + 10);
    return to.received.at(-1)?.source ?? at('', 0);
  };
  const answer = (from: typeof one, destination: { ip: string; port: number }, octets = payload) => {
    internet.send(from, { source: at(from.address, 500), destination, payload: octets });
    internet.runTo(internet.now + 10);
  };
  return { internet, first, second, one, other, send, answer };
}

test('a symmetric NAT gives each destination a port of its own, which no other may use (RFC 4787 4.1, 5)', () => {
  const { first, one, other, send, answer } = behind(new Nat('198.18.0.1', false, [], 'symmetric'));
  const [toOne, toOther] = [send(first, one), send(first, other)];
  expect(toOne).not.toEqual(toOther);
  expect(send(first, one)).toEqual(toOne);
  answer(other, toOne);
  expect(first.received).toHaveLength(0);
  answer(one, toOne);
  expect(first.received).toHaveLength(1);
  const cone = behind(new Nat('198.18.0.1', false));
  expect(cone.send(cone.first, cone.one)).toEqual(cone.send(cone.first, cone.other));
});

test('a NAT that helps IKE keeps port 500 for all and sorts answers by initiator cookie', () => {
  const { first, second, one, send, answer } = behind(new Nat('198.18.0.1', true, [], 'ike-helper'));
  const cookies = [1, 2].map((octet) => new Uint8Array(8).fill(octet));
  expect(send(first, one, cookies[0])).toEqual(at('198.18.0.1', 500));
  expect(send(second, one, cookies[1])).toEqual(at('198.18.0.1', 500));
  answer(one, at('198.18.0.1', 500), cookies[0]);
  expect([first, second].map(({ received }) => received.length)).toEqual([1, 0]);
  // What has no cookie that it knows is for whoever sent last.
  answer(one, at('198.18.0.1', 500), new Uint8Array(8));
  expect([first, second].map(({ received }) => received.length)).toEqual([1, 1]);
});

test('ports of two hosts swap, and the public address changes under all of them', () => {
  const nat = new Nat('198.18.0.1', false);
  const { first, second, one, send, answer } = behind(nat);
  const before = [send(first, one), send(second, one)];
  nat.swap(first.address, second.address);
  expect([send(first, one), send(second, one)]).toEqual(before.toReversed());
  nat.readdress('198.18.0.9');
  expect(send(first, one)).toEqual(at('198.18.0.9', before[1]?.port ?? 0));
  answer(one, before[1] ?? at('', 0));
  expect(first.received).toHaveLength(0);
});

test('something happens every so often', () => {
  const internet = new Internet(1, perfect);
  const at: number[] = [];
  internet.every(30, () => at.push(internet.now));
  internet.runTo(100);
  expect(at).toEqual([30, 60, 90]);
});
