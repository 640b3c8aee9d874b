// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetRounds} from "./ISubnetRounds.sol";
import {SubnetSeats} from "./SubnetSeats.sol";

/// @notice The part of the subnet hub about rounds: test sets and answers, first committed, then revealed.
abstract contract SubnetRounds is SubnetSeats {
    mapping(uint32 subnetId => mapping(address validator => bytes32)) public testSetOf;
    mapping(uint32 subnetId => mapping(address miner => bytes32)) public answerOf;

    // Committing

    /// @inheritdoc ISubnetRounds
    function commitTestSet(uint32 subnetId, bytes32 hash, uint64 capsuleId, uint32 version) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Task);
        validatorSlotOf(subnetId, msg.sender);
        _commit(testSetOf[subnetId], hash);

        emit TestSetCommitted(subnetId, epoch, msg.sender, hash, capsuleId, version);
    }

    /// @inheritdoc ISubnetRounds
    function commitAnswer(uint32 subnetId, bytes32 hash) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Answer);
        minerSlotOf(subnetId, msg.sender);
        _commit(answerOf[subnetId], hash);

        emit AnswerCommitted(subnetId, epoch, msg.sender, hash);
    }

    // Revealing

    /// @inheritdoc ISubnetRounds
    function revealTestSet(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external {
        (uint32 epoch, bytes32 committed, bytes32 revealed) = _take(
            testSetOf[subnetId],
            subnetId,
            contentHash,
            salt
        );
        if (revealed != committed) revert TestSetMismatch(subnetId, msg.sender, committed, revealed);

        emit TestSetRevealed(subnetId, epoch, msg.sender, contentHash, uri);
    }

    /// @dev Deletes what the caller committed. Whoever calls this compares both hashes.
    function _take(
        mapping(address account => bytes32) storage commitments,
        uint32 subnetId,
        bytes32 contentHash,
        bytes32 salt
    ) private returns (uint32 epoch, bytes32 committed, bytes32 revealed) {
        epoch = _checkPhase(subnetId, Phase.Score);
        committed = commitments[msg.sender];
        revealed = keccak256(
            abi.encode(block.chainid, address(this), subnetId, epoch, msg.sender, contentHash, salt)
        );
        delete commitments[msg.sender];
    }

    /// @inheritdoc ISubnetRounds
    function revealAnswer(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external {
        (uint32 epoch, bytes32 committed, bytes32 revealed) = _take(
            answerOf[subnetId],
            subnetId,
            contentHash,
            salt
        );
        if (revealed != committed) revert AnswerMismatch(subnetId, msg.sender, committed, revealed);

        emit AnswerRevealed(subnetId, epoch, msg.sender, contentHash, uri);
    }
}
