import { PassThrough } from "node:stream";
import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import { connection, ethers, networkHelpers } from "../../grid.ts";
import { active, founded, proposed, started } from "../governance/support.ts";
import { expectRefusal, run, serve, temporaryFolder, write } from "./support.ts";

describe("benefit-grid dao, the signer", () => {
  const folder = temporaryFolder();
  let node: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    node = await serve();
  });

  after(() => node.close());

  async function at<T extends Awaited<ReturnType<typeof started>>>(fixture: () => Promise<T>) {
    const dao = await fixture();
    const deployment = write(folder, "deployment.json", dao.deployment);
    const command = (...argv: string[]) => run(...argv, "--rpc", node.rpc, "--deployment", deployment);
    return { ...dao, dao: command };
  }

  it("by default, is the node's first unlocked account", async () => {
    const { dao, deployer, coin } = await at(started);
    expect((await dao("delegate", "self")).status).to.equal(0);
    expect(await coin.delegates(deployer)).to.equal(deployer.address);
  });

  it("when the node has no such account, says so", async () => {
    const { dao } = await at(started);
    const stranger = ethers.Wallet.createRandom().address;
    await expectRefusal(
      dao("delegate", "self", "--from", stranger),
      `The node has no unlocked account ${stranger}. Sign by --keystore FILE, or print the transaction by --unsigned and sign it elsewhere.`,
    );
    await expectRefusal(dao("delegate", "self", "--from", "0x1"), /: --from is 0x1, not an address/);
  });

  it("when given a keystore and its password, is its account", async () => {
    const { dao, coin } = await at(started);
    const wallet = new ethers.Wallet(ethers.id("key"));
    const scrypt = { N: 2, r: 8, p: 1 };
    const keystore = write(folder, "key.json", await encryptKeystoreJson(wallet, "sesame", { scrypt }));
    const password = write(folder, "password", "sesame\n");
    await networkHelpers.setBalance(wallet.address, 10n ** 18n);
    const delegate = ["delegate", "self", "--keystore", keystore];
    expect(await dao(...delegate, "--password-file", password)).to.include({ status: 0 });
    expect(await coin.delegates(wallet)).to.equal(wallet.address);

    const wrong = write(folder, "wrong", "simsalabim");
    await expectRefusal(
      dao(...delegate, "--password-file", wrong),
      `The password does not decrypt ${keystore}.`,
    );
    const text = write(folder, "text.json", "{}");
    await expectRefusal(
      dao("delegate", "self", "--keystore", text, "--password-file", password),
      `${text} is not an encrypted key. Pass a JSON keystore of version 3.`,
    );
    await expectRefusal(
      dao(...delegate, "--password-file", `${folder}/none`),
      `There is no file ${folder}/none. Check its path.`,
    );
    await expectRefusal(dao(...delegate, "--password-file", folder), /is a folder\. Pass a file\.$/);
    await expectRefusal(
      dao("delegate", "self", "--keystore", `${folder}/no.json`, "--password-file", password),
      `There is no file ${folder}/no.json. Check its path.`,
    );
    await expectRefusal(dao(...delegate, "--unsigned"), "--unsigned and --keystore exclude each other.");
    if (!process.stdin.isTTY) {
      await expectRefusal(
        dao(...delegate),
        "There is no terminal to ask for a password. Pass --password-file.",
      );
    }
  });

  it("asks for a keystore's password at a terminal, until it is closed", async () => {
    const { dao, coin } = await at(started);
    const wallet = new ethers.Wallet(ethers.id("key"));
    const scrypt = { N: 2, r: 8, p: 1 };
    const keystore = write(folder, "asked.json", await encryptKeystoreJson(wallet, "sesame", { scrypt }));
    await networkHelpers.setBalance(wallet.address, 10n ** 18n);
    const delegate = () => dao("delegate", "self", "--keystore", keystore);
    for (const end of ["\u0003", "\u0004"]) {
      const { asked } = await typing(end, () =>
        expectRefusal(delegate(), "No password was given, so nothing was signed or sent."),
      );
      expect(asked).to.equal(`Password of ${keystore}: \n`);
    }
    expect((await typing("sesame\n", delegate)).result).to.include({ status: 0 });
    expect(await coin.delegates(wallet)).to.equal(wallet.address);
  });

  it("when the account has no ether, says so", async () => {
    const { dao } = await at(started);
    const wallet = new ethers.Wallet(ethers.id("key"));
    const scrypt = { N: 2, r: 8, p: 1 };
    const keystore = write(folder, "poor.json", await encryptKeystoreJson(wallet, "", { scrypt }));
    const password = write(folder, "empty", "");
    await expectRefusal(
      dao("delegate", "self", "--keystore", keystore, "--password-file", password),
      /: The account has too little ether for the gas\. Send it some, or sign by another account\.$/,
    );
  });

  it("when it is somebody elsewhere, prints the transaction and sends nothing", async () => {
    const { dao, alice, governor, proposal } = await at(active);
    const { out, err, status } = await dao(
      ...["vote", `${proposal.id}`, "against", "--reason", "no", "--unsigned", "--from", alice.address],
    );
    expect({ err, status }).to.deep.equal({ err: "", status: 0 });
    const transaction = JSON.parse(out);
    const { from, to, data, value, chainId } = transaction;
    expect({ from, to, value, chainId }).to.deep.equal({
      from: alice.address,
      to: await governor.getAddress(),
      value: "0",
      chainId: "31337",
    });
    expect(data).to.equal(
      governor.interface.encodeFunctionData("castVoteWithReason", [proposal.id, 0n, "no"]),
    );
    expect(await governor.hasVoted(proposal.id, alice)).to.equal(false);
    await alice.sendTransaction({ to, data });
    expect(await governor.hasVoted(proposal.id, alice)).to.equal(true);
  });

  it("when the council is a multisig, prints the transaction for it", async () => {
    const { dao, council, coin, guardian, terms, timelock } = await at(founded);
    const ledger = await coin.getAddress();
    const proposing = ["propose", "ledger", "--admit", ledger, "--as-council", "--unsigned"];
    const { to, data } = JSON.parse((await dao(...proposing, "--from", council.address)).out);
    expect(to).to.equal(await guardian.getAddress());
    await council.sendTransaction({ to, data });
    const [proposed] = await guardian.queryFilter(guardian.filters.CallsProposed());
    expect(await timelock.isOperationPending(proposed?.args.operationId ?? "")).to.equal(true);
    const [, scheduled] = await timelock.queryFilter(timelock.filters.CallScheduled());
    expect(scheduled?.args.target).to.equal(await terms.getAddress());
  });

  it("without --from, prints transactions of any sender, but refuses self", async () => {
    const { dao, alice, proposal, governor, coin } = await at(proposed);
    const canceling = await dao("cancel", `${proposal.id}`, "--unsigned");
    const expected = governor.interface.encodeFunctionData("cancel", proposal.key);
    expect(JSON.parse(canceling.out)).to.deep.equal({
      to: await governor.getAddress(),
      data: expected,
      value: "0",
      chainId: "31337",
    });
    const delegating = await dao("delegate", alice.address, "--unsigned");
    expect(JSON.parse(delegating.out).to).to.equal(await coin.getAddress());
    await expectRefusal(
      dao("delegate", "self", "--unsigned"),
      "The account is unknown. Pass --from ADDRESS.",
    );
    const proposing = ["propose", "ledger", "--admit", await coin.getAddress(), "--unsigned"];
    await expectRefusal(dao(...proposing), "The proposer is unknown. Pass --from ADDRESS.");
    await expectRefusal(
      dao(...proposing, "--as-council"),
      "Votes have started: the council may propose emergency calls only, coin holders everything else.",
    );
    const earlier = await at(founded);
    const admitting = ["propose", "ledger", "--admit", await earlier.coin.getAddress(), "--unsigned"];
    expect((await earlier.dao(...admitting, "--as-council")).status).to.equal(0);
  });
});

