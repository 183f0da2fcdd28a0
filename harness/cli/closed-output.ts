/** Whoever read the output is gone, as behind `| head`. */
export function isClosedOutput(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** What nobody reads any more is not written, and is no error. */
export function outliveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isClosedOutput(error)) throw error;
    });
  }
}
