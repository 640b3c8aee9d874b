// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Manifests: Merkle roots over every piece of data that went into a capsule's version.
interface IManifests {
    /// @notice One piece of data: a leaf of the Merkle tree.
    /// @param path name of the piece in the manifest, such as a file's path
    /// @param contentHash SHA-256 of the piece
    /// @param size bytes of the piece
    /// @param capsuleId the dataset's capsule, or 0 for a piece without one
    /// @param version the dataset's version, or 0
    struct Piece {
        string path;
        bytes32 contentHash;
        uint64 size;
        uint64 capsuleId;
        uint32 version;
    }

    error ManifestRootZero();
    error ManifestExists(uint64 capsuleId, uint32 version);
    error ManifestNonexistent(uint64 capsuleId, uint32 version);

    /// @notice A version's manifest was published, permanently.
    event ManifestPublished(
        uint64 indexed capsuleId,
        uint32 indexed version,
        address indexed publisher,
        bytes32 root,
        string uri
    );

    /// @notice Publishes the manifest of a version, once. A wrong one is corrected by a new version.
    /// @dev The chain cannot check that a manifest is complete: its publisher says so.
    ///      - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - the version exists, or `VersionNonexistent`
    ///      - `root` is not zero, or `ManifestRootZero`
    ///      - the version has no manifest, or `ManifestExists`
    /// @param capsuleId the capsule
    /// @param version the version that the pieces went into
    /// @param root root of the pieces' Merkle tree, see `inManifest`
    /// @param uri location of the list of pieces, for the event. Its root shows that it is the right one
    function publishManifest(uint64 capsuleId, uint32 version, bytes32 root, string calldata uri) external;

    /// @notice The root of a version's manifest.
    /// @dev The manifest exists, or `ManifestNonexistent`.
    function manifestOf(uint64 capsuleId, uint32 version) external view returns (bytes32 root);

    /// @notice Whether a piece went into a version, by the version's manifest.
    /// @dev The tree is a standard one of `@openzeppelin/merkle-tree`: leaves are hashed twice, pairs are sorted. The
    ///      contract hashes the piece itself, so that no inner node passes for a leaf.
    ///      - the manifest exists, or `ManifestNonexistent`
    /// @param capsuleId the capsule
    /// @param version the version
    /// @param piece the piece of data
    /// @param proof hashes beside the path from the leaf to the root
    function inManifest(
        uint64 capsuleId,
        uint32 version,
        Piece calldata piece,
        bytes32[] calldata proof
    ) external view returns (bool);
}
