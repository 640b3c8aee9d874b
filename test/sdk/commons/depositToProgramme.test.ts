import { approveDeposit, depositToProgramme, getProgramme, getVault } from "@benefit-grid/sdk";
import { expect } from "chai";
import { expectInvalid, expectRevert } from "../clients.ts";
import { programmes } from "./support.ts";

describe("getProgramme", () => {
  it("when the id is malformed, names it", async () => {
    const { as, buyer } = await programmes();
    await expectInvalid(getProgramme(await as(buyer), { programmeId: -1n }), "programmeId");
  });

  it("when there is none, reverts", async () => {
    const { as, buyer } = await programmes();
    await expectRevert(getProgramme(await as(buyer), { programmeId: 3n }), "ProgrammeNonexistent", {
      programmeId: 3n,
    });
  });

  it("returns its purpose and its steward", async () => {
    const { as, buyer, creator } = await programmes();
    const client = await as(buyer);
    const steward = creator.address;
    const { stewardSince, ...research } = await getProgramme(client, { programmeId: 1n });
    expect(research).to.deep.equal({ kind: "research", steward });
    const service = await getProgramme(client, { programmeId: 2n });
    expect(service).to.deep.equal({ kind: "service", steward, stewardSince: service.stewardSince });
    expect(service.stewardSince > stewardSince && stewardSince > 0n).to.equal(true);
  });
});

describe("approveDeposit", () => {
  it("when the token is no address, names it", async () => {
    const { as, buyer } = await programmes();
    await expectInvalid(approveDeposit(await as(buyer), { token: "0x12", amount: 1n }), "token");
  });

  it("lets the Commons take this amount", async () => {
    const { as, buyer, usd, commons, token } = await programmes();
    await approveDeposit(await as(buyer), { token, amount: 700n });
    expect(await usd.allowance(buyer, commons)).to.equal(700n);
  });
});

describe("depositToProgramme", () => {
  it("when the amount is 0, names it", async () => {
    const { as, buyer, token } = await programmes();
    const paying = depositToProgramme(await as(buyer), { programmeId: 1n, token, amount: 0n });
    await expectInvalid(paying, "amount");
  });

  it("when the Commons may take too little, passes the token's error on", async () => {
    const { as, buyer, commons, token } = await programmes();
    const spender = await commons.getAddress();
    const paying = depositToProgramme(await as(buyer), { programmeId: 1n, token, amount: 5n });
    await expectRevert(paying, "ERC20InsufficientAllowance", { spender, allowance: 0n, needed: 5n });
  });

  it("when the programme does not exist, reverts", async () => {
    const { as, buyer, token } = await programmes();
    const paying = depositToProgramme(await as(buyer), { programmeId: 3n, token, amount: 5n });
    await expectRevert(paying, "ProgrammeNonexistent", { programmeId: 3n });
  });

  it("pays into this vault", async () => {
    const { as, buyer, token } = await programmes();
    const client = await as(buyer);
    await approveDeposit(client, { token, amount: 700n });
    await depositToProgramme(client, { programmeId: 2n, token, amount: 700n });
    expect(await getVault(client, { programmeId: 2n, token })).to.deep.equal({
      balance: 700n,
      released: 0n,
      releasable: 175n,
    });
    expect(await getVault(client, { programmeId: 1n, token })).to.deep.equal({
      balance: 0n,
      released: 0n,
      releasable: 0n,
    });
  });
});
