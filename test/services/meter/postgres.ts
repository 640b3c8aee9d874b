import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";

type Cluster = { readonly url: (database: string) => string; readonly stop: () => Promise<void> };

let cluster: Promise<Cluster> | undefined;
let databases = 0;

/** A new, empty database of a PostgreSQL server that all tests of this run share. Returns its URL. */
export async function newDatabase(): Promise<string> {
  cluster ??= startCluster();
  const { url } = await cluster;
  const name = `meter_${++databases}`;
  const client = new Client({ connectionString: url("postgres") });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url(name);
}

after(async () => await (await cluster)?.stop());

/**
 * A throwaway server. No test crashes it, so it does not sync. PostgreSQL refuses to run as root, so another user
 * runs it. It ends with this process, even if that is killed: the shell around it stops it when its input ends.
 */
async function startCluster(): Promise<Cluster> {
  const bin = binaries();
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-postgres-"));
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync("chown", ["postgres", folder]);
  const script = `
    cd "$1"
    trap 'cd /; rm -rf "$1"' EXIT
    "$0/initdb" --pgdata data --username meter --auth trust --encoding UTF8 --locale C >&2 || exit 1
    "$0/postgres" -D data -p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= \\
      -c max_connections=300 -c fsync=off -c deadlock_timeout=100ms -c log_min_messages=fatal >&2 &
    until "$0/pg_isready" -q -h 127.0.0.1 -p ${port}; do kill -0 $! || exit 1; sleep 0.1; done
    echo ready
    cat >/dev/null
    kill -INT $!
    wait $!`;
  const [command, ...options] = isRoot ? ["runuser", "-u", "postgres", "--", "bash"] : ["bash"];
  const server = spawn(command as string, [...options, "-c", script, bin, folder], {
    stdio: ["pipe", "pipe", "pipe"],
    // Some shells of root lack the folder of runuser.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  const ended = once(server, "exit");
  await ready(server);
  return {
    url: (database) => `postgresql://meter@127.0.0.1:${port}/${database}`,
    stop: async () => {
      server.stdin?.end();
      await ended;
    },
  };
}

/** Where Debian or the PATH has the server's programs. Installs them if possible. */
function binaries(): string {
  execFileSync(".ci/postgresql", { stdio: "inherit" });
  const [newest] = globSync("/usr/lib/postgresql/*/bin").sort().reverse();
  return newest ?? execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function ready({ stdout, stderr }: ChildProcess): Promise<void> {
  let log = "";
  stderr?.on("data", (chunk) => {
    log += chunk;
  });
  for await (const line of createInterface({ input: stdout as NodeJS.ReadableStream })) {
    if (line === "ready") return;
  }
  throw new Error(`PostgreSQL did not start:\n${log}`);
}
