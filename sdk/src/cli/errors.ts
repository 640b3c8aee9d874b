/** A mistake in a person's input. The message explains it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
