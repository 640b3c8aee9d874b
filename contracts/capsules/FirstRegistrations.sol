// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFirstRegistrations} from "./IFirstRegistrations.sol";

/// @notice The part of the capsule registry about first registrations: commitments and their reveals.
abstract contract FirstRegistrations is IFirstRegistrations {
    mapping(bytes32 commitment => uint40 time) public committedAt;
    mapping(bytes32 contentHash => FirstRegistration) private _first;

    /// @inheritdoc IFirstRegistrations
    function commit(bytes32 commitment) external returns (uint40 time) {
        time = committedAt[commitment];
        if (time != 0) return time;

        time = uint40(block.timestamp);
        committedAt[commitment] = time;

        emit ContentCommitted(commitment);
    }

    /// @inheritdoc IFirstRegistrations
    function reveal(uint64 capsuleId, uint32 version, bytes32 salt) external {
        _checkCapsuleOwner(capsuleId);
        bytes32 contentHash = _contentHashOf(capsuleId, version);
        bytes32 commitment = commitmentOf(msg.sender, contentHash, salt);
        uint40 time = committedAt[commitment];
        if (time == 0) revert CommitmentNonexistent(commitment);
        uint40 firstTime = _first[contentHash].time;
        if (time >= firstTime) revert CommitmentNotEarlier(contentHash, time, firstTime);

        _first[contentHash] = FirstRegistration(capsuleId, version, time);

        emit ContentRevealed(contentHash, capsuleId, version, commitment, time);
    }

    /// @dev Every later publication of the same content has a later time, or the same.
    function _recordPublication(bytes32 contentHash, uint64 capsuleId, uint32 version) internal {
        if (_first[contentHash].time != 0) return;
        _first[contentHash] = FirstRegistration(capsuleId, version, uint40(block.timestamp));
    }

    /// @inheritdoc IFirstRegistrations
    function firstRegistered(bytes32 contentHash) external view returns (FirstRegistration memory first) {
        first = _first[contentHash];
        if (first.time == 0) revert ContentUnregistered(contentHash);
    }

    /// @inheritdoc IFirstRegistrations
    function commitmentOf(address owner, bytes32 contentHash, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, this, owner, contentHash, salt));
    }

    function _checkCapsuleOwner(uint64 capsuleId) internal view virtual;

    function _contentHashOf(uint64 capsuleId, uint32 version) internal view virtual returns (bytes32);
}
