/**
 * For `expect.poll`: how long a watchdog is waited for. Its promise is fifteen seconds from the end of the run, of which
 * it waits some four for what the engine still makes; an engine that is slow to answer makes it wait longer.
 */
export const watchdogsPatience = { timeout: 90_000, interval: 250 };
