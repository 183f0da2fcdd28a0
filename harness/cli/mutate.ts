import { argv } from 'node:process';
import { peerOf } from '../cell.ts';
import { judgeDefects } from '../mutation/judge-defects.ts';
import { Judging } from '../mutation/judging.ts';
import { mutations } from '../mutation/mutations.ts';
import { type MutationResult, MutationSuite } from '../mutation/suite.ts';
import { survivors } from '../mutation/survivors.ts';
import { exit } from './exit-status.ts';
import { listedCells } from './suites.ts';
import { defaultTier } from './tier.ts';

/*
 * `npm run mutate [WORDS]`: plants each defect, or those whose name has these words, plays the cells that should
 * notice, and where none of them does every cell of our own stack that is played on each change. Exit status 1 where the
 * outcome is not the committed list of survivors, 2 where no name has these words. Without WORDS, defective judges then
 * decide again what was decided.
 */
const words = argv.slice(2).join(' ');
const chosen = mutations.filter(({ name }) => name.includes(words));
if (chosen.length === 0) {
  process.stderr.write(
    `No defect has "${words}" in its name. docs/mutations.md lists them; npm run mutate plants all.\n`,
  );
  process.exit(exit.usage);
}
const cells = (await listedCells())
  .filter(({ tier }) => tier === defaultTier)
  .map(({ cell }) => cell)
  .filter(({ client, responder, impair }) =>
    [client, responder].every((value) => peerOf(value).peer === 'ts' && impair === 'none'),
  );
const suite = new MutationSuite(cells);
const say = (text: string) => process.stdout.write(`${text}\n`);

const results = chosen.map((mutation) => {
  const result = suite.result(mutation);
  say(line(result));
  return result;
});
const survived = results.filter(({ red }) => red === undefined).map(({ name }) => name);
const judges = await (words === '' ? judgedAnew() : []);
const wrong = [
  ...survived.filter((name) => !(name in survivors)).map((name) => `nobody notices: ${name}`),
  ...results
    .filter(({ name, red }) => red !== undefined && name in survivors)
    .map(({ name }) => `is noticed now, and stands in the list of survivors: ${name}`),
  ...judges.filter(({ noticed }) => noticed === undefined).map(({ name }) => `nobody notices: ${name}`),
  ...results.flatMap(({ name, unfit }) =>
    unfit.map((cell) => `${cell} does not pass without the defect: ${name}`),
  ),
];
say(`${results.length - survived.length} of ${results.length} defects are noticed`);
if (judges.length > 0) {
  const noticed = judges.filter((judge) => judge.noticed !== undefined).length;
  say(`${noticed} of ${judges.length} defects of the judge are noticed`);
}
for (const name of survived) say(`survivor  ${name}: ${survivors[name] ?? 'nobody knows why'}`);
for (const what of wrong) say(`wrong     ${what}`);
process.exitCode = wrong.length === 0 ? exit.ok : exit.fail;

/** What became of each defect of the judge, told as it comes. */
async function judgedAnew(): Promise<{ readonly name: string; readonly noticed: string | undefined }[]> {
  const judging = new Judging(suite.cases);
  const all: { readonly name: string; readonly noticed: string | undefined }[] = [];
  for (const defect of judgeDefects()) {
    const { name } = defect;
    const noticed = await judging.notices(defect);
    say(noticed === undefined ? `green  ${name}` : `red    ${name}\n         ${noticed}`);
    all.push({ name, noticed });
  }
  return all;
}

function line({ name, red, why }: MutationResult): string {
  return red === undefined ? `green  ${name}` : `red    ${name}\n         ${red}: ${why ?? ''}`;
}
