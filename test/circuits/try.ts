import { loadCircuit } from "./circuit.ts";
import { broken, valueOf } from "./constraints.ts";
import { solve } from "./solve.ts";
import { PADDING, commitment, evaluate, inputsOf, sponge, vector, violations } from "./model.ts";
const t=(l:string)=>console.log(l, Math.round(performance.now()));
t("start");
const big = process.argv[2]==="16";
const [R,O]=big?[16,4]:[3,2];
const circuit = await loadCircuit({ name: `usage-batch-${R}x${O}`, template: `UsageBatch(${R}, ${O})`, file: "usage-batch.circom", public: ["r"] });
t("loaded");
const row = {...PADDING, enabled:1n, licenseId:7n, offerId:9n, cap:100n, allowedContexts:7n, oldUnits:3n, oldContexts:1n, oldSalt:5n, newUnits:8n, newContexts:3n, newSalt:6n};
const batch={ r:12345678n, offerIds:[9n,11n,0n,0n].slice(0,O), rows: Array.from({length:R},(_, i)=> i===R-1?PADDING: {...row, licenseId: 7n+BigInt(i), first: i===0?1n:0n, oldUnits:i===0?0n:3n, oldContexts: i===0?0n:1n})};
console.log(violations(batch)); t("viol");
const v = vector(batch); t("vector");
const w = circuit.calculate(inputsOf(batch)); t("witness");
const w2 = circuit.calculateAnyway(inputsOf(batch)); t("witness2");
console.log(w.every((x,i)=>x===w2[i]), w[1]===sponge(v), w[2]===evaluate(v,batch.r)); t("model");
console.log(broken(circuit, w)); t("broken");
const n = circuit.outputs+circuit.publicInputs+circuit.privateInputs;
const known = new Map<number,bigint>(); for (let i=circuit.outputs+1;i<=n;i++) known.set(i, w[i]!);
const s = solve(circuit, known); t("solved");
const und = s.flatMap((x,i)=>x===undefined?[i]:[]);
console.log(und.length, "undetermined; equal:", s.every((x,i)=>x===undefined||x===w[i]));
console.log(und.slice(0,60).map(i=>circuit.names[i]));

process.exit(0)
