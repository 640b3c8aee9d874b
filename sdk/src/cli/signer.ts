import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { isKeystoreJson, type JsonRpcProvider, type Provider, type Signer, VoidSigner, Wallet } from "ethers";
import { checkAddress } from "../core/check.ts";
import { CommandError } from "./errors.ts";
import { text, type Values } from "./options.ts";

/** The signer from the options. Undefined for reading commands without one. */
export async function signerFor(
  values: Values,
  provider: JsonRpcProvider,
  writes: boolean,
): Promise<Signer | undefined> {
  const from = text(values, "from");
  const keystore = text(values, "keystore");
  if (keystore !== undefined) {
    if (values.unsigned) throw new CommandError("--unsigned and --keystore exclude each other.");
    return writes ? await openKeystore(keystore, values, provider) : undefined;
  }
  if (values.unsigned || !writes) return from === undefined ? undefined : watched(from, provider);
  return await unlocked(from, provider);
}

/** A placeholder for an account with its key elsewhere. */
function watched(from: string, provider: Provider): Signer {
  return new VoidSigner(checkAddress("--from", from), provider);
}

async function unlocked(from: string | undefined, provider: JsonRpcProvider): Promise<Signer> {
  const accounts = await provider.listAccounts();
  const wanted = from === undefined ? undefined : checkAddress("--from", from);
  const signer = wanted ? accounts.find(({ address }) => address === wanted) : accounts[0];
  if (signer) return signer;
  const problem = wanted
    ? `The node has no unlocked account ${wanted}.`
    : "The node has no unlocked account.";
  throw new CommandError(
    `${problem} Sign by --keystore FILE, or print the transaction by --unsigned and sign it elsewhere.`,
  );
}

async function openKeystore(file: string, values: Values, provider: Provider): Promise<Signer> {
  const json = readFileSync(file, "utf8");
  if (!isKeystoreJson(json))
    throw new CommandError(`${file} is not an encrypted key. Pass a JSON keystore of version 3.`);
  const password = passwordIn(values) ?? (await askPassword(`Password of ${file}: `));
  try {
    return (await Wallet.fromEncryptedJson(json, password)).connect(provider);
  } catch {
    throw new CommandError(`The password does not decrypt ${file}.`);
  }
}

function passwordIn(values: Values): string | undefined {
  const file = text(values, "password-file");
  return file === undefined ? undefined : readFileSync(file, "utf8").replace(/\r?\n$/, "");
}

/** Asks at the terminal without showing the answer. */
async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CommandError("There is no terminal to ask for a password. Pass --password-file.");
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      // Ctrl-C or Ctrl-D. After an answer, the rejection has no effect.
      reader.once("close", () =>
        reject(new CommandError("No password was given, so nothing was signed or sent.")),
      );
      reader.question("", resolve);
    });
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
