/** What a person did or asked for cannot be; the message says why, in words. */
export class DaoError extends Error {
  override readonly name = "DaoError";
}
