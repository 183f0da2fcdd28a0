import { type ImpairmentRow, impairmentTable, reactionText } from '../impairment-table.ts';

/** The ways to misbehave as `--list-impairments` prints them, for people. */
export function impairmentsText(): string {
  return impairmentTable().map(paragraph).join('\n');
}

function paragraph({ name, parameters, takes, reason, reactions }: ImpairmentRow): string {
  const lines = [
    parameters === '' ? name : `${name}[:${parameters}]`,
    `  ${reason}`,
    ...takes.map(
      (each) => `  ${each.name}: ${each.values}${each.usual === undefined ? '' : ` (usually ${each.usual})`}`,
    ),
    ...reactions.map(
      ({ end, reaction }) => `  by the ${end}: ${reactionText(reaction)}; a correct peer ${reaction.words}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for programs. */
export function impairmentsJson(): string {
  return `${JSON.stringify(impairmentTable(), null, 2)}\n`;
}
