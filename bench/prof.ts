import { globSync, readFileSync } from "node:fs";
export function profile(structLogs: any[], codes: Record<string, string>, rootName: string, count: number) {
  // source maps by contract
  const maps: Record<string, any> = {};
  for (const f of globSync("artifacts/build-info/*.output.json")) {
    const out = JSON.parse(readFileSync(f, "utf8"));
    const contracts = out.output.contracts;
    const ids: Record<number, string> = {};
    for (const [s, v] of Object.entries<any>(out.output.sources)) ids[v.id] = s;
    for (const [src, cs] of Object.entries<any>(contracts))
      for (const [n, c] of Object.entries<any>(cs))
        if (c.evm?.deployedBytecode?.sourceMap)
          maps[n] = {
            map: c.evm.deployedBytecode.sourceMap,
            code: c.evm.deployedBytecode.object,
            ids,
            out: f,
          };
  }
  const input = (f: string) =>
    JSON.parse(readFileSync(f.replace(".output.json", ".json"), "utf8")).input.sources;
  const names: Record<string, any> = {};
  function prep(n: string) {
    if (names[n]) return names[n];
    const m = maps[n];
    const pcs: number[] = [];
    const code = Buffer.from(m.code.replace(/__\$.{34}\$__/g, "0".repeat(40)), "hex");
    let i = 0;
    for (let pc = 0; pc < code.length; ) {
      pcs[pc] = i++;
      const op = code[pc]!;
      pc += op >= 0x60 && op <= 0x7f ? op - 0x5e : 1;
    }
    const ent: any[] = [];
    let s = 0,
      l = 0,
      f = 0;
    for (const e of m.map.split(";")) {
      const p = e.split(":");
      if (p[0]) s = +p[0];
      if (p[1]) l = +p[1];
      if (p[2]) f = +p[2];
      ent.push([s, l, f]);
    }
    const src = input(m.out);
    return (names[n] = { pcs, ent, ids: m.ids, src });
  }
  const byop: Record<string, number> = {};
  const percall: Record<string, number> = {};
  const calln: any[] = [];
  const gas: Record<string, number> = {};
  const stack = [rootName];
  const base = structLogs[0].depth;
  const total: Record<string, number> = {};
  for (let i = 0; i < structLogs.length; i++) {
    const l = structLogs[i],
      next = structLogs[i + 1];
    const enter = next && next.depth > l.depth;
    const n = stack[l.depth - base]!;
    let cost = enter ? 100 : l.gasCost;
    if (["STATICCALL"].includes(l.op) && !enter) cost = 3100;
    total[n] = (total[n] ?? 0) + cost;
    const okey = `${n} ${["SLOAD", "SSTORE", "LOG4", "LOG2", "TSTORE", "TLOAD", "KECCAK256", "CALL", "STATICCALL"].includes(l.op) ? l.op : "code"}`;
    byop[okey] = (byop[okey] ?? 0) + cost;
    const ck = n + " " + stack.slice(0, l.depth - base + 1).join(">") + " #" + (calln[l.depth - base] ?? "");
    percall[ck] = (percall[ck] ?? 0) + (okey.endsWith("code") ? cost : 0);
    if (n && n !== "?") {
      const p = prep(n);
      const e = p.ent[p.pcs[l.pc]] ?? [0, 0, -1];
      const file = p.ids[e[2]];
      let key = `${n} ?`;
      if (file) {
        const c = p.src[file].content;
        const line = c.slice(0, e[0]).split("\n").length;
        key = `${n} ${file.split("/").pop()}:${line} ${c.slice(e[0], e[0] + Math.min(e[1], 60)).replace(/\s+/g, " ")}`;
      }
      gas[key] = (gas[key] ?? 0) + cost;
    }
    if (enter) {
      const to = "0x" + l.stack.at(-2).replace(/^0x/, "").padStart(64, "0").slice(24).toLowerCase();
      stack[next.depth - base] = codes[to] ?? "?";
      calln[next.depth - base] = "0x" + ((codes[to] ?? "?") + (i % 1000000));
    }
  }
  console.table(Object.fromEntries(Object.entries(total).map(([k, v]) => [k, v / count])));
  console.table(Object.fromEntries(Object.entries(byop).map(([k, v]) => [k, v / count])));
  console.log(Object.entries(percall).slice(0, 14));
  for (const [k, v] of Object.entries(gas)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 90))
    console.log((v / count).toFixed(1).padStart(8), k);
}
