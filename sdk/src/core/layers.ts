const MAX_DEPTH = 5;

/** An error and the errors inside it: libraries wrap the node's error in their own. Outermost first. */
export function* layersOf(value: unknown, depth = 0): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  const layer = value as Record<string, unknown>;
  yield layer;
  for (const inner of [layer.data, layer.error, layer.info, layer.cause]) yield* layersOf(inner, depth + 1);
}
