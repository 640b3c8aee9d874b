type Global = { curve_bn128?: { terminate(): Promise<void> } | null };

/** Ends the threads of snarkjs. Without this the process never exits by itself. */
export async function stopThreads(): Promise<void> {
  await (globalThis as Global).curve_bn128?.terminate();
}
