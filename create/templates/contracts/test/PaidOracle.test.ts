import { deployGrid } from "@benefit-grid/contracts/testing";
import {
  createClient,
  encodeContexts,
  getRevenue,
  hashContent,
  mintLicense,
  publishCapsule,
  registerMeter,
} from "@benefit-grid/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { network } from "hardhat";

const PRICE = 1_000_000n;
const RESEARCH = encodeContexts(["research"]);

/** A published capsule, an oracle for it, and a user with a license and money. */
async function oracleFixture() {
  const connection = await network.create();
  const { ethers } = connection;
  const [creator, user, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const deployment = await deployGrid(connection);
  const { LicenseNFT, TermsRegistry, SettlementRouter, TestUSD, UsageLedger } = deployment.contracts;
  const client = await createClient({ runner: creator, deployment });
  const account = creator.address as `0x${string}`;
  const { meterId } = await registerMeter(client, { payee: account, endpoint: "https://meter.example" });
  const { capsuleId, offerId } = await publishCapsule(client, {
    kind: "model",
    contentHash: await hashContent(new TextEncoder().encode("weights")),
    uri: "https://model.example",
    shares: [{ role: "model", units: 1n, account }],
    terms: {
      duration: 86_400n,
      revocationNotice: 0n,
      maxUnits: 100n,
      contexts: RESEARCH,
      transferable: true,
    },
    offer: { ledger: UsageLedger, meterId, currency: TestUSD, pricePerMillion: 0n },
  });
  const buyer = await createClient({ runner: user, deployment });
  const { licenseId } = await mintLicense(buyer, {
    offerId,
    to: user.address as `0x${string}`,
    units: 1n,
    maxPrice: 0n,
  });
  const oracle = await ethers.deployContract("PaidOracle", [
    LicenseNFT,
    TermsRegistry,
    SettlementRouter,
    capsuleId,
    TestUSD,
    PRICE,
  ]);
  const usd = buyer.contracts.TestUSD;
  if (!usd) throw new Error("The grid has no test token");
  await (await usd.mint(user.address, 10n * PRICE)).wait();
  await (await usd.approve(await oracle.getAddress(), 10n * PRICE)).wait();
  return { client, oracle, usd, user: user, stranger: stranger, licenseId, capsuleId, token: TestUSD };
}

describe("PaidOracle", () => {
  it("takes a licensee's question, and pays the capsule for it", async () => {
    const { client, oracle, usd, user, licenseId, capsuleId, token } = await oracleFixture();
    await expect(oracle.connect(user).ask(licenseId, RESEARCH, "What heals wounds?"))
      .to.emit(oracle, "Asked")
      .withArgs(1n, user.address, licenseId, "What heals wounds?");
    const { total } = await getRevenue(client, { capsuleId, sharesVersion: 1n, token });
    expect(total).to.equal(PRICE);
    expect(await usd.balanceOf(await oracle.getAddress())).to.equal(0n);
  });

  it("refuses others, and contexts that the license does not have", async () => {
    const { oracle, user, stranger, licenseId } = await oracleFixture();
    await expect(oracle.connect(stranger).ask(licenseId, RESEARCH, "?")).to.be.revertedWithCustomError(
      oracle,
      "LicenseRefused",
    );
    const commercial = encodeContexts(["commercial"]);
    await expect(oracle.connect(user).ask(licenseId, commercial, "?")).to.be.revertedWithCustomError(
      oracle,
      "LicenseRefused",
    );
  });
});
