type Global = { curve_bn128?: { terminate(): Promise<void> } | null };

/** Ends the threads that snarkjs started and keeps: a process with them never ends by itself. */
export async function stopThreads(): Promise<void> {
  await (globalThis as Global).curve_bn128?.terminate();
}
