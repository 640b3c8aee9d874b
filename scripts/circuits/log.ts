/** A logger for snarkjs that keeps its messages: snarkjs returns only false on failure. Its debug messages tell progress. */
export type Log = Record<"debug" | "info" | "warn" | "error", (line: string) => void> & {
  readonly infos: string[];
  readonly errors: string[];
};

export function createLog(onDebug: (line: string) => void = () => {}): Log {
  const infos: string[] = [];
  const errors: string[] = [];
  return {
    infos,
    errors,
    debug: onDebug,
    info: (line) => void infos.push(line),
    warn: () => {},
    error: (line) => void errors.push(line),
  };
}
