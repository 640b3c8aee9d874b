import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * Passes connections on to a PostgreSQL server, until they are cut.
 *
 * @param url of a database there
 */
export async function startProxy(url: string) {
  const { hostname, port } = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  let isDown = false;
  let cutAfter: string | undefined;
  let trips = 0;

  const server = createServer((inner) => {
    if (isDown) return inner.destroy();
    const outer = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    let isLosing = false;
    let isAsked = true;
    inner.on("data", (chunk) => {
      if (cutAfter !== undefined && chunk.includes(cutAfter)) isLosing = true;
      if (!isAsked) trips++;
      isAsked = true;
      outer.write(chunk);
    });
    outer.on("data", (chunk) => {
      isAsked = false;
      if (!isLosing) return inner.write(chunk);
      cutAfter = undefined;
      inner.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  return {
    url: through.href,
    /** Breaks all connections. New ones are refused until `restore`. */
    cut: () => {
      isDown = true;
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    restore: () => {
      isDown = false;
    },
    /** Lets the next statement with this text reach the server, and breaks its connection instead of answering. */
    loseAnswerTo: (text: string) => {
      cutAfter = text;
    },
    /** How often a client has sent something after an answer. */
    trips: () => trips,
    close: () => {
      server.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
  };
}
