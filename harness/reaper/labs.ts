import { CrossnatError } from '../error.ts';
import { engine } from '../fabric/docker/engine.ts';
import { label, withLabels } from '../fabric/docker/labels.ts';
import { removeContainer } from '../fabric/docker/remove.ts';
import { suggestion } from '../suggestion.ts';
import { checkoutMark, isAlive } from './run-files.ts';

/** A lab of this checkout as its containers' labels tell it. */
export interface StandingLab {
  readonly id: string;
  readonly topology: string;
  readonly run: string;
  /** `running`: its run lives. `kept`: its run ended and left it on purpose. `left`: nobody's, until the next reaping. */
  readonly state: 'running' | 'kept' | 'left';
  readonly nodes: readonly StandingNode[];
}

export interface StandingNode {
  /** The topology's name for it, or `wire`. */
  readonly name: string;
  /** Container name, for `docker exec`. */
  readonly container: string;
  readonly id: string;
  readonly running: boolean;
  readonly lab: string;
}

/** The labs of this checkout that stand on the engine. */
export async function listLabs(root: string): Promise<StandingLab[]> {
  const filters = withLabels({ [label.checkout]: checkoutMark(root) });
  const containers = await engine().listContainers({ all: true, filters });
  const labs = Map.groupBy(containers, ({ Labels }) => Labels[label.lab] ?? '');
  return Promise.all(
    [...labs].map(async ([id, members]): Promise<StandingLab> => {
      const labels = members[0]?.Labels ?? {};
      const run = labels[label.run] ?? '';
      const kept = labels[label.keep] === 'yes' ? 'kept' : 'left';
      return {
        id,
        topology: labels[label.topology] ?? '',
        run,
        state: (await isAlive(root, run)) ? 'running' : kept,
        nodes: members.map(({ Id, Names, Labels, State }) => ({
          name: Labels[label.node] ?? '',
          container: (Names[0] ?? '').replace(/^\//, ''),
          id: Id,
          running: State === 'running',
          lab: id,
        })),
      };
    }),
  );
}

/** The labs that `--keep` left standing; not those of a run that goes on. */
export async function keptLabs(root: string): Promise<StandingLab[]> {
  return (await listLabs(root)).filter(({ state }) => state === 'kept');
}

/** Takes every kept lab down and answers which they were. */
export async function removeKeptLabs(root: string): Promise<StandingLab[]> {
  const kept = await keptLabs(root);
  await Promise.all(kept.flatMap(({ nodes }) => nodes.map(({ id }) => removeContainer(id))));
  return kept;
}

/**
 * The container of a node in a kept or running lab.
 * @param wanted `NODE`, `LAB/NODE` where several labs have such a node, or the container's name
 * @throws CrossnatError `usage` with the nearest name, or with the candidates
 */
export async function findNode(root: string, wanted: string): Promise<StandingNode> {
  const nodes = (await listLabs(root)).flatMap((lab) => lab.nodes);
  const found = nodes.filter((node) =>
    [node.name, `${node.lab}/${node.name}`, node.container].includes(wanted),
  );
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const doing = `looking for the node "${wanted}"`;
  if (only) {
    const candidates = found.map(({ lab, name }) => `${lab}/${name}`).join(', ');
    throw new CrossnatError('usage', {
      doing,
      found: `${found.length} labs have one`,
      remedy: `Say which: ${candidates}`,
    });
  }
  throw new CrossnatError('usage', {
    doing,
    found: nodes.length === 0 ? 'no lab is up' : 'no lab that is up has it',
    remedy:
      nodes.length === 0
        ? 'Bring one up and leave it: "npm test -- --topology NAME --keep"'
        : suggestion(wanted, [...new Set(nodes.map(({ name }) => name))]),
  });
}