describe("benefit-grid dao, where the chain is", () => {
  const folder = temporaryFolder();

  it("when no node answers, says so", async () => {
    await expectRefusal(run("list"), "--rpc is missing. See --help.");
    await expectRefusal(
      run("list", "--rpc", "http://127.0.0.1:1"),
      "No node answers at http://127.0.0.1:1. Check the URL and that the node runs.",
    );
    await expectRefusal(run("list", "--rpc", "ws://127.0.0.1:1"), /: --rpc needs an http\(s\) URL/);
  });

  it("when the deployment is of another chain, incomplete or no JSON, says so", async () => {
    const { deployment } = await started();
    const node = await serve();
    const list = (file: string) => run("list", "--rpc", node.rpc, "--deployment", file);
    try {
      const other = write(folder, "other.json", { ...deployment, chainId: 1 });
      await expectRefusal(list(other), /: deployment is for chain 1, but the runner is on chain 31337\./);
      const { Guardian: _, ...contracts } = deployment.contracts;
      const partial = write(folder, "partial.json", { ...deployment, contracts });
      await expectRefusal(
        list(partial),
        "deployment.contracts has no Guardian. Pass all contracts of the deployment.",
      );
      await expectRefusal(list(write(folder, "text.json", "{")), /text\.json is not JSON: /);
      await expectRefusal(
        list(`${folder}/gone.json`),
        `There is no file ${folder}/gone.json. Check its path.`,
      );
      for (const content of ["null", "[]", "{}", '{"chainId":31337}', '{"chainId":31337,"contracts":null}']) {
        const none = write(folder, "none.json", content);
        await expectRefusal(
          list(none),
          `${none} is not a deployment: it needs chainId, contracts and blockNumber.`,
        );
      }
      const { blockNumber: _first, ...dateless } = deployment;
      await expectRefusal(
        list(write(folder, "dateless.json", dateless)),
        "deployment.blockNumber is undefined. Pass a whole number from 0.",
      );
    } finally {
      node.close();
    }
  });

  it("when the package knows no deployment on the node's chain, lists the known ones", async () => {
    const node = await serve(connection, "0x1092");
    try {
      await expectRefusal(
        run("list", "--rpc", node.rpc),
        "The node is on chain 4242, but this package knows deployments on: 31337. Pass another node, or --deployment FILE.",
      );
    } finally {
      node.close();
    }
  });
});

