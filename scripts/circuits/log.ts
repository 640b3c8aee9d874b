/** What snarkjs wants for a logger, and what it said to it: of failures it returns no more than false. */
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
