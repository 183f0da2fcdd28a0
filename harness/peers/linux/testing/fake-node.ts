import { PassThrough } from 'node:stream';
import type { ExecResult, LabNode, NodeProcess } from '../../../fabric/fabric.ts';

/** A program that runs until it is ended. */
interface FakeProcess {
  end(code: number): void;
}

/** For tests: a node whose programs answer as they are told to, and which remembers what was run in it. */
export class FakeNode implements LabNode {
  readonly name = 'client';
  readonly container = 'crossnat-fake-client';
  /** One line each: the words of a program, and of its input what follows. */
  readonly ran: string[] = [];
  readonly processes: FakeProcess[] = [];
  readonly #answer: (ran: string) => Partial<ExecResult>;

  constructor(answer: (ran: string) => Partial<ExecResult> = () => ({})) {
    this.#answer = answer;
  }

  async exec(argv: readonly string[], { input = '' }: { signal: AbortSignal; input?: string }) {
    const ran = [argv.join(' '), input].join('\n').trim();
    this.ran.push(ran);
    return { exitCode: 0, stdout: '', stderr: '', ...this.#answer(ran) };
  }

  async spawn(argv: readonly string[]): Promise<NodeProcess> {
    const { promise: exit, resolve: end } = Promise.withResolvers<number>();
    this.processes.push({ end });
    const kill = async () => {
      this.ran.push(`kill ${argv.join(' ')}`);
      end(137);
    };
    return { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), exit, kill };
  }

  async copyIn(): Promise<void> {}

  async logs(): Promise<string> {
    return 'last words';
  }
}