describe("benefit-grid dao, help", () => {
  const folder = temporaryFolder();

  it("names every command, and of each its options", async () => {
    const commands = ["delegate", "propose", "vote", "queue", "execute", "cancel", "status", "list"];
    const { out, status } = await run("help");
    expect(status).to.equal(0);
    for (const command of commands) expect(out).to.match(new RegExp(`^  ${command}`, "m"));
    for (const command of commands) {
      const help = await run(command, "--help");
      expect(help.out).to.match(new RegExp(`^Usage: benefit-grid dao ${command}`));
      expect(help.out).to.contain("--unsigned");
    }
    const { out: kinds } = await run("propose", "--help");
    expect(kinds).to.match(/admit-champion --country N[\s\S]*release-milestone --milestone ID/);
  });

  it("when a command, a kind or an option is unknown or missing, says so", async () => {
    await expectRefusal(run("bogus"), "There is no command bogus. See benefit-grid dao help.");
    await expectRefusal(run("toString"), "There is no command toString. See benefit-grid dao help.");
    await expectRefusal(run("list", "--bogus"), "There is no option --bogus. See --help.");
    await expectRefusal(run("list", "--bogus=1"), "There is no option --bogus. See --help.");
    await expectRefusal(run("list", "-x"), "There is no option -x. See --help.");
    const value = "If it begins with a dash, write --rpc=URL. See --help.";
    await expectRefusal(run("list", "--rpc"), `--rpc needs a value. ${value}`);
    await expectRefusal(run("list", "--rpc", "--json"), `--rpc needs a value. ${value}`);
    await expectRefusal(run("list", "--json=1"), "--json takes no value. See --help.");
  });

  it("refuses unused arguments", async () => {
    const refuse = async (argv: string, message: string) =>
      await expectRefusal(run(...argv.split(" "), "--rpc", "http://127.0.0.1:1"), message);
    await refuse("vote 1 for 2 against", "This command does not take 2 against. See --help.");
    await refuse("vote 1 for --and 2 for", "--and only joins kinds of proposals.");
    await refuse("delegate self twice", "This command does not take twice. See --help.");
    await refuse("list all", "This command does not take all. See --help.");
    await refuse("propose ledger --admit x --and source y", "This command does not take y. See --help.");
    for (const command of ["cancel", "execute", "queue", "status"])
      await refuse(`${command} 1 2`, "This command does not take 2. See --help.");
  });

  it("refuses options of another kind, and options that exclude each other", async () => {
    const { deployment, alice } = await started();
    const node = await serve();
    const file = write(folder, "deployment.json", deployment);
    const refuse = (argv: string, message: string) =>
      expectRefusal(run(...argv.split(" "), "--rpc", node.rpc, "--deployment", file), message);
    const { address } = alice;
    try {
      await refuse(
        `propose ledger --admit ${address} --cap 5`,
        "ledger has no --cap. Usage: ledger (--admit ADDRESS | --retire ADDRESS)",
      );
      const exclude = (one: string, other: string) => `--${one} and --${other} exclude each other.`;
      await refuse(`propose ledger --retire ${address} --admit ${address}`, exclude("admit", "retire"));
      await refuse(`propose source --remove ${address} --cap 5`, exclude("cap", "remove"));
      const currency = `propose currency --token ${address} --standard`;
      await refuse(`${currency} --reserve 5`, exclude("reserve", "standard"));
      await refuse(
        `propose ledger --admit ${address} --and source --retire ${address}`,
        "source has no --retire. Usage: source (--admit ADDRESS --cap UNITS | --remove ADDRESS)",
      );
    } finally {
      node.close();
    }
  });

  it("names what a proposal lacks", async () => {
    const { deployment } = await started();
    const node = await serve();
    const file = write(folder, "deployment.json", deployment);
    const propose = (...argv: string[]) => run("propose", ...argv, "--rpc", node.rpc, "--deployment", file);
    try {
      await expectRefusal(propose(), /: KIND, one of admit-champion, .* is missing\. See --help\.$/);
      await expectRefusal(
        propose("constructor"),
        /: There is no kind constructor\. There are admit-champion, /,
      );
      await expectRefusal(propose("ledger"), "--admit is missing. See --help.");
      await expectRefusal(propose("ledger", "--admit", "0x1"), /: ledger is 0x1, not an address/);
      const call = ["call", "--to", "GridGovernor", "--function", "setVotingDelay(uint48)"];
      await expectRefusal(propose(...call), /: args do not fit setVotingDelay\(uint48\)\./);
      await expectRefusal(
        propose(...call, "--args", "[1"),
        '--args needs valid JSON for lists and tuples, but got "[1".',
      );
      await expectRefusal(propose("call", "--to", "Nobody"), /: --to needs an address or one of /);
      const grant = ["call", "--to", "Commons", "--function", "grantRole(bytes32,address)"];
      const role = `0x${"00".repeat(32)}`;
      await expectRefusal(
        propose(...grant, "--args", role, "--args", "Nobody"),
        /: --args needs an address or one of .*Guardian.*, but got "Nobody"\.$/,
      );
      await expectRefusal(
        propose("call", "--to", "Guardian", "--function", "pause"),
        /: function is pause, not/,
      );
    } finally {
      node.close();
    }
  });
});

/** Runs something at a terminal with typed input, and returns the printed question. */
async function typing<T>(keys: string, running: () => Promise<T>): Promise<{ result: T; asked: string }> {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => terminal });
  const stdin = Object.getOwnPropertyDescriptor(process, "stdin") as PropertyDescriptor;
  const { write } = process.stderr;
  let asked = "";
  Object.defineProperty(process, "stdin", { configurable: true, value: terminal });
  process.stderr.write = (text: string | Uint8Array) => {
    asked += text;
    return true;
  };
  terminal.write(keys);
  try {
    const result = await running();
    return { result, asked };
  } finally {
    process.stderr.write = write;
    Object.defineProperty(process, "stdin", stdin);
  }
}
