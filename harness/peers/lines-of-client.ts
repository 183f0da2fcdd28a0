/**
 * Of what a responder said, that about one of its clients, who dial one after the other: a line that names a
 * connection belongs to the client in whose time that was first named, any other to the client in whose time it
 * came.
 * @param beginnings where the lines of each client's time begin, from the first client's on
 * @param names which connection a line names, in whatever words; `undefined` where it names none
 */
export function linesOfClient<Line>(
  lines: readonly Line[],
  beginnings: readonly number[],
  client: number,
  names: (line: Line) => string | undefined,
): Line[] {
  const owners = new Map<string, number>();
  return lines.filter((line, at) => {
    const latest = beginnings.findLastIndex((beginning) => beginning <= at);
    const name = names(line);
    if (name === undefined) return latest === client;
    const owner = owners.get(name) ?? latest;
    owners.set(name, owner);
    return owner === client;
  });
}
