import { expect } from "chai";
import {
  ethers,
  type GridFixture,
  licenseFixture,
  mintParams,
  networkHelpers,
  offerFixture,
  WINDOW,
} from "../grid.ts";
import { Access, licenseUnder, mineAt, nextAt } from "./support.ts";

type Signer = GridFixture["buyer"];

const notTransferable = () => licenseUnder({ transferable: false });

/** License 1 of the buyer. `session` was named its signer at `startedAt` and signs after `changeAt`. */
async function changingFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const startedAt = BigInt(await networkHelpers.time.latest()) + 10n;
  await nextAt(startedAt);
  await grid.licenses.connect(grid.buyer).setSigner(1n, grid.stranger);
  return { ...grid, session: grid.stranger, startedAt, changeAt: startedAt + WINDOW };
}

/** The signer of license 1 whose vouchers settle. */
async function settlingSigner({ licenses }: GridFixture) {
  const [word] = await licenses.settlementsOf(1n, [1n]);
  return ethers.getAddress(ethers.toBeHex((word ?? 0n) & (2n ** 160n - 1n), 20));
}

/** At each time, in turn: the signer served by a gateway, and the signer whose vouchers settle. */
async function expectTimeline(
  grid: GridFixture,
  accounts: Signer[],
  times: [bigint, { access: bigint[]; settles: Signer }][],
) {
  for (const [time, { access, settles }] of times) {
    await mineAt(time);
    const answers: bigint[] = [];
    for (const account of accounts) answers.push(await grid.licenses.authorize(1n, account, 1n));
    expect(answers, `at ${time}`).to.deep.equal(access);
    expect(await settlingSigner(grid), `at ${time}`).to.equal(settles.address);
  }
}

const { Allowed, SignerChanging, UserNotSigner } = Access;

