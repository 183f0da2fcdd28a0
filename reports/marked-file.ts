import { CrossnatError } from '../harness/error.ts';
import { readText } from './text-file.ts';

/**
 * The text of a file with the section between `<!-- NAME:begin -->` and `<!-- NAME:end -->` replaced. What stands
 * outside the markers is written by hand and stays. Throws a usage error where the file has not each of them once,
 * in this order.
 */
export function withSection(file: string, name: string, section: string): string {
  const text = readText(file);
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from || text.lastIndexOf(begin) !== from || text.lastIndexOf(end) !== to) {
    throw new CrossnatError('usage', {
      doing: `looking for the section in ${file}`,
      found: `it has not each of ${begin} and ${end} once, in this order`,
      remedy: 'Put these two lines where the section shall stand',
    });
  }
  return `${text.slice(0, from + begin.length)}\n${section}\n${text.slice(to)}`;
}
