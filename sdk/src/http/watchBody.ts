export type BodyEnd = {
  /** The body ended. */
  readonly onEnd: () => void;
  /** The reader left early, or the network failed. */
  readonly onBreak: () => void;
};

/** The same answer. Reports the end of its body, which is at once if it has none. */
export function watchBody(response: Response, { onEnd, onBreak }: BodyEnd): Response {
  if (!response.body) {
    onEnd();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          if (!done) return controller.enqueue(value);
          onEnd();
          controller.close();
        } catch (error) {
          onBreak();
          controller.error(error);
        }
      },
      cancel(reason) {
        onBreak();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url, redirected, type } = response;
  const watched = new Response(body, { status, statusText, headers });
  // The constructor does not take these.
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(watched, name, { value });
  return watched;
}
