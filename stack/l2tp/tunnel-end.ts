import type { ControlLink, End } from './control-link.ts';

/** This end gave up: what came, or what it asked for, is not acceptable. */
export function refused(detail: string): End {
  return { by: 'local', detail, failure: 'refused' };
}

/** The peer is not there, or does not go on. */
export function noAnswer(detail: string): End {
  return { by: 'timeout', detail, failure: 'no-answer' };
}

/** Why one tunnel ends: what was said first holds, whatever follows. */
export class TunnelEnd {
  #established = false;
  #end: End | undefined;

  /** From now on its end is no failure to come about. */
  established(): void {
    this.#established = true;
  }

  /** Notes why; a reason that was noted before holds. */
  because(end: End): End {
    this.#end ??= end;
    return this.#end;
  }

  /** Tells that the tunnel is over. */
  tell(link: ControlLink, end: End): void {
    if (this.#established || end.failure === undefined) {
      link.fact({ fact: 'closed', layer: 'l2tp', by: end.by, detail: end.detail });
    } else {
      link.fact({ fact: 'l2tp-failed', reason: end.failure, detail: end.detail });
    }
    link.effect({ effect: 'tunnel-down', peer: link.peer, detail: end.detail });
  }
}
