import type { Fabric, Lab, LabNode } from '../harness/fabric/fabric.ts';
import type { PeerDriver } from '../harness/peers/peer.ts';
import type { RunnerParts } from '../harness/runner/parts.ts';
import type { Span } from './spans.ts';

type Add = (span: Span) => void;

/** Programs that do nothing, when the cells are over. */
const idlePrograms = 30;

/**
 * The same parts, whose every step leaves a span. `idle` gets the milliseconds of programs in a node that do
 * nothing: what this machine asks for each program of a step.
 */
export function timedParts(parts: RunnerParts, add: Add, idle: number[]): RunnerParts {
  const { proveTraffic, boxDrops, observeWire, judge } = timed(
    parts,
    ['proveTraffic', 'boxDrops', 'observeWire', 'judge'],
    add,
    (method) => method,
  );
  const peers = new Map([...parts.peers].map(([name, driver]) => [name, timedDriver(driver, add)]));
  return {
    ...parts,
    proveTraffic,
    boxDrops,
    observeWire,
    judge,
    fabric: timedFabric(parts.fabric, add, idle),
    peers,
  };
}

function timedFabric(fabric: Fabric, add: Add, idle: number[]): Fabric {
  return {
    name: fabric.name,
    async up(planned, signal) {
      return timedLab(await spanned('lab: up', add, () => fabric.up(planned, signal)), add, idle);
    },
  };
}

function timedLab(lab: Lab, add: Add, idle: number[]): Lab {
  const changed: Partial<Lab> = {
    node: (name) => timedNode(lab.node(name), add),
    async startCapture(directory, signal) {
      const capture = await spanned('capture: start', add, () => lab.startCapture(directory, signal));
      return timed(capture, ['stop'], add, (method) => `capture: ${method}`);
    },
    async down() {
      await measureIdle(lab, idle);
      await spanned('lab: down', add, () => lab.down());
    },
  };
  const measured = timed(lab, ['resetBoxes'], add, (method) => `lab: ${method}`);
  return new Proxy(measured, {
    get: (target, key) => Reflect.get(key in changed ? changed : target, key),
  });
}

function timedNode(node: LabNode, add: Add): LabNode {
  return timed(node, ['exec', 'spawn', 'copyIn'], add, (method, [argv]) => {
    const what = Array.isArray(argv) ? argv.join(' ').replaceAll(/\s+/g, ' ').slice(0, 44) : method;
    return `  ${node.name}$ ${what}`;
  });
}

function timedDriver(driver: PeerDriver, add: Add): PeerDriver {
  const methods = ['configure', 'connect', 'status', 'disconnect', 'remains', 'logs'] as const;
  return {
    ...driver,
    async start(node, context) {
      const { role } = context;
      const peer = await spanned(`${role}: start`, add, () => driver.start(node, context));
      return timed(peer, methods, add, (method) => `${role}: ${method}`);
    },
  };
}

async function measureIdle(lab: Lab, idle: number[]): Promise<void> {
  const node = lab.node(lab.topology.server);
  const { signal } = new AbortController();
  for (let each = 0; each < idlePrograms; each++) {
    await spanned(
      '',
      ({ from, to }) => idle.push(to - from),
      () => node.exec(['true'], { signal }),
    );
  }
}

async function spanned<Result>(what: string, add: Add, work: () => Promise<Result>): Promise<Result> {
  const from = performance.now();
  try {
    return await work();
  } finally {
    add({ what, from, to: performance.now() });
  }
}

/**
 * The same object, whose named methods each leave a span when what they return has settled. Everything else goes
 * to the object itself, private fields included.
 *
 * @param name what a call is called
 */
function timed<Subject extends object>(
  subject: Subject,
  methods: readonly (keyof Subject & string)[],
  add: Add,
  name: (method: string, argv: readonly unknown[]) => string,
): Subject {
  return new Proxy(subject, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (!methods.some((method) => method === key)) return value.bind(target);
      return (...argv: unknown[]) => {
        const from = performance.now();
        const end = () => add({ what: name(String(key), argv), from, to: performance.now() });
        const result: unknown = value.apply(target, argv);
        if (result instanceof Promise) result.then(end, end);
        else end();
        return result;
      };
    },
  });
}
