/** Reads the data of server-sent events (HTML standard, 9.2) from chunks of bytes. */
export function readEvents() {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    /** Data of the events that this chunk ends. */
    push(chunk: Uint8Array): string[] {
      const events = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
      rest = events.pop() ?? "";
      return events.map(dataOf);
    },
  };
}

function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
}
