import { axisDefaults, type Cell, cell } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import { withClients } from '../client-places.ts';
import { outcomeText } from '../expectation.ts';
import { loadTopology } from '../topologies.ts';
import type { AxisValue, MatrixAxis, MatrixAxisName } from './axes.ts';
import { covering, type RowConstraint } from './covering.ts';
import { growing } from './growing.ts';
import { type Constraint, inContainers, isPlayed, makesSense, played, sense } from './sense.ts';
import { stopping } from './stopping.ts';
import { everything, type Factor } from './wanted.ts';

/**
 * Few cells in which every pair of values of two axes is shown that makes sense: by a cell that is played where the
 * peers play it, else by one that they decline. Values that do not represent their axis are each in some cell.
 *
 * A cell that stops in phase 1 shows nothing of what would come later: a pair that can connect is shown by a cell
 * that does, as far as such a one is found. A value that stops of itself, and two that stop each other, are shown by a
 * cell that stops for their sake. And what containers can be set to is shown by cells that they can play; what they
 * cannot comes in cells beside those.
 */
export function pairwiseCells(axes: readonly MatrixAxis[]): Cell[] {
  if (axes.some(({ values }) => values.length === 0)) return [];
  const factors = axes.map(factorOf);
  const everywhere = [...sense, ...played].map(constraintOver(axes));
  const up = growing(factors, everything(factors), baseOf(axes), repairsOf(axes), connectingOver(axes));
  const own = stopping(factors, up.impossible, baseOf(axes), (row) => stopOf(cellOf(axes, row)));
  const both = covering(factors, [...everywhere, constraintOver(axes)(inContainers)], own.impossible);
  const embedded = covering(factors, everywhere, both.impossible);
  const shown = [...up.rows, ...own.rows, ...both.rows, ...embedded.rows].map((row) => cellOf(axes, row));
  const declined = embedded.impossible.pairs.flatMap(([first, a, second, b]) => {
    const pair = pairOf(axes, first, a, second, b);
    return makesSense(pair) && !isPlayed(pair) ? [pair] : [];
  });
  return [...shown, ...declined];
}

function factorOf({ values, representatives = values, masking = [] }: MatrixAxis): Factor {
  const places = (wanted: readonly AxisValue[]) =>
    new Set(wanted.map((value) => values.indexOf(value)).filter((place) => place >= 0));
  return { size: values.length, representatives: places(representatives), masking: places(masking) };
}

/** Whether containers can play a cell, and all of its clients connect by the rule table. */
function isConnecting(of: Cell): boolean {
  return makesSense(of) && isPlayed(of) && inContainers.holds(of) && stopOf(of) === undefined;
}

/** Where and why the first client that is not to connect stops, by the rule table; `undefined` where nobody plays it. */
function stopOf(of: Cell): string | undefined {
  if (!makesSense(of) || !isPlayed(of)) return undefined;
  const topology = withClients(loadTopology(of.topology), of.clients);
  const stop = expectation(of, topology).find(({ outcome }) => outcome.kind === 'stop');
  return stop && outcomeText(stop.outcome);
}

/** Answers are remembered: a third of the rows that are tried were tried before. */
function connectingOver(axes: readonly MatrixAxis[]): (row: readonly number[]) => boolean {
  const known = new Map<string, boolean>();
  return (row) => {
    const key = row.join();
    const answer = known.get(key) ?? isConnecting(cellOf(axes, row));
    known.set(key, answer);
    return answer;
  };
}

/** What connects with most values of any axis; of what a filter leaves. */
const likely: Partial<Record<MatrixAxisName, string>> = { topology: 'direct', p1: '3des-sha1-modp1024' };
/** What most often stands in the way of two values. */
const repairing: readonly MatrixAxisName[] = ['p1', 'ports', 'client', 'responder', 'natt', 'topology'];

function baseOf(axes: readonly MatrixAxis[]): number[] {
  return axes.map(({ name, values }) => Math.max(0, values.indexOf(likely[name] ?? values[0] ?? '')));
}

function repairsOf(axes: readonly MatrixAxis[]): number[] {
  return repairing.map((wanted) => axes.findIndex(({ name }) => name === wanted));
}

/** Answers are remembered: the same few values are asked of again and again. */
function constraintOver(axes: readonly MatrixAxis[]): (constraint: Constraint) => RowConstraint {
  return ({ of, holds }) => {
    const places = of.map((name) => axes.findIndex((axis) => axis.name === name));
    const known = new Map<number, boolean>();
    return {
      of: places,
      holds: (row) => {
        let key = 0;
        for (const place of places) key = key * (axes[place]?.values.length ?? 0) + (row[place] ?? 0);
        const answer = known.get(key) ?? holds(cellOf(axes, row));
        known.set(key, answer);
        return answer;
      },
    };
  };
}

/** A row may be unfinished: what is not set yet is at its default. */
function cellOf(axes: readonly MatrixAxis[], row: readonly number[]): Cell {
  const entries = axes.flatMap(({ name, values }, index) => {
    const value = values[row[index] ?? -1];
    return value === undefined ? [] : [[name, value] as const];
  });
  return cellWith(axes, Object.fromEntries(entries));
}

/** Two values, and every other axis at its default. */
function pairOf(axes: readonly MatrixAxis[], first: number, a: number, second: number, b: number): Cell {
  const [one, other] = [axes[first], axes[second]];
  return cellWith(axes, {
    ...(one && { [one.name]: one.values[a] }),
    ...(other && { [other.name]: other.values[b] }),
  });
}

function cellWith(
  axes: readonly MatrixAxis[],
  values: Readonly<Record<string, AxisValue | undefined>>,
): Cell {
  const usual = axes.find(({ name }) => name === 'topology')?.values[0];
  return { ...axisDefaults, ...cell(String(usual)), ...values } as Cell;
}
