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
