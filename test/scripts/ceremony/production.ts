// Deploys on a chain that is not for tests, without --dev-keys, and settles a license in private. Prints what happened.
import { readFileSync, writeFileSync } from "node:fs";
import * as grid from "@benefit-grid/sdk";
import { createBooks, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { buildBatch, proveBatch, proveRange } from "@benefit-grid/sdk/proofs";
import { MaxUint256 } from "ethers";
import { network } from "hardhat";
import { deployGrid } from "../../../scripts/lib/deployment.ts";

const warnings: string[] = [];
console.warn = (...words: unknown[]) => warnings.push(words.join(" "));

const connection = await network.create({ override: { chainId: 10_420 } });
const { ethers } = connection;
const accounts = (await ethers.getSigners()).map(({ address }) => address);
const [account = "", holder = ""] = accounts;
// Another account deploys these: the rehearsal needs the addresses of the first.
const other = (await ethers.getSigners()).at(-1);
// The first stands for a multisig: a council must be a contract there.
const council = await ethers.deployContract("TestUSD", other);
const usd = await ethers.deployContract("TestUSD", other);

const sample = JSON.parse(readFileSync("ignition/genesis/31337.json", "utf8"));
const named = (entry: Record<string, unknown>, ...keys: string[]) => {
  for (const key of keys) entry[key] = accounts[Number(entry[key])];
};
sample.council = await council.getAddress();
sample.currencies = [{ token: await usd.getAddress(), reserve: "1000000" }];
for (const entry of sample.programmes) named(entry, "steward");
for (const entry of sample.champions) named(entry, "operator", "registrar");
for (const entry of sample.sources) named(entry, "account");
const genesis = "cache/genesis.json";
writeFileSync(genesis, JSON.stringify(sample));

const deployment = (await deployGrid(connection, { genesis })) as grid.Deployment;
const clientOf = async (name: string) =>
  await grid.createClient({ runner: await ethers.getSigner(name), deployment });
const [client, holders] = [await clientOf(account), await clientOf(holder)];
const { UsageLedger: ledger, SettlementRouter: router } = client.addresses;
await usd.mint(account, 10n ** 9n);
await usd.connect(await ethers.getSigner(account)).approve(router, MaxUint256);

const { meterId } = await grid.registerMeter(client, { payee: account, endpoint: "https://meter.example" });
const contexts = grid.encodeContexts(["health"]);
const { offerId } = await grid.publishCapsule(client, {
  kind: "model",
  contentHash: await grid.hashContent(new Uint8Array([1, 2, 3])),
  uri: "https://models.example/one",
  terms: {
    duration: 30n * 86_400n,
    revocationNotice: grid.IRREVOCABLE,
    maxUnits: 1_000_000n,
    contexts,
    transferable: false,
  },
  offer: { ledger, meterId, currency: await usd.getAddress(), pricePerMillion: 2_500_000n, mode: "private" },
});
const units = 10_000n;
const maxPrice = grid.priceOfUnits({ units, pricePerMillion: 2_500_000n });
const { licenseId } = await grid.mintLicense(client, { offerId, units, maxPrice, to: holder });

const secret = await grid.deriveUsageSecret(holders, { licenseId });
const voucher = await grid.signPrivateVoucher(holders, { licenseId, contexts, units: 1_234n, secret });
const { verify } = await createVoucherVerifier({ chainId: client.chainId, ledger });
const books = createBooks({ verify });
const { settleBy } = await grid.getLicense(client, { licenseId });
const fresh = { offerId, settleBy, prepaid: units, allowed: contexts, units: 0n, contexts: 0n } as const;
books.admit({ ...fresh, licenseId, signer: holder, mode: "private" });
if (!books.accept(voucher).ok) throw new Error("The voucher was refused.");
const offers = books.privateBatch({ maxRows: 1, maxOffers: 2, allowLone: true });
const batch = buildBatch({ chainId: client.chainId, ledger, meterId, offers, allowLone: true });
const { totals } = await grid.settleBatch(client, { batch, proof: await proveBatch(batch) });

const opening = await grid.recoverOpening(holders, {
  licenseId,
  secret,
  vouchers: [{ units: 1_234n, contexts }],
});
if (!opening) throw new Error("Nothing is settled.");
const range = { licenseId, min: 1_000n, max: 2_000n };
const isWithin = await grid.verifyRange(client, { ...range, proof: await proveRange({ ...range, opening }) });
const settled = String(totals[0]?.units);
console.log(
  JSON.stringify({ chainId: Number(client.chainId), circuit: batch.circuit, settled, isWithin, warnings }),
);
await connection.close();
process.exit();
