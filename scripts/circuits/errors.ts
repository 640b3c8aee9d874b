/** A problem of circuits or keys. The message says what to do. */
export class CircuitError extends Error {
  override name = "CircuitError";
}
