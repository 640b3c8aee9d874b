/** `call.use` came after the call's end. The units are not counted. */
export class CallEndedError extends Error {
  override readonly name = "CallEndedError";

  constructor() {
    super(
      "The call has ended, so its units are not counted. Count before the handler returns, or call `keepOpen` before.",
    );
  }
}
