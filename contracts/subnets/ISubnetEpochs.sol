// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about weights and epochs: commit, reveal, consensus and its record.
interface ISubnetEpochs {
    /// @notice Who was paid which share of the pots of an epoch.
    /// @param account the validator or miner
    /// @param share in 2^-32. All shares of an epoch sum to 1, or to a little less by rounding
    struct Share {
        address account;
        uint64 share;
    }

    /// @notice The record of an epoch that was run.
    /// @dev The data at `record`, after one zero byte: per index 20 bytes account and 8 bytes share, validators by slot, then
    ///      miners by slot; then the bonds after the epoch, 2 bytes per cell, rows of validators. Numbers are big-endian.
    /// @param record contract with the data as its code (SSTORE2), or zero if the epoch was not run
    /// @param validators number of validators' slots
    /// @param miners number of miners' slots
    /// @param paid whether anybody has a share
    struct EpochRecord {
        address record;
        uint16 validators;
        uint16 miners;
        bool paid;
    }

    error CommitmentZero();
    error WeightsCommitLate(uint32 subnetId, uint32 epoch);
    error WeightsLengthInvalid(uint256 length, uint256 maximum);
    error WeightsCommitmentMismatch(uint32 subnetId, address validator, bytes32 committed, bytes32 revealed);
    error EpochNotPending(uint32 subnetId);
    error EpochNotOver(uint32 subnetId, uint32 epoch, uint256 endsAt);
    error RecordNonexistent(uint32 subnetId, uint32 epoch);

    /// @notice A validator committed weights. Replaces its earlier commitment of the epoch.
    event WeightsCommitted(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed validator,
        bytes32 commitment
    );
    /// @notice A validator revealed weights, 2 bytes per miner's slot.
    event WeightsRevealed(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed validator,
        uint16 slot,
        bytes weights,
        bytes32 evidenceHash,
        string uri
    );
    /// @notice An epoch was run. Inputs and results, all by slot.
    /// @dev With the weights of `WeightsRevealed` and the `data` of `previousEpoch`, Yuma's model gives the same results. A
    ///      validator's or miner's earlier bonds are zero if it registered after `previousEpoch`. A validator without
    ///      permit, or not revealed, gets no share. If the stakes of all others sum to less than `minTotalStake`, there is
    ///      no consensus: all results are zero, and the earlier bonds stay.
    /// @param previousEpoch last epoch run before, or 0: its bonds are the earlier bonds
    /// @param record contract with `data` as its code, after one zero byte
    /// @param stakes counted stake per validator, base units of Foundation Coin
    /// @param revealed bit i is set if validator i revealed weights in this epoch
    /// @param permits bit i is set if validator i has the minimum stake
    /// @param validatorsRegisteredAt epoch of each validator's registration; 0 in an empty slot
    /// @param minersRegisteredAt epoch of each miner's registration; 2^256 - 1 in an empty slot
    /// @param consensus per miner, in 2^-32
    /// @param incentives per miner, in 2^-32
    /// @param dividends per validator as Yuma gives them, before validators without permit or weights lose theirs
    /// @param data as in `EpochRecord`: accounts, shares and bonds after
    event EpochRun(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        uint32 previousEpoch,
        address record,
        uint256[] stakes,
        uint256 revealed,
        uint256 permits,
        uint256[] validatorsRegisteredAt,
        uint256[] minersRegisteredAt,
        uint256[] consensus,
        uint256[] incentives,
        uint256[] dividends,
        bytes data
    );

    /// @notice Commits weights of the caller for the current epoch, in its first three phases. A later commitment replaces an
    ///         earlier one.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is not the last phase, or `WeightsCommitLate`
    ///      - the caller is a validator there, or `ValidatorNotRegistered`
    ///      - the commitment is not zero, or `CommitmentZero`
    /// @param subnetId the subnet
    /// @param commitment keccak256(abi.encode(block.chainid, hub, subnetId, epoch, caller, keccak256(weights), evidenceHash,
    ///        keccak256(bytes(uri)), salt)), with the parameters of `revealWeights`
    function commitWeights(uint32 subnetId, bytes32 commitment) external;

    /// @notice Reveals committed weights of the caller, in the last phase of their epoch.
    /// @dev A validator's weights count by their proportions. For empty slots, for miners of this epoch and for the caller
    ///      itself they do not count. Missing weights at the end are zero.
    ///      - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the last phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    ///      - the caller is a validator there, or `ValidatorNotRegistered`
    ///      - weights have whole entries, at most one per miner's slot, or `WeightsLengthInvalid`
    ///      - they are those committed, and not revealed before, or `WeightsCommitmentMismatch`
    /// @param subnetId the subnet
    /// @param weights 2 bytes per miner's slot, big-endian
    /// @param evidenceHash hash of the evidence for the scores
    /// @param uri location of the evidence
    /// @param salt secret of the commitment
    function revealWeights(
        uint32 subnetId,
        bytes calldata weights,
        bytes32 evidenceHash,
        string calldata uri,
        bytes32 salt
    ) external;

    /// @notice Runs the pending epoch of a subnet once it is over: Yuma's consensus, everybody's shares, and the record.
    ///         Anyone may call. At the largest size it needs less than 15,000,000 gas.
    /// @dev Where no miner has an incentive, nobody is paid, and miners keep the incentives of before. No miner has one if
    ///      the stake of permitted validators that revealed is below `minTotalStake`. In a sovereign subnet only validators
    ///      have shares.
    ///      - the subnet exists, or `SubnetNonexistent`
    ///      - an epoch is pending, or `EpochNotPending`; it is over, or `EpochNotOver`
    /// @param subnetId the subnet, retired or not
    /// @return epoch the epoch
    function runEpoch(uint32 subnetId) external returns (uint32 epoch);

    /// @notice The record of an epoch; zeros if it was not run.
    function recordOf(uint32 subnetId, uint32 epoch) external view returns (EpochRecord memory);

    /// @notice Accounts and shares of an epoch by index: validators by slot, then miners by slot.
    /// @dev The epoch was run, or `RecordNonexistent`.
    function sharesOf(uint32 subnetId, uint32 epoch) external view returns (Share[] memory);

    /// @notice A validator's newest commitment, or zero if it was revealed.
    function commitmentOf(uint32 subnetId, address validator) external view returns (bytes32);
}
