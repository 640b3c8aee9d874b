/** A mistake in a person's input. The message explains it. */
export class DaoError extends Error {
  override readonly name = "DaoError";
}
