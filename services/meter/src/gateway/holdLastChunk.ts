/**
 * The same bytes, but the last chunk waits for `settle`. Whoever stops reading early settles too.
 *
 * @param settle called once. If it fails, the stream fails without its last chunk
 */
export function holdLastChunk(
  body: ReadableStream<Uint8Array>,
  settle: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let held: Uint8Array | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const { value, done } = await reader.read();
            const before = held;
            held = value;
            if (done) {
              await settle();
              if (before) controller.enqueue(before);
              controller.close();
              return;
            }
            if (before) {
              controller.enqueue(before);
              return;
            }
          }
        } catch (error) {
          await settle().catch(() => undefined);
          controller.error(error);
        }
      },
      async cancel(reason) {
        await Promise.allSettled([reader.cancel(reason), settle()]);
      },
    },
    { highWaterMark: 0 },
  );
}
