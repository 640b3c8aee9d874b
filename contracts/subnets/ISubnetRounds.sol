// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about rounds: test sets that validators hold out, and miners' answers, one each per epoch.
/// @dev They are evidence only: scores count by weights. The ranking of a round is the order of incentives in `EpochRun`.
///      Hashes are keccak256(abi.encode(block.chainid, hub, subnetId, epoch, caller, contentHash, salt)).
interface ISubnetRounds {
    error TestSetMismatch(uint32 subnetId, address validator, bytes32 committed, bytes32 revealed);
    error AnswerMismatch(uint32 subnetId, address miner, bytes32 committed, bytes32 revealed);

    /// @notice A validator committed a test set. Replaces its earlier one of the epoch.
    event TestSetCommitted(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed validator,
        bytes32 hash,
        uint64 capsuleId,
        uint32 version
    );
    /// @notice A miner committed an answer. Replaces its earlier one of the epoch.
    event AnswerCommitted(uint32 indexed subnetId, uint32 indexed epoch, address indexed miner, bytes32 hash);
    /// @notice A validator revealed its test set.
    event TestSetRevealed(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed validator,
        bytes32 contentHash,
        string uri
    );
    /// @notice A miner revealed its answer.
    event AnswerRevealed(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed miner,
        bytes32 contentHash,
        string uri
    );

    /// @notice Commits a held-out test set of the caller, in the first phase of an epoch.
    /// @dev NOTE: nobody checks that the capsule version exists. Readers do.
    ///      - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the first phase, or `SubnetPhaseMismatch`
    ///      - the caller is a validator there, or `ValidatorNotRegistered`
    ///      - the hash is not zero, or `CommitmentZero`
    /// @param subnetId the subnet
    /// @param hash of the test set, as said above
    /// @param capsuleId capsule of the dataset that the test set extends, or 0
    /// @param version version of that capsule
    function commitTestSet(uint32 subnetId, bytes32 hash, uint64 capsuleId, uint32 version) external;

    /// @notice Commits an answer of the caller, in the second phase of an epoch.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the second phase, or `SubnetPhaseMismatch`
    ///      - the caller is a miner there, or `MinerNotRegistered`
    ///      - the hash is not zero, or `CommitmentZero`
    /// @param subnetId the subnet
    /// @param hash of the answer, as said above
    function commitAnswer(uint32 subnetId, bytes32 hash) external;

    /// @notice Reveals the caller's test set, in the third phase of its epoch.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is the third phase, or `SubnetPhaseMismatch`
    ///      - the hash is the one committed, and was not revealed before, or `TestSetMismatch`
    /// @param subnetId the subnet
    /// @param contentHash SHA-256 of the content
    /// @param uri location of the content
    /// @param salt secret of the hash
    function revealTestSet(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external;

    /// @notice Reveals the caller's answer, in the third phase of its epoch.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is the third phase, or `SubnetPhaseMismatch`
    ///      - the hash is the one committed, and was not revealed before, or `AnswerMismatch`
    /// @param subnetId the subnet
    /// @param contentHash SHA-256 of the content
    /// @param uri location of the content
    /// @param salt secret of the hash
    function revealAnswer(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external;

    /// @notice A validator's newest committed test set, or zero if it was revealed.
    function testSetOf(uint32 subnetId, address validator) external view returns (bytes32);

    /// @notice A miner's newest committed answer, or zero if it was revealed.
    function answerOf(uint32 subnetId, address miner) external view returns (bytes32);
}
