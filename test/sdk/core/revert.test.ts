import { approvePayment, ContractRevertError, claim, pay, type Revert, withdraw } from "@benefit-grid/sdk";
import { expect } from "chai";
import { makeError, type Signer } from "ethers";
import { ethers, offerFixture } from "../../grid.ts";
import { expectRevert, rejectionOf, withClients } from "../clients.ts";

const errors = new ethers.Interface([
  "error OfferAlreadyRetired(uint64 offerId)",
  "error Error(string)",
  "error Panic(uint256)",
  "error Strange(uint256)",
]);
const data = errors.encodeErrorResult("OfferAlreadyRetired", [7n]);

/** A signer, unable to send for this reason. */
function failing(signer: Signer, reason: unknown): Signer {
  return Object.create(signer, { sendTransaction: { value: () => Promise.reject(reason) } });
}

async function decoded(reason: unknown) {
  const { as, creator, token } = await withClients(offerFixture);
  const client = await as(failing(creator, reason));
  return await rejectionOf(approvePayment(client, { token, amount: 1n }));
}

describe("a revert", () => {
  const shapes = {
    "as ethers throws it": makeError("reverted", "CALL_EXCEPTION", {
      action: "estimateGas",
      data,
      reason: null,
      transaction: { to: null, data: "0x" },
      invocation: null,
      revert: null,
    }),
    "as a node answers": { code: 3, message: "execution reverted", data },
    "as a wallet wraps it": { code: -32603, data: { originalError: {}, data } },
    "as ethers wraps what it does not know": { code: "UNKNOWN_ERROR", error: { code: -32000, data } },
    "as a provider keeps it": { info: { error: { data } } },
    "as a cause": new Error("wrapped", { cause: { data } }),
  };
  for (const [shape, reason] of Object.entries(shapes)) {
    it(`when thrown ${shape}, is decoded`, async () => {
      const error = await decoded(reason);
      expect(error)
        .to.be.instanceOf(ContractRevertError)
        .and.to.deep.include({
          name: "OfferAlreadyRetired",
          args: { offerId: 7n },
          cause: reason,
        });
    });
  }

  it("when it is Solidity's Error or Panic, has message or code", async () => {
    const message = await decoded({ data: errors.encodeErrorResult("Error", ["no"]) });
    expect(message).to.deep.include({ name: "Error", args: { message: "no" } });
    const code = await decoded({ data: errors.encodeErrorResult("Panic", [0x11n]) });
    expect(code).to.deep.include({ name: "Panic", args: { code: 0x11n } });
  });

  it("when nobody knows it, keeps the data", async () => {
    const strange = errors.encodeErrorResult("Strange", [1n]);
    expect(await decoded({ data: strange })).to.deep.include({
      name: "UnknownRevert",
      args: { data: strange },
    });
    expect(await decoded({ data: "0x" })).to.deep.include({ name: "UnknownRevert", args: { data: "0x" } });
    const truncated = data.slice(0, -2);
    expect(await decoded({ data: truncated })).to.deep.include({
      name: "UnknownRevert",
      args: { data: truncated },
    });
  });

  it("when a token raised it inside one of our contracts, is decoded", async () => {
    const { as, stranger, router, token } = await withClients(offerFixture);
    await expectRevert(
      pay(await as(stranger), { capsuleId: 1n, token, amount: 5n }),
      "ERC20InsufficientAllowance",
      {
        spender: router.target,
        allowance: 0n,
        needed: 5n,
      },
    );
  });

  it("when the registry raised it inside the router, is decoded", async () => {
    const { as, buyer, token } = await withClients(offerFixture);
    const range = { capsuleId: 1n, sharesVersion: 9n, token, first: 0n, count: 1n };
    await expectRevert(claim(await as(buyer), { claims: [range] }), "SharesVersionNonexistent", {
      capsuleId: 1n,
      sharesVersion: 9n,
    });
  });

  it("when its name is known, has arguments of their types", () => {
    // Checked by the compiler: this does not run.
    const read = (error: ContractRevertError): bigint => {
      if (error.name === "VoucherNotNewer") return error.args.oldUnits;
      if (error.name === "CallerNotCapsuleOwner") return BigInt(error.args.caller satisfies `0x${string}`);
      if (error.name === "Error") return BigInt(error.args.message.length);
      // @ts-expect-error: the union has no common argument
      return error.args.oldUnits;
    };
    // @ts-expect-error: not the name of an error
    const name: Revert["name"] = "NoSuchError";
    expect([read, name, withdraw]).to.have.lengthOf(3);
  });
});
