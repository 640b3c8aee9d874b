import type * as sdk from "@benefit-grid/sdk";
import { expect } from "chai";

/** The declared return type of each write action. */
type ReturnTypes = {
  acceptCurator: sdk.AcceptCuratorReturnType;
  createPool: sdk.CreatePoolReturnType;
  creditContributions: sdk.CreditContributionsReturnType;
  joinPool: sdk.JoinPoolReturnType;
  joinPoolFor: sdk.JoinPoolForReturnType;
  leavePool: sdk.LeavePoolReturnType;
  leavePoolFor: sdk.LeavePoolForReturnType;
  openPoolCurrency: sdk.OpenPoolCurrencyReturnType;
  renounceCurator: sdk.RenounceCuratorReturnType;
  transferCurator: sdk.TransferCuratorReturnType;
  withdrawContribution: sdk.WithdrawContributionReturnType;
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
  stopSource: sdk.StopSourceReturnType;
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
  approveFunding: sdk.ApproveFundingReturnType;
  approveStake: sdk.ApproveStakeReturnType;
  claimRewards: sdk.ClaimRewardsReturnType;
  commitAnswer: sdk.CommitAnswerReturnType;
  commitTestSet: sdk.CommitTestSetReturnType;
  commitWeights: sdk.CommitWeightsReturnType;
  createSubnet: sdk.CreateSubnetReturnType;
  deregisterMiner: sdk.DeregisterMinerReturnType;
  deregisterValidator: sdk.DeregisterValidatorReturnType;
  fundSubnet: sdk.FundSubnetReturnType;
  reclaimFunding: sdk.ReclaimFundingReturnType;
  registerChampion: sdk.RegisterChampionReturnType;
  registerMiner: sdk.RegisterMinerReturnType;
  registerValidator: sdk.RegisterValidatorReturnType;
  retireSubnet: sdk.RetireSubnetReturnType;
  revealAnswer: sdk.RevealAnswerReturnType;
  revealTestSet: sdk.RevealTestSetReturnType;
  revealWeights: sdk.RevealWeightsReturnType;
  rollOverPot: sdk.RollOverPotReturnType;
  runEpoch: sdk.RunEpochReturnType;
  setStakeDelegatee: sdk.SetStakeDelegateeReturnType;
  stake: sdk.StakeReturnType;
  unstake: sdk.UnstakeReturnType;
  withdrawStake: sdk.WithdrawStakeReturnType;
  stakeFromWallet: sdk.StakeFromWalletReturnType;
  fundSubnetFromWallet: sdk.FundSubnetFromWalletReturnType;
};

type Returned<K extends keyof ReturnTypes> = Awaited<ReturnType<(typeof sdk)[K]>>;
/** The declared type, and nothing else. */
type IsAsSaid<Actual, Said> = Actual extends Said ? (keyof Actual extends keyof Said ? true : false) : false;
type Wrong = {
  [K in keyof ReturnTypes]: IsAsSaid<Returned<K>, ReturnTypes[K]> extends true ? never : K;
}[keyof ReturnTypes];

describe("types", () => {
  it("of results are the actions' return types", () => {
    // Checked by the compiler: a wrong action's name would not compile.
    const wrong: [Wrong] extends [never] ? "none" : Wrong = "none";
    expect(wrong).to.equal("none");
  });
});
