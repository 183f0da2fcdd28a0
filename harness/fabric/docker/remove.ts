import { engine, statusCode } from './engine.ts';
import { withLabels } from './labels.ts';

/**
 * Removes every container with these labels, running or not, and answers how many there were.
 * Their namespaces, links and programs go with them. Idempotent, and two at once do not disturb each other.
 */
export async function removeContainers(labels: Readonly<Record<string, string>>): Promise<number> {
  const found = await engine().listContainers({ all: true, filters: withLabels(labels) });
  await Promise.all(found.map(({ Id }) => removeContainer(Id)));
  return found.length;
}

export async function removeContainer(id: string): Promise<void> {
  try {
    await engine().getContainer(id).remove({ force: true, v: true });
  } catch (cause) {
    // Gone, or somebody else is removing it.
    if (statusCode(cause) !== 404 && statusCode(cause) !== 409) throw cause;
  }
}
