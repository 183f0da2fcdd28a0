/**
 * The same function, which remembers its answer about each object, by what else it is told, as long as that object
 * lives. For what follows from a topology alone: every cell asks it of the same few, many times. The function must
 * depend on nothing else, and nobody may change what it gives. What it throws is not remembered.
 */
export function remembered<Of extends object, Answer>(ask: (of: Of) => Answer): (of: Of) => Answer;
export function remembered<Of extends object, By, Answer>(
  ask: (of: Of, by: By) => Answer,
): (of: Of, by: By) => Answer;
export function remembered<Of extends object, By, Answer>(
  ask: (of: Of, by: By) => Answer,
): (of: Of, by: By) => Answer {
  const known = new WeakMap<Of, Map<By, Answer>>();
  return (of, by) => {
    let answers = known.get(of);
    if (answers === undefined) {
      answers = new Map();
      known.set(of, answers);
    }
    let answer = answers.get(by);
    if (answer === undefined) {
      answer = ask(of, by);
      answers.set(by, answer);
    }
    return answer;
  };
}
