import type * as sdk from "@benefit-grid/sdk";
import { expect } from "chai";

/** What each write action says that it returns. */
type ReturnTypes = {
  publishCapsule: sdk.PublishCapsuleReturnType;
  publishVersion: sdk.PublishVersionReturnType;
  registerCapsule: sdk.RegisterCapsuleReturnType;
  setShares: sdk.SetSharesReturnType;
  delegateVotes: sdk.DelegateVotesReturnType;
  proposeCalls: sdk.ProposeCallsReturnType;
  castVote: sdk.CastVoteReturnType;
  queueProposal: sdk.QueueProposalReturnType;
  executeProposal: sdk.ExecuteProposalReturnType;
  cancelOperation: sdk.CancelOperationReturnType;
  cancelProposal: sdk.CancelProposalReturnType;
  proposeAsCouncil: sdk.ProposeAsCouncilReturnType;
  executeCouncilCalls: sdk.ExecuteCouncilCallsReturnType;
  closeLicense: sdk.CloseLicenseReturnType;
  createOffer: sdk.CreateOfferReturnType;
  lapseLicense: sdk.LapseLicenseReturnType;
  mintLicense: sdk.MintLicenseReturnType;
  registerTerms: sdk.RegisterTermsReturnType;
  renewLicense: sdk.RenewLicenseReturnType;
  requestClose: sdk.RequestCloseReturnType;
  retireOffer: sdk.RetireOfferReturnType;
  revokeLicense: sdk.RevokeLicenseReturnType;
  setSigner: sdk.SetSignerReturnType;
  topUpLicense: sdk.TopUpLicenseReturnType;
  confirmSigners: sdk.ConfirmSignersReturnType;
  registerMeter: sdk.RegisterMeterReturnType;
  setMeter: sdk.SetMeterReturnType;
  closePrivateLicense: sdk.ClosePrivateLicenseReturnType;
  settleBatch: sdk.SettleBatchReturnType;
  settleOpen: sdk.SettleOpenReturnType;
  settleRetired: sdk.SettleRetiredReturnType;
  approvePayment: sdk.ApprovePaymentReturnType;
  claim: sdk.ClaimReturnType;
  passOn: sdk.PassOnReturnType;
  pay: sdk.PayReturnType;
  sweepEscrow: sdk.SweepEscrowReturnType;
  withdraw: sdk.WithdrawReturnType;
};

type Returned<K extends keyof ReturnTypes> = Awaited<ReturnType<(typeof sdk)[K]>>;
/** As said, and nothing that is not said. */
type IsAsSaid<Actual, Said> = Actual extends Said ? (keyof Actual extends keyof Said ? true : false) : false;
type Wrong = {
  [K in keyof ReturnTypes]: IsAsSaid<Returned<K>, ReturnTypes[K]> extends true ? never : K;
}[keyof ReturnTypes];

describe("types", () => {
  it("of results are what actions return", () => {
    // Checked by the compiler: the name of a wrong action would not fit.
    const wrong: [Wrong] extends [never] ? "none" : Wrong = "none";
    expect(wrong).to.equal("none");
  });
});
