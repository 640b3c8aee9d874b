import { expect } from "chai";
import { DAY, ethers, type GridFixture, licenseFixture, networkHelpers, voucher, WINDOW } from "../grid.ts";
import { randomOf } from "../settlement/support.ts";
import { createSignerModel } from "./rentals.ts";
import { Access, expiryOf, fieldsOf, licenseUnder, mineAt, nextAt, pauseAt } from "./support.ts";

type Signer = GridFixture["buyer"];

const { Allowed, LicenseExpired, SignerChanging, UserNotSigner } = Access;
const RENT = 10n * DAY;

/** License 1 of the buyer, rented to `user` at `start` for ten days. */
async function rentedFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const start = BigInt(await networkHelpers.time.latest()) + 10n;
  const expires = start + RENT;
  await nextAt(start);
  await grid.licenses.connect(grid.buyer).setUser(1n, grid.stranger, expires);
  return { ...grid, user: grid.stranger, start, expires };
}

/** `rentedFixture`, with the change to the user confirmed by the meter. */
async function servedFixture() {
  const grid = await networkHelpers.loadFixture(rentedFixture);
  await confirm(grid, 1n);
  return grid;
}

function confirm({ ledger, meter }: GridFixture, change: bigint) {
  return ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change }]);
}

async function settlingSigner({ licenses }: GridFixture) {
  const [word] = await licenses.settlementsOf(1n, [1n]);
  return ethers.getAddress(ethers.toBeHex((word ?? 0n) & (2n ** 160n - 1n), 20));
}

/** Holder and user at a time: how a gateway answers each, and whose vouchers settle. */
async function expectAt(
  grid: GridFixture & { user: Signer },
  time: bigint,
  holder: bigint,
  user: bigint,
  settles: Signer,
) {
  await mineAt(time);
  const { licenses, buyer } = grid;
  expect(await licenses.authorize(1n, buyer, 1n), `holder at ${time}`).to.equal(holder);
  expect(await licenses.authorize(1n, grid.user, 1n), `user at ${time}`).to.equal(user);
  expect(await settlingSigner(grid), `at ${time}`).to.equal(settles.address);
  expect(await licenses.signerOf(1n), `at ${time}`).to.equal(settles.address);
}

