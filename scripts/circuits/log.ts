/** A logger for snarkjs that keeps its messages: snarkjs returns only false on failure. */
export type Log = Record<"debug" | "info" | "warn" | "error", (line: string) => void> & {
  readonly infos: string[];
  readonly errors: string[];
};

export function createLog(): Log {
  const infos: string[] = [];
  const errors: string[] = [];
  return {
    infos,
    errors,
    debug: () => {},
    info: (line) => void infos.push(line),
    warn: () => {},
    error: (line) => void errors.push(line),
  };
}
