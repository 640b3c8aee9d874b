// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";

/// @notice The first registration counts, without commitments.
contract FirstComeRegistry {
    mapping(bytes32 contentHash => address) public firstOwnerOf;

    function register(bytes32 contentHash) external {
        if (firstOwnerOf[contentHash] == address(0)) firstOwnerOf[contentHash] = msg.sender;
    }
}

/// @notice Commitments to content and salt, without an owner.
contract UnboundCommitments {
    struct First {
        address owner;
        uint256 time;
    }

    mapping(bytes32 commitment => uint256) public committedAt;
    mapping(bytes32 contentHash => First) public firstOf;

    function commit(bytes32 commitment) external {
        if (committedAt[commitment] == 0) committedAt[commitment] = block.timestamp;
    }

    function reveal(bytes32 contentHash, bytes32 salt) external {
        uint256 time = committedAt[keccak256(abi.encode(contentHash, salt))];
        First storage first = firstOf[contentHash];
        if (time != 0 && (first.time == 0 || time < first.time))
            firstOf[contentHash] = First(msg.sender, time);
    }
}

/// @notice Commitments that are refused if somebody stored them before.
contract SingleCommitments {
    error CommitmentExists();

    mapping(bytes32 commitment => uint256) public committedAt;

    function commit(bytes32 commitment) external {
        if (committedAt[commitment] != 0) revert CommitmentExists();
        committedAt[commitment] = block.timestamp;
    }
}

/// @notice Anyone reveals an owner's commitment, for any capsule of that owner.
contract RelayedReveals {
    struct First {
        uint64 capsuleId;
        uint256 time;
    }

    ICapsuleRegistry private immutable _CAPSULES;
    mapping(bytes32 commitment => uint256) public committedAt;
    mapping(bytes32 contentHash => First) public firstOf;

    constructor(ICapsuleRegistry capsules) {
        _CAPSULES = capsules;
    }

    function commit(bytes32 commitment) external {
        if (committedAt[commitment] == 0) committedAt[commitment] = block.timestamp;
    }

    function reveal(uint64 capsuleId, uint32 version, bytes32 salt) external {
        (bytes32 contentHash, ) = _CAPSULES.versionOf(capsuleId, version);
        address owner = _CAPSULES.ownerOf(capsuleId);
        uint256 time = committedAt[keccak256(abi.encode(owner, contentHash, salt))];
        First storage first = firstOf[contentHash];
        if (time != 0 && (first.time == 0 || time < first.time))
            firstOf[contentHash] = First(capsuleId, time);
    }
}

/// @notice A manifest whose pieces are bytes, hashed once.
contract SingleHashManifest {
    function inManifest(
        bytes32 root,
        bytes calldata piece,
        bytes32[] calldata proof
    ) external pure returns (bool) {
        bytes32 node = keccak256(piece);
        for (uint256 i; i < proof.length; ++i) {
            node =
                node < proof[i]
                    ? keccak256(bytes.concat(node, proof[i]))
                    : keccak256(bytes.concat(proof[i], node));
        }
        return node == root;
    }
}

/// @notice Scores that anybody revokes, of versions that need not exist.
contract OpenScores {
    mapping(bytes32 uid => bool) public isValid;

    function attest(uint64 capsuleId, uint32 version, uint256 score) external returns (bytes32 uid) {
        uid = keccak256(abi.encode(msg.sender, capsuleId, version, score));
        isValid[uid] = true;
    }

    function revoke(bytes32 uid) external {
        isValid[uid] = false;
    }
}