describe("LicenseNFT rental", () => {
  describe("setUser", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      for (const id of [2n, 2n ** 64n + 1n]) {
        await expect(licenses.connect(buyer).setUser(id, buyer, 2n ** 40n))
          .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when neither the holder nor an operator calls, reverts, even for the user", async () => {
      const { licenses, payee, user } = await networkHelpers.loadFixture(rentedFixture);
      for (const caller of [payee, user]) {
        await expect(licenses.connect(caller).setUser(1n, caller, 2n ** 40n))
          .to.be.revertedWithCustomError(licenses, "ERC721InsufficientApproval")
          .withArgs(caller.address, 1n);
      }
    });

    it("when the terms forbid transfers, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(() =>
        licenseUnder({ transferable: false }),
      );
      await expect(licenses.connect(buyer).setUser(1n, buyer, 2n ** 40n))
        .to.be.revertedWithCustomError(licenses, "LicenseNotTransferable")
        .withArgs(1n);
    });

    it("when its end is not in the future, reverts", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(buyer).setUser(1n, payee, now))
        .to.be.revertedWithCustomError(licenses, "LicenseRentalOver")
        .withArgs(1n, now);
    });

    for (const who of ["holder", "operator", "approved account"] as const) {
      it(`when the ${who} calls, names the user and starts a change of signer`, async () => {
        const { licenses, buyer, payee, stranger } = await networkHelpers.loadFixture(licenseFixture);
        if (who === "operator") await licenses.connect(buyer).setApprovalForAll(payee, true);
        if (who === "approved account") await licenses.connect(buyer).approve(payee, 1n);
        const now = BigInt(await networkHelpers.time.latest()) + 10n;
        await nextAt(now);
        const renting = licenses
          .connect(who === "holder" ? buyer : payee)
          .setUser(1n, stranger, 2n ** 64n - 1n);
        await expect(renting)
          .to.emit(licenses, "UpdateUser")
          .withArgs(1n, stranger.address, 2n ** 64n - 1n);
        await expect(renting)
          .to.emit(licenses, "SignerChangeStarted")
          .withArgs(1n, stranger.address, now + WINDOW, 1n);
        expect(await licenses.userOf(1n)).to.equal(stranger.address);
        expect(await licenses.userExpires(1n)).to.equal(2n ** 64n - 1n);
        expect(fieldsOf(await licenses.licenseOf(1n))).to.include({ keyed: true, rented: true });
      });
    }

    it("when nobody ends it, serves user and holder in turn, and settles each to the last second", async () => {
      const grid = await networkHelpers.loadFixture(rentedFixture);
      const { buyer, user, start, expires } = grid;
      await expectAt(grid, start + 1n, SignerChanging, SignerChanging, buyer);
      await expectAt(grid, start + WINDOW, SignerChanging, SignerChanging, buyer);
      await expectAt(grid, start + WINDOW + 1n, UserNotSigner, Allowed, user);
      await expectAt(grid, expires - 1n, UserNotSigner, Allowed, user);
      expect(await grid.licenses.userOf(1n)).to.equal(user.address);
      await expectAt(grid, expires, SignerChanging, SignerChanging, user);
      expect(await grid.licenses.userOf(1n)).to.equal(ethers.ZeroAddress);
      expect(await grid.licenses.userExpires(1n)).to.equal(expires);
      await expectAt(grid, expires + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, expires + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when it ends, the user's last voucher still settles, and then no more", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { ledger, licenses, meter, buyer, user, expires } = grid;
      const settle = async (signer: Signer, units: bigint) => {
        const rows = [await voucher(grid, signer, { licenseId: 1n, units })];
        return ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      };
      const first = await voucher(grid, user, { licenseId: 1n, units: 7n });
      await nextAt(expires + WINDOW);
      await ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows: [first] }]);
      await nextAt(expires + WINDOW + 1n);
      await expect(settle(user, 8n))
        .to.be.revertedWithCustomError(ledger, "VoucherSignatureInvalid")
        .withArgs(1n, buyer.address);
      await settle(buyer, 9n);
      expect((await licenses.licenseOf(1n)).rented).to.equal(true);
    });

    it("when it is shorter than the window, the user is never served and the holder never stops to sign", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, stranger: user } = grid;
      const start = BigInt(await networkHelpers.time.latest()) + 10n;
      const expires = start + WINDOW + 1n;
      await nextAt(start);
      await licenses.connect(buyer).setUser(1n, user, expires);
      await expectAt({ ...grid, user }, expires - 1n, SignerChanging, SignerChanging, buyer);
      await expectAt({ ...grid, user }, expires, Allowed, UserNotSigner, buyer);
      await expectAt({ ...grid, user }, expires + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when it is a second longer than the window, the user is served for this second", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, stranger: user } = grid;
      const start = BigInt(await networkHelpers.time.latest()) + 10n;
      const expires = start + WINDOW + 2n;
      await nextAt(start);
      await licenses.connect(buyer).setUser(1n, user, expires);
      await expectAt({ ...grid, user }, expires - 1n, UserNotSigner, Allowed, user);
      await expectAt({ ...grid, user }, expires, SignerChanging, SignerChanging, user);
    });

    it("when a session key signed before, it settles through a short rental and then the holder signs", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, payee: session, stranger: user } = grid;
      await licenses.connect(buyer).setSigner(1n, session);
      await confirm(grid, 1n);
      const start = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(start);
      await licenses.connect(buyer).setUser(1n, user, start + DAY);
      await expectAt({ ...grid, user }, start + DAY, SignerChanging, SignerChanging, session);
      await expectAt({ ...grid, user }, start + DAY + WINDOW, SignerChanging, SignerChanging, session);
      await expectAt({ ...grid, user }, start + DAY + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when the same user's rental is renewed or shortened, service goes on and the end moves", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, expires } = grid;
      for (const end of [expires + DAY, expires - DAY]) {
        const renewing = licenses.connect(buyer).setUser(1n, user, end);
        await expect(renewing).to.emit(licenses, "UpdateUser").withArgs(1n, user.address, end);
        await expect(renewing).not.to.emit(licenses, "SignerChangeStarted");
      }
      await expectAt(grid, expires - DAY - 1n, UserNotSigner, Allowed, user);
      await expectAt(grid, expires - DAY, SignerChanging, SignerChanging, user);
    });

    it("when it is over and the same user rents again before anybody else signs, service goes on at once", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, expires } = grid;
      await nextAt(expires + DAY);
      await expect(licenses.connect(buyer).setUser(1n, user, expires + RENT))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, user.address, 0n, 3n);
      await expectAt(grid, expires + DAY + 1n, UserNotSigner, Allowed, user);
    });

    it("when another user rents, the first one's vouchers settle meanwhile", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, payee, user, expires } = grid;
      const now = expires - DAY;
      await nextAt(now);
      await licenses.connect(buyer).setUser(1n, payee, expires + RENT);
      await expectAt(grid, now + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, now + WINDOW + 1n, UserNotSigner, UserNotSigner, payee);
    });

    it("when the holder ends it early, the user's vouchers settle for the window", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, expires } = grid;
      const now = expires - DAY;
      await nextAt(now);
      const ending = licenses.connect(buyer).setUser(1n, ethers.ZeroAddress, 5n);
      await expect(ending).to.emit(licenses, "UpdateUser").withArgs(1n, ethers.ZeroAddress, 0n);
      await expect(ending)
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, buyer.address, now + WINDOW, 2n);
      expect(await licenses.userExpires(1n)).to.equal(0n);
      await expectAt(grid, now + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, now + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when it is over by time, ending it forgets the user and moves no window", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, expires } = grid;
      await nextAt(expires + DAY);
      const ending = licenses.connect(buyer).setUser(1n, ethers.ZeroAddress, 0n);
      await expect(ending).to.emit(licenses, "UpdateUser").withArgs(1n, ethers.ZeroAddress, 0n);
      await expect(ending).not.to.emit(licenses, "SignerChangeStarted");
      expect(await licenses.keysOf(1n)).to.deep.equal([user.address, expires + WINDOW, 2n, buyer.address]);
      await expectAt(grid, expires + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, expires + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when nobody rents, ending it does nothing", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).setUser(1n, ethers.ZeroAddress, 0n)).not.to.emit(
        licenses,
        "UpdateUser",
      );
      expect((await licenses.licenseOf(1n)).keyed).to.equal(false);
    });

    it("when the license expires first, its window ends the user's vouchers", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user } = grid;
      const expiry = await expiryOf(grid);
      await licenses.connect(buyer).setUser(1n, user, expiry + RENT);
      await expectAt(grid, expiry, LicenseExpired, LicenseExpired, user);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(expiry + WINDOW);
      expect(await licenses.userOf(1n)).to.equal(user.address);
    });

    it("when settlement is paused after its end, the user's vouchers settle for as much longer", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { buyer, user, expires } = grid;
      await pauseAt(grid, expires + DAY, DAY);
      await expectAt(grid, expires + WINDOW + DAY, SignerChanging, SignerChanging, user);
      await expectAt(grid, expires + WINDOW + DAY + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when a pause delays the change beyond its end, the user never signs", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, stranger: user } = grid;
      const start = BigInt(await networkHelpers.time.latest()) + 10n;
      const expires = start + WINDOW + DAY;
      await nextAt(start);
      await licenses.connect(buyer).setUser(1n, user, expires);
      await pauseAt(grid, start + DAY, 2n * DAY);
      await expectAt({ ...grid, user }, expires - 1n, SignerChanging, SignerChanging, buyer);
      await expectAt({ ...grid, user }, expires, Allowed, UserNotSigner, buyer);
      await expectAt({ ...grid, user }, start + WINDOW + 3n * DAY, Allowed, UserNotSigner, buyer);
    });
  });

  describe("setSigner", () => {
    it("when the holder calls during a rental, reverts", async () => {
      const { licenses, buyer, user, expires } = await networkHelpers.loadFixture(servedFixture);
      await nextAt(expires - 1n);
      await expect(licenses.connect(buyer).setSigner(1n, buyer))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseUser")
        .withArgs(1n, buyer.address);
      await nextAt(expires);
      await expect(licenses.connect(user).setSigner(1n, user))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseHolder")
        .withArgs(1n, user.address);
    });

    it("when the user names a session key, it signs until the rental ends", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, payee: session, expires } = grid;
      await licenses.connect(user).setSigner(1n, session);
      await confirm(grid, 2n);
      await expectAt(grid, expires - 1n, UserNotSigner, UserNotSigner, session);
      expect(await licenses.authorize(1n, session, 1n)).to.equal(Allowed);
      await expectAt(grid, expires + WINDOW, SignerChanging, SignerChanging, session);
      await expectAt(grid, expires + WINDOW + 1n, Allowed, UserNotSigner, buyer);
    });

    it("when the user names a key too late, it never signs", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, user, payee: session, expires } = grid;
      await nextAt(expires - DAY);
      await licenses.connect(user).setSigner(1n, session);
      await expectAt(grid, expires + WINDOW, SignerChanging, SignerChanging, user);
    });

    it("when the holder names a key after the rental, forgets the user", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, payee: session, user, expires } = grid;
      await nextAt(expires + 1n);
      const naming = licenses.connect(buyer).setSigner(1n, session);
      await expect(naming).to.emit(licenses, "UpdateUser").withArgs(1n, ethers.ZeroAddress, 0n);
      await expect(naming)
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, session.address, expires + 1n + WINDOW, 3n);
      await expectAt(grid, expires + 1n + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, expires + 2n + WINDOW, UserNotSigner, UserNotSigner, session);
    });
  });

  describe("transferFrom", () => {
    it("when the license is rented, ends the rental, and the user's vouchers settle for the window", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, payee, user, start } = grid;
      await nextAt(start + DAY);
      await expect(licenses.connect(buyer).transferFrom(buyer, payee, 1n))
        .to.emit(licenses, "UpdateUser")
        .withArgs(1n, ethers.ZeroAddress, 0n);
      expect(await licenses.userOf(1n)).to.equal(ethers.ZeroAddress);
      await expectAt(grid, start + DAY + WINDOW, SignerChanging, SignerChanging, user);
      await expectAt(grid, start + DAY + WINDOW + 1n, UserNotSigner, UserNotSigner, payee);
    });

    it("when nobody rented it, says nothing of a user", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).transferFrom(buyer, payee, 1n)).not.to.emit(
        licenses,
        "UpdateUser",
      );
    });
  });

  describe("confirmSigner", () => {
    it("when the rental is over, the meter confirms the holder earlier", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, buyer, user, expires } = grid;
      await mineAt(expires);
      expect(await licenses.keysOf(1n)).to.deep.equal([user.address, expires + WINDOW, 2n, buyer.address]);
      const confirming = confirm(grid, 2n);
      await expect(confirming).to.emit(licenses, "SignerChangeConfirmed").withArgs(1n, buyer.address);
      await expect(confirming).to.emit(licenses, "UpdateUser").withArgs(1n, ethers.ZeroAddress, 0n);
      await expectAt(grid, expires + 2n, Allowed, UserNotSigner, buyer);
    });

    it("when the confirmation of the start comes after the end, it is skipped", async () => {
      const grid = await networkHelpers.loadFixture(rentedFixture);
      const { ledger, user, expires } = grid;
      await nextAt(expires);
      await expect(confirm(grid, 1n)).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, 1n, 1n);
      expect(await settlingSigner(grid)).to.equal(user.address);
    });

    it("when the end is confirmed before it came, it is skipped", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { ledger, user } = grid;
      await expect(confirm(grid, 2n)).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, 1n, 2n);
      expect(await settlingSigner(grid)).to.equal(user.address);
    });
  });

  describe("deadlinesOf", () => {
    it("when the user signs, it settles until the window after the rental", async () => {
      const { licenses, expires } = await networkHelpers.loadFixture(servedFixture);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(expires + WINDOW);
      await mineAt(expires + 1n);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(expires + WINDOW);
    });

    it("when the change to the user is pending, the old signer settles until then", async () => {
      const { licenses, start } = await networkHelpers.loadFixture(rentedFixture);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(start + WINDOW);
    });
  });

  describe("closing", () => {
    it("when a rented license closes, the user is forgotten and the refund is the holder's", async () => {
      const grid = await networkHelpers.loadFixture(servedFixture);
      const { licenses, ledger, router, usd, buyer, user } = grid;
      const expiry = await expiryOf(grid);
      await licenses.connect(buyer).setUser(1n, user, expiry + 2n * RENT);
      await nextAt(expiry + WINDOW + 1n);
      await expect(ledger.close(1n)).to.emit(licenses, "UpdateUser").withArgs(1n, ethers.ZeroAddress, 0n);
      expect(await licenses.userOf(1n)).to.equal(ethers.ZeroAddress);
      expect(await router.withdrawable(buyer, usd)).to.be.greaterThan(0n);
    });
  });

  for (const seed of [1, 2, 3, 4]) {
    it(`when people act at random (${seed}), the chain and a plain account of events agree`, async () => {
      const grid = await licenseUnder({ duration: 2n ** 39n });
      await walk(grid, randomOf(seed));
    });
  }
});

