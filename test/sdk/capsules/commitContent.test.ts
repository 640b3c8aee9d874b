import {
  commitContent,
  createClient,
  deriveSalt,
  getFirstRegistered,
  hashContent,
  registerCapsule,
  revealContent,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import type { Signer } from "ethers";
import { ethers, gridFixture, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const SALT = `0x${"5a".repeat(32)}` as const;
const contentHash = await hashContent(new TextEncoder().encode("a model"));
const capsule = { kind: "model", contentHash, uri: "" } as const;

async function parties() {
  const grid = await withClients(gridFixture);
  return { ...grid, client: await grid.as(grid.creator), copier: await grid.as(grid.stranger) };
}

/** A copy of this wallet whose every signature differs. */
function unsteady(wallet: Signer): Signer {
  let count = 0;
  const signTypedData = async () => `0x${(++count).toString(16).padStart(130, "0")}`;
  return Object.create(wallet, { signTypedData: { value: signTypedData } });
}

describe("commitContent", () => {
  it("when a parameter is malformed or nobody can sign, names it", async () => {
    const { client, deployment } = await parties();
    await expectInvalid(commitContent(client, { contentHash: "0x12" }), "contentHash");
    await expectInvalid(commitContent(client, { contentHash, salt: "0x12" }), "salt");
    await expectInvalid(commitContent(client, { contentHash, owner: "0x12" }), "owner");
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(commitContent.prepare(reader, { contentHash }), "client");
    await expectInvalid(deriveSalt(reader, { contentHash }), "signer");
  });

  it("when the wallet signs differently each time, refuses to derive a salt, but takes a given one", async () => {
    const { creator, as } = await parties();
    const client = await as(unsteady(creator));
    const refusal = await rejectionOf(commitContent.prepare(client, { contentHash }));
    expect(refusal.name).to.equal("SignatureNotRepeatableError");
    const { to } = await commitContent.prepare(client, { contentHash, salt: SALT });
    expect(to).to.equal(client.addresses.CapsuleRegistry);
  });

  it("computes the registry's commitment", async () => {
    const { client, capsules, creator, payee } = await parties();
    for (const owner of [creator, payee]) {
      const commitment = await capsules.commitmentOf(owner, contentHash, SALT);
      const parameters = { contentHash, salt: SALT, ...(owner === payee && { owner: payee.address }) };
      await expect(commitContent(client, parameters))
        .to.emit(capsules, "ContentCommitted")
        .withArgs(commitment);
    }
  });
});

describe("revealContent", () => {
  it("when a copy was registered before, the committer is still first, and stores no salt", async () => {
    const { client, copier, creator, stranger, capsules } = await parties();
    await commitContent(client, { contentHash });
    const time = BigInt(await networkHelpers.time.latest());
    await registerCapsule(copier, { ...capsule, owner: stranger.address });
    const { capsuleId } = await registerCapsule(client, { ...capsule, owner: creator.address });
    expect((await getFirstRegistered(client, { contentHash })).capsuleId).to.equal(1n);

    const revealed = await revealContent(client, { capsuleId, version: 1n });
    expect(revealed).to.include({ contentHash, committedAt: time });
    const first = await getFirstRegistered(client, { contentHash });
    expect(first).to.deep.equal({ capsuleId, version: 1n, time });

    const salt = await deriveSalt(copier, { contentHash });
    const commitment = await capsules.commitmentOf(stranger, contentHash, salt);
    const copied = revealContent(copier, { capsuleId: 1n, version: 1n });
    await expectRevert(copied, "CommitmentNonexistent", { commitment });
  });

  it("when somebody copied the pending commitment, both transactions succeed", async () => {
    const { client, copier, creator } = await parties();
    const { data, to } = await commitContent.prepare(client, { contentHash, salt: SALT });
    await (copier.runner as Signer).sendTransaction({ data, to });
    const time = BigInt(await networkHelpers.time.latest());
    await commitContent(client, { contentHash, salt: SALT });
    const { capsuleId } = await registerCapsule(client, { ...capsule, owner: creator.address });
    const { committedAt } = await revealContent(client, { capsuleId, version: 1n, salt: SALT });
    expect(committedAt).to.equal(time);
  });

  it("when an id or salt is malformed, or the version does not exist, says so", async () => {
    const { client, creator } = await parties();
    const { capsuleId } = await registerCapsule(client, { ...capsule, owner: creator.address });
    await expectInvalid(revealContent(client, { capsuleId: -1n, version: 1n }), "capsuleId");
    await expectInvalid(revealContent(client, { capsuleId, version: 1n, salt: "0x1" }), "salt");
    const missing = revealContent(client, { capsuleId, version: 2n });
    await expectRevert(missing, "VersionNonexistent", { capsuleId, version: 2n });
  });
});

describe("getFirstRegistered", () => {
  it("when the hash is malformed or unregistered, says so", async () => {
    const { client } = await parties();
    await expectInvalid(getFirstRegistered(client, { contentHash: "0x12" }), "contentHash");
    await expectRevert(getFirstRegistered(client, { contentHash }), "ContentUnregistered", { contentHash });
  });
});
