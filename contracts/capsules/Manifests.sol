// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IManifests} from "./IManifests.sol";

/// @notice The part of the capsule registry about manifests: what went into a version.
abstract contract Manifests is IManifests {
    mapping(uint64 capsuleId => mapping(uint32 version => bytes32 root)) private _manifests;

    /// @inheritdoc IManifests
    function publishManifest(uint64 capsuleId, uint32 version, bytes32 root, string calldata uri) external {
        _checkCapsuleOwner(capsuleId);
        _contentHashOf(capsuleId, version);
        if (root == 0) revert ManifestRootZero();
        if (_manifests[capsuleId][version] != 0) revert ManifestExists(capsuleId, version);

        _manifests[capsuleId][version] = root;

        emit ManifestPublished(capsuleId, version, msg.sender, root, uri);
    }

    /// @inheritdoc IManifests
    function manifestOf(uint64 capsuleId, uint32 version) public view returns (bytes32 root) {
        root = _manifests[capsuleId][version];
        if (root == 0) revert ManifestNonexistent(capsuleId, version);
    }

    /// @inheritdoc IManifests
    function inManifest(
        uint64 capsuleId,
        uint32 version,
        Piece calldata piece,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleProof.verifyCalldata(proof, manifestOf(capsuleId, version), _leafOf(piece));
    }

    /// @dev Twice, so that the preimage of a leaf never has the 64 bytes of an inner node's.
    function _leafOf(Piece calldata piece) private pure returns (bytes32) {
        bytes memory fields = abi.encode(
            piece.path,
            piece.contentHash,
            piece.size,
            piece.capsuleId,
            piece.version
        );
        return keccak256(bytes.concat(keccak256(fields)));
    }

    function _checkCapsuleOwner(uint64 capsuleId) internal view virtual;

    /// @dev The version exists, or `VersionNonexistent`.
    function _contentHashOf(uint64 capsuleId, uint32 version) internal view virtual returns (bytes32);
}