describe("LicenseNFT signer", () => {
  describe("setSigner", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).setSigner(2n, buyer))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when somebody else calls, even an operator or the signer itself, reverts", async () => {
      const { licenses, buyer, payee, session } = await networkHelpers.loadFixture(changingFixture);
      await licenses.connect(buyer).setApprovalForAll(payee, true);
      for (const caller of [payee, session]) {
        await expect(licenses.connect(caller).setSigner(1n, caller))
          .to.be.revertedWithCustomError(licenses, "CallerNotLicenseHolder")
          .withArgs(1n, caller.address);
      }
    });

    it("when the signer is zero, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).setSigner(1n, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        licenses,
        "LicenseSignerZero",
      );
    });

    it("when the holder calls, starts a change, effective after the settlement window", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(licenseFixture);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(buyer).setSigner(1n, stranger))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, stranger.address, now + WINDOW, 1n);
      expect(await licenses.keysOf(1n)).to.deep.equal([buyer.address, now + WINDOW, 1n, stranger.address]);
      expect((await licenses.licenseOf(1n)).keyed).to.equal(true);
    });

    it("when a change is pending, serves nobody until its last second, then the new signer alone", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { buyer, session, startedAt, changeAt } = fixture;
      const during = { access: [SignerChanging, SignerChanging], settles: buyer };
      await expectTimeline(
        fixture,
        [buyer, session],
        [
          [startedAt + 1n, during],
          [changeAt, during],
          [changeAt + 1n, { access: [UserNotSigner, Allowed], settles: session }],
        ],
      );
    });

    it("when a pending change is replaced, the first one never takes effect and the window starts anew", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, buyer, session, payee, changeAt } = fixture;
      await nextAt(changeAt);
      await licenses.connect(buyer).setSigner(1n, payee);
      expect(await licenses.keysOf(1n)).to.deep.equal([buyer.address, changeAt + WINDOW, 2n, payee.address]);
      const during = { access: [SignerChanging, SignerChanging, SignerChanging], settles: buyer };
      await expectTimeline(
        fixture,
        [buyer, session, payee],
        [
          [changeAt + 1n, during],
          [changeAt + WINDOW, during],
          [changeAt + WINDOW + 1n, { access: [UserNotSigner, UserNotSigner, Allowed], settles: payee }],
        ],
      );
    });

    it("when a change has taken effect, the next one leaves its signer to settle meanwhile", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, buyer, session, payee, changeAt } = fixture;
      const next = changeAt + 1n;
      await nextAt(next);
      await licenses.connect(buyer).setSigner(1n, payee);
      expect(await licenses.keysOf(1n)).to.deep.equal([session.address, next + WINDOW, 2n, payee.address]);
      await expectTimeline(
        fixture,
        [buyer, session, payee],
        [
          [next + WINDOW, { access: [SignerChanging, SignerChanging, SignerChanging], settles: session }],
          [next + WINDOW + 1n, { access: [UserNotSigner, UserNotSigner, Allowed], settles: payee }],
        ],
      );
    });

    it("when the current signer is named again, ends the pending change at once", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, buyer, session } = fixture;
      await expect(licenses.connect(buyer).setSigner(1n, buyer))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, buyer.address, 0n, 2n);
      const now = BigInt(await networkHelpers.time.latest());
      const after = { access: [Allowed, UserNotSigner], settles: buyer };
      await expectTimeline(
        fixture,
        [buyer, session],
        [
          [now + 1n, after],
          [now + WINDOW + 1n, after],
        ],
      );
    });

    it("when the license was minted with a signer, its vouchers settle meanwhile", async () => {
      const { licenses, buyer, stranger, payee } = await networkHelpers.loadFixture(offerFixture);
      const params = { ...mintParams(1n, buyer, 1n), signer: stranger.address };
      await licenses.connect(buyer).mint(params, "0x");
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(UserNotSigner);
      expect(await licenses.authorize(1n, stranger, 1n)).to.equal(Allowed);
      await licenses.connect(buyer).setSigner(1n, payee);
      const { signer, pending } = await licenses.keysOf(1n);
      expect([signer, pending]).to.deep.equal([stranger.address, payee.address]);
    });

    it("when the terms forbid transfers, the holder may still name a signer", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(notTransferable);
      await expect(licenses.connect(buyer).setSigner(1n, stranger)).to.emit(licenses, "SignerChangeStarted");
    });
  });

  describe("transferFrom", () => {
    it("when the terms forbid transfers, reverts for holder and operator", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(notTransferable);
      await licenses.connect(buyer).setApprovalForAll(stranger, true);
      for (const caller of [buyer, stranger]) {
        await expect(licenses.connect(caller).transferFrom(buyer, stranger, 1n))
          .to.be.revertedWithCustomError(licenses, "LicenseNotTransferable")
          .withArgs(1n);
      }
    });

    it("when the license changes hands, the new holder becomes its signer after the window", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, payee } = fixture;
      const changeAt = BigInt(await networkHelpers.time.latest()) + 10n + WINDOW;
      await nextAt(changeAt - WINDOW);
      await expect(licenses.connect(buyer).transferFrom(buyer, payee, 1n))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, payee.address, changeAt, 1n);
      const during = { access: [SignerChanging, SignerChanging], settles: buyer };
      await expectTimeline(
        fixture,
        [buyer, payee],
        [
          [changeAt - WINDOW + 1n, during],
          [changeAt, during],
          [changeAt + 1n, { access: [UserNotSigner, Allowed], settles: payee }],
        ],
      );
    });

    it("when a session key signs, it settles until the new holder does", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, buyer, payee, session, changeAt } = fixture;
      await nextAt(changeAt + 1n);
      await licenses.connect(buyer).transferFrom(buyer, payee, 1n);
      await expectTimeline(
        fixture,
        [buyer, session, payee],
        [
          [
            changeAt + 1n + WINDOW,
            { access: [SignerChanging, SignerChanging, SignerChanging], settles: session },
          ],
          [changeAt + 2n + WINDOW, { access: [UserNotSigner, UserNotSigner, Allowed], settles: payee }],
        ],
      );
    });

    it("when the license comes back during a change, the first holder is served again at once", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, payee } = fixture;
      await licenses.connect(buyer).transferFrom(buyer, payee, 1n);
      await expect(licenses.connect(payee).transferFrom(payee, buyer, 1n))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, buyer.address, 0n, 2n);
      const now = BigInt(await networkHelpers.time.latest());
      const after = { access: [Allowed, UserNotSigner], settles: buyer };
      await expectTimeline(
        fixture,
        [buyer, payee],
        [
          [now + 1n, after],
          [now + WINDOW + 1n, after],
        ],
      );
    });
  });

  describe("confirmSigner", () => {
    it("when the license does not exist, skips it", async () => {
      const { licenses } = await networkHelpers.loadFixture(changingFixture);
      expect(await licenses.confirmSigner.staticCall(2n, 1n)).to.equal(0n);
    });

    it("when anybody but the ledger calls, even holder, signer or meter, reverts", async () => {
      const { licenses, buyer, session, meter } = await networkHelpers.loadFixture(changingFixture);
      for (const caller of [buyer, session, meter]) {
        await expect(licenses.connect(caller).confirmSigner(1n, 1n))
          .to.be.revertedWithCustomError(licenses, "CallerNotLicenseLedger")
          .withArgs(1n, caller.address);
      }
    });

    it("when no change is pending, skips it", async () => {
      const { licenses, ledger, meter } = await networkHelpers.loadFixture(licenseFixture);
      for (const change of [0n, 1n]) {
        const confirming = ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change }]);
        await expect(confirming).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, 1n, change);
        await expect(confirming).not.to.emit(licenses, "SignerChangeConfirmed");
      }
    });

    it("when another change replaced the confirmed one, skips it, and the old signer's vouchers still settle", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, ledger, meter, buyer, session, payee, changeAt } = fixture;
      await nextAt(changeAt + 1n);
      await licenses.connect(buyer).setSigner(1n, payee);
      const confirming = ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      await expect(confirming).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, 1n, 1n);
      await expect(confirming).not.to.emit(licenses, "SignerChangeConfirmed");
      expect(await settlingSigner(fixture)).to.equal(session.address);
    });

    it("when the meter confirms, the new signer is served and settles at once", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, ledger, meter, buyer, session, startedAt } = fixture;
      const confirm = () => ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      await expect(confirm()).to.emit(licenses, "SignerChangeConfirmed").withArgs(1n, session.address);
      expect((await licenses.keysOf(1n)).slice(0, 3)).to.deep.equal([session.address, 0n, 1n]);
      await expectTimeline(
        fixture,
        [buyer, session],
        [[startedAt + 2n, { access: [UserNotSigner, Allowed], settles: session }]],
      );
      await expect(confirm()).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, 1n, 1n);
    });

    it("when the change has taken effect already, confirms it", async () => {
      const fixture = await networkHelpers.loadFixture(changingFixture);
      const { licenses, ledger, meter, session, changeAt } = fixture;
      await nextAt(changeAt + 1n);
      await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      expect(await licenses.authorize(1n, session, 1n)).to.equal(Allowed);
      expect(await settlingSigner(fixture)).to.equal(session.address);
    });

    it("when the signer changes, back to the old one or by transfer, each change has its own number", async () => {
      const { licenses, buyer, payee, stranger } = await networkHelpers.loadFixture(licenseFixture);
      const changes = [
        () => licenses.connect(buyer).setSigner(1n, stranger),
        () => licenses.connect(buyer).setSigner(1n, buyer),
        () => licenses.connect(buyer).setSigner(1n, buyer),
        () => licenses.connect(buyer).transferFrom(buyer, buyer, 1n),
        () => licenses.connect(buyer).transferFrom(buyer, payee, 1n),
        () => licenses.connect(payee).transferFrom(payee, buyer, 1n),
      ];
      expect((await licenses.keysOf(1n)).changes).to.equal(0n);
      for (const [i, change] of changes.entries()) {
        await change();
        expect((await licenses.keysOf(1n)).changes).to.equal(BigInt(i + 1));
      }
    });
  });
});
