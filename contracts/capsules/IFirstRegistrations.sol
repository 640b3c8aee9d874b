// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who registered a content first. A commitment made before the registration proves an earlier time.
interface IFirstRegistrations {
    /// @notice The earliest proven registration of a content.
    /// @param capsuleId the capsule
    /// @param version its content version with this content
    /// @param time block time of the commitment if one was revealed, else of the version's publication
    struct FirstRegistration {
        uint64 capsuleId;
        uint32 version;
        uint40 time;
    }

    error CommitmentNonexistent(bytes32 commitment);
    error CommitmentNotEarlier(bytes32 contentHash, uint40 committedAt, uint40 firstTime);
    error ContentUnregistered(bytes32 contentHash);

    /// @notice A commitment was stored, with this block's time.
    event ContentCommitted(bytes32 indexed commitment);
    /// @notice A revealed commitment made this version the content's first registration.
    event ContentRevealed(
        bytes32 indexed contentHash,
        uint64 indexed capsuleId,
        uint32 indexed version,
        bytes32 commitment,
        uint40 committedAt
    );

    /// @notice Stores the time of a commitment to a content that is still secret. See `commitmentOf`.
    /// @dev Anyone may send it, for anyone. The first time counts permanently; a repetition changes nothing and does
    ///      not revert, so that a copy of the pending transaction can only help the owner.
    /// @param commitment the commitment
    /// @return time time of the commitment's first storage
    function commit(bytes32 commitment) external returns (uint40 time);

    /// @notice Proves by a commitment that the caller had a version's content before its first registration so far.
    /// @dev Only the owner reveals: the commitment names its account. A copied reveal has another caller, so another
    ///      commitment. Nobody can spend an owner's commitment on a foreign capsule, which could have other earners.
    ///      Commitments do not expire: `firstRegistered` may still change to an earlier time.
    ///      - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - the version exists, or `VersionNonexistent`
    ///      - the caller's commitment with this salt was stored, or `CommitmentNonexistent`
    ///      - it is earlier than the first registration, or `CommitmentNotEarlier`
    /// @param capsuleId the capsule
    /// @param version the version with the committed content
    /// @param salt the commitment's salt
    function reveal(uint64 capsuleId, uint32 version, bytes32 salt) external;

    /// @notice The earliest proven registration of a content. Transfers of the capsule do not change it.
    /// @dev It proves who came first to this registry, not authorship. Without a reveal it can be rebuilt from the
    ///      first `VersionPublished` of the hash.
    ///      - a version has this content, or `ContentUnregistered`
    /// @param contentHash SHA-256 of the content
    function firstRegistered(bytes32 contentHash) external view returns (FirstRegistration memory);

    /// @notice Time of a commitment, or 0.
    function committedAt(bytes32 commitment) external view returns (uint40);

    /// @notice keccak256 of the ABI encoding of chain id, this registry, owner, content hash and salt.
    /// @dev Compute it off chain: a node learns the content hash from this call.
    ///      - chain id and registry: a salt revealed at one registry opens no commitment at another
    ///      - owner: a copied commitment is of no use to anybody else
    ///      - salt: nobody can test whether a commitment is to a content that they guess
    /// @param owner the account that will own the capsule and reveal
    /// @param contentHash SHA-256 of the content
    /// @param salt 32 random bytes
    function commitmentOf(address owner, bytes32 contentHash, bytes32 salt) external view returns (bytes32);
}
