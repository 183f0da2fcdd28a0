import type { z } from 'zod';
import type { Place } from './complaint.ts';
import type { Router } from './router.ts';

/**
 * What became of a command: it took effect, it is understood but plays no part here, it cannot be; or the router
 * refuses it, says so on its console and goes on with the next line.
 */
export type CommandOutcome =
  | { readonly state: 'takes effect'; readonly what: string; readonly notes?: readonly string[] }
  | { readonly state: 'not modelled'; readonly what: string }
  | { readonly state: 'rejected by the router'; readonly what: string }
  | { readonly state: 'refused'; readonly reason: string };

export function takesEffect(what: string, ...notes: string[]): CommandOutcome {
  return { state: 'takes effect', what, notes };
}

export function refused(reason: string): CommandOutcome {
  return { state: 'refused', reason };
}

/** A step of a command's fixed beginning: a bare keyword, one that carries a value, or a bare value. */
export interface PathStep {
  readonly keyword: string;
  readonly takes: 'nothing' | 'value' | 'bare value';
}

export interface CommandForm {
  readonly path: readonly PathStep[];
  /** Every value by its keyword: those of the path and the parameters after it. */
  readonly values: z.ZodRawShape;
  /** Parameters of the real command that are understood and play no part here. */
  readonly unmodelled: readonly string[];
  readonly run: (values: unknown, router: Router, place: Place) => CommandOutcome;
}

/**
 * Declares one command. `path` is its fixed beginning as the command reference writes it:
 * `create ipsec policy=` (a keyword with a value), `login {name}` (a value alone).
 */
export function command<Shape extends z.ZodRawShape>(
  path: string,
  values: Shape,
  run: (values: z.output<z.ZodObject<Shape>>, router: Router, place: Place) => CommandOutcome,
  unmodelled: readonly string[] = [],
): CommandForm {
  return {
    path: path.split(' ').map(pathStep),
    values,
    unmodelled,
    // The parser has checked the values against `values` when it calls.
    run: (checked, router, place) => run(checked as z.output<z.ZodObject<Shape>>, router, place),
  };
}

/** A command that is understood, checked and left without effect. */
export function unmodelledCommand(path: string, values: z.ZodRawShape, why: string): CommandForm {
  return command(path, values, () => ({ state: 'not modelled', what: why }));
}

function pathStep(written: string): PathStep {
  if (written.endsWith('=')) return { keyword: written.slice(0, -1), takes: 'value' };
  if (written.startsWith('{')) return { keyword: written.slice(1, -1), takes: 'bare value' };
  return { keyword: written, takes: 'nothing' };
}
