/** What is wrong with the circuits or their keys, and what to do about it. */
export class CircuitError extends Error {
  override name = "CircuitError";
}
