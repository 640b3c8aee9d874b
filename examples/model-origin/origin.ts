import {
  attestBenchmark,
  type Client,
  commitContent,
  createClient,
  type Deployment,
  getBenchmark,
  getFirstRegistered,
  getManifest,
  hashContent,
  isInManifest,
  publishManifest,
  registerCapsule,
  revealContent,
  revokeBenchmark,
} from "@benefit-grid/sdk";
import { buildManifest, formatManifest, parseManifest, proveInclusion } from "@benefit-grid/sdk/manifests";
import { Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { createModel, createTestSet, createTrainingSet, fileOf, type Image, measure } from "./detector.ts";

const GAS_MONEY = 10n ** 17n;
const METRIC = "detection rate";

type Print = (line: string) => void;
type Party = { readonly address: `0x${string}`; readonly client: Client };

/** A model's origin, data and score, each checked by somebody else. Each line says who does what. */
export async function runOrigin(connection: NetworkConnection, deployment: Deployment, print: Print) {
  const join = () => party(connection, deployment);
  const [developer, copier, evaluator, auditor] = [await join(), await join(), await join(), await join()];
  const [model, testSet] = [createModel(), createTestSet()];

  const { capsuleId, first } = await register(developer, copier, model, print);
  const version = { capsuleId, version: 1n };
  const text = await publishData(developer.client, version, createTrainingSet(testSet), print);
  const isIn = await auditPiece(auditor.client, version, text, "train/7.png", print);

  const testFile = fileOf(testSet);
  const score = { metric: METRIC, score: measure(model, testFile) };
  const datasetHash = await hashContent(testFile);
  const { uid } = await attestBenchmark(evaluator.client, { ...version, datasetHash, ...score });
  print(`evaluator  measures ${score.score} on 50 fakes, and attests it with the test set's SHA-256`);
  const repeated = await repeat(auditor.client, uid, model, testFile, print);

  const leak = await findLeak(auditor.client, version, text, testSet, print);
  await revokeBenchmark(evaluator.client, { uid });
  const benchmark = await getBenchmark(auditor.client, { uid });
  print(`evaluator  revokes the score: its status is now "${benchmark?.status}"`);
  return { first, capsuleId, isIn, repeated, leak, benchmark };
}

/** The developer commits, the copier registers first, and the developer is first all the same. */
async function register(developer: Party, copier: Party, model: Uint8Array, print: Print) {
  const contentHash = await hashContent(model);
  await commitContent(developer.client, { contentHash });
  print("developer  commits to the model: the chain has the time, and nobody learns the hash");
  const capsule = { kind: "model", contentHash, uri: "ipfs://model" } as const;
  const copy = await registerCapsule(copier.client, { ...capsule, owner: copier.address });
  print(`copier     sees the pending registration, and registers the model first: capsule ${copy.capsuleId}`);
  const { capsuleId } = await registerCapsule(developer.client, { ...capsule, owner: developer.address });
  await revealContent(developer.client, { capsuleId, version: 1n });
  const first = await getFirstRegistered(developer.client, { contentHash });
  print(
    `developer  registers capsule ${capsuleId} and reveals: first on chain is now capsule ${first.capsuleId}`,
  );
  return { capsuleId, first };
}

type Version = { readonly capsuleId: bigint; readonly version: bigint };

/** Publishes the root of all training images. Returns the list, as its file has it. */
async function publishData(client: Client, version: Version, images: readonly Image[], print: Print) {
  const manifest = await buildManifest(images);
  await publishManifest(client, { ...version, root: manifest.root, uri: "ipfs://manifest" });
  print(`developer  publishes the manifest of ${manifest.pieces.length} training images`);
  return formatManifest(manifest);
}

async function publishedManifest(client: Client, version: Version, text: string) {
  const { root } = await getManifest(client, version);
  const manifest = await parseManifest(text);
  if (manifest.root !== root) throw new Error("This list is not the published manifest.");
  return manifest;
}

async function auditPiece(client: Client, version: Version, text: string, path: string, print: Print) {
  const proven = await proveInclusion(await publishedManifest(client, version, text), { path });
  const isIn = await isInManifest(client, { ...version, ...proven });
  print(`auditor    proves ${path} by ${proven.proof.length} hashes: ${isIn ? "it went in" : "it did not"}`);
  return isIn;
}

/** Anyone with the two files can measure again. */
async function repeat(
  client: Client,
  uid: `0x${string}`,
  model: Uint8Array,
  testFile: Uint8Array,
  print: Print,
) {
  const claim = await getBenchmark(client, { uid });
  if (claim?.datasetHash !== (await hashContent(testFile))) throw new Error("This is another test set.");
  const score = measure(model, testFile);
  print(
    `auditor    measures ${score} on the same files: the claim is ${score === claim.score ? "right" : "wrong"}`,
  );
  return score;
}

/** An image of the test set that the model has seen makes the score worthless. */
async function findLeak(
  client: Client,
  version: Version,
  text: string,
  testSet: readonly Image[],
  print: Print,
) {
  const manifest = await publishedManifest(client, version, text);
  const tested = new Set(await Promise.all(testSet.map(({ content }) => hashContent(content))));
  const leaked = manifest.pieces.find(({ contentHash }) => tested.has(contentHash));
  if (!leaked) throw new Error("No image of the test set is in the manifest.");
  const proven = await proveInclusion(manifest, leaked);
  const isIn = await isInManifest(client, { ...version, ...proven });
  print(`auditor    finds an image of the test set in the manifest: ${leaked.path}`);
  return { path: leaked.path, isIn };
}

/** Somebody with a fresh account. The node's first account pays its gas. */
async function party({ ethers }: NetworkConnection, deployment: Deployment): Promise<Party> {
  const [funder] = await ethers.getSigners();
  const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
  await (await funder?.sendTransaction({ to: wallet.address, value: GAS_MONEY }))?.wait();
  const client = await createClient({ runner: wallet, deployment });
  return { client, address: wallet.address as `0x${string}` };
}