/** 60 random acts on license 1, after each of which everything is compared with the model. */
async function walk(grid: GridFixture, random: (below: number) => number) {
  const { licenses, ledger, guardian, meter, buyer, payee, stranger, creator } = grid;
  const people = [buyer, payee, stranger, creator];
  const byAddress = new Map(people.map((person) => [person.address, person]));
  const model = createSignerModel(buyer.address);
  const { state } = model;
  let now = BigInt(await networkHelpers.time.latest());
  let pausedUntil = 0n;
  let pauses = 0;
  for (let i = 0; i < 60; i += 1) {
    // Often to the second before, at or after a moment that matters.
    const moments = [state.rental?.expires, state.pending && state.pending.start + WINDOW].filter(
      (moment) => moment !== undefined && moment > now + 5n,
    ) as bigint[];
    const moment = moments[random(moments.length + 1)];
    now = moment === undefined ? now + 1n + BigInt(random(2 * Number(DAY))) : moment + BigInt(random(3)) - 1n;
    await nextAt(now);
    model.advance(now);
    const person = people[random(people.length)] as Signer;
    const holder = byAddress.get(state.holder) as Signer;
    const entitled = byAddress.get(model.entitled()) as Signer;
    const act = random(8);
    if (act <= 1) {
      const expires = now + 1n + BigInt(random(8 * Number(DAY)));
      await licenses.connect(holder).setUser(1n, person, expires);
      model.setUser(person.address, expires, now);
    } else if (act === 2) {
      await licenses.connect(holder).setUser(1n, ethers.ZeroAddress, 0n);
      model.endRental(now);
    } else if (act === 3) {
      await licenses.connect(entitled).setSigner(1n, person);
      model.setSigner(person.address, now);
    } else if (act === 4 && random(3) === 0) {
      await licenses.connect(holder).transferFrom(holder, person, 1n);
      model.transfer(person.address, now);
    } else if (act === 5) {
      await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: state.changes }]);
      model.confirm();
    } else if (act === 6 && now >= pausedUntil && pauses < 8) {
      const length = 1n + BigInt(random(3 * Number(DAY)));
      await guardian.pause(length);
      pausedUntil = now + length;
      pauses += 1;
      model.pause(now, pausedUntil);
    } else {
      await mineAt(now);
    }
    await expectModel(grid, people, model.state, `seed step ${i}`);
  }
}

async function expectModel(
  grid: GridFixture,
  people: Signer[],
  state: ReturnType<typeof createSignerModel>["state"],
  where: string,
) {
  const { licenses } = grid;
  const { offerId } = await licenses.licenseOf(1n);
  const [word] = await licenses.settlementsOf(offerId, [1n]);
  expect(ethers.toBeHex((word ?? 0n) & (2n ** 160n - 1n), 20), where).to.equal(state.signer.toLowerCase());
  expect(await licenses.signerOf(1n), where).to.equal(state.signer);
  expect((await licenses.keysOf(1n)).changes, where).to.equal(state.changes);
  expect(await licenses.userOf(1n), where).to.equal(state.rental?.user ?? ethers.ZeroAddress);
  for (const { address } of people) {
    const expected = state.pending ? SignerChanging : address === state.signer ? Allowed : UserNotSigner;
    expect(await licenses.authorize(1n, address, 1n), where).to.equal(expected);
  }
}
