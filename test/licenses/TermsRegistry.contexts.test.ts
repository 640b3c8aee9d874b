import { CONTEXT_KINDS, CONTEXTS } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, gridFixture, impersonate, networkHelpers, terms } from "../grid.ts";
import { defineOtherContexts, termsIdOf } from "./support.ts";

/** The contract's numbers. */
const Kind = { purpose: 0n, sector: 1n, territory: 2n } as const;
const FIRST = 2n ** BigInt(Object.keys(CONTEXTS).length) - 1n;

/** The registry as the timelock calls it. */
async function governedFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  return { ...grid, registry: grid.terms.connect(await impersonate(grid.timelock)) };
}

async function fullFixture() {
  const grid = await networkHelpers.loadFixture(governedFixture);
  await defineOtherContexts(grid);
  return grid;
}

describe("TermsRegistry contexts", () => {
  describe("genesis", () => {
    it("when deployed, the chain has the SDK's contexts, by code and kind", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      expect(await registry.contextsDefined()).to.equal(FIRST);
      for (const [name, code] of Object.entries(CONTEXTS)) {
        const kind = Kind[CONTEXT_KINDS[name as keyof typeof CONTEXTS]];
        expect(await registry.contextOf(code)).to.deep.equal([kind, name]);
      }
    });
  });

  describe("register", () => {
    it("when terms have contexts without a code, reverts and names them", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      await expect(registry.register(terms({ contexts: 2n ** 32n - 1n })))
        .to.be.revertedWithCustomError(registry, "TermsContextsUndefined")
        .withArgs(2n ** 32n - 1n - FIRST);
      await expect(registry.register(terms({ contexts: FIRST + 1n + 1n })))
        .to.be.revertedWithCustomError(registry, "TermsContextsUndefined")
        .withArgs(FIRST + 1n);
    });

    it("when they are defined, even all 32, stores them", async () => {
      const { registry } = await networkHelpers.loadFixture(fullFixture);
      const all = terms({ contexts: 2n ** 32n - 1n });
      await registry.register(all);
      expect((await registry.conditionsOf(termsIdOf(all))).contexts).to.equal(2n ** 32n - 1n);
    });
  });

  describe("defineContext", () => {
    it("when somebody without the admin role calls, even the deployer, reverts", async () => {
      const { terms: registry, deployer } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.connect(deployer).defineContext(Kind.sector, "law"))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(deployer.address, ethers.ZeroHash);
    });

    it("when all 32 codes are given, reverts", async () => {
      const { registry } = await networkHelpers.loadFixture(fullFixture);
      expect(await registry.contextsDefined()).to.equal(2n ** 32n - 1n);
      await expect(registry.defineContext(Kind.sector, "law"))
        .to.be.revertedWithCustomError(registry, "ContextsTooMany")
        .withArgs(32n);
    });

    it("when the name is empty, too long, or has other characters, reverts", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      for (const name of ["", "a".repeat(32), "Law", "law school", "law_", "`", "{", "/", ":", "é", "a\0"]) {
        await expect(registry.defineContext(Kind.sector, name), name)
          .to.be.revertedWithCustomError(registry, "ContextNameInvalid")
          .withArgs(name);
      }
    });

    it("when the name is taken, also under another kind, reverts", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      await expect(registry.defineContext(Kind.territory, "health"))
        .to.be.revertedWithCustomError(registry, "ContextAlreadyDefined")
        .withArgs("health");
    });

    it("when it is new, gives the next code, and terms may have it", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      const names = ["law", "a".repeat(31), "0-9"];
      for (const [i, name] of names.entries()) {
        const code = BigInt(Object.keys(CONTEXTS).length + i);
        await expect(registry.defineContext(Kind.territory, name))
          .to.emit(registry, "ContextDefined")
          .withArgs(code, Kind.territory, name);
        expect(await registry.contextOf(code)).to.deep.equal([Kind.territory, name]);
        await expect(registry.register(terms({ contexts: 1n << code }))).to.emit(registry, "TermsRegistered");
      }
      expect(await registry.contextsDefined()).to.equal(FIRST * 8n + 7n);
    });
  });

  describe("contextOf", () => {
    it("when the code is not given yet, reverts", async () => {
      const { registry } = await networkHelpers.loadFixture(governedFixture);
      for (const code of [BigInt(Object.keys(CONTEXTS).length), 32n, 255n]) {
        await expect(registry.contextOf(code))
          .to.be.revertedWithCustomError(registry, "ContextUndefined")
          .withArgs(code);
      }
    });
  });
});
