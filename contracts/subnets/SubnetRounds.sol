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
        if (hash == 0) revert CommitmentZero();

        testSetOf[subnetId][msg.sender] = hash;

        emit TestSetCommitted(subnetId, epoch, msg.sender, hash, capsuleId, version);
    }

    /// @inheritdoc ISubnetRounds
    function commitAnswer(uint32 subnetId, bytes32 hash) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Answer);
        minerSlotOf(subnetId, msg.sender);
        if (hash == 0) revert CommitmentZero();

        answerOf[subnetId][msg.sender] = hash;

        emit AnswerCommitted(subnetId, epoch, msg.sender, hash);
    }

    // Revealing

    /// @inheritdoc ISubnetRounds
    function revealTestSet(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Score);
        (bytes32 committed, bytes32 revealed) = (
            testSetOf[subnetId][msg.sender],
            _hash(subnetId, epoch, contentHash, salt)
        );
        if (revealed != committed) revert TestSetMismatch(subnetId, msg.sender, committed, revealed);

        delete testSetOf[subnetId][msg.sender];

        emit TestSetRevealed(subnetId, epoch, msg.sender, contentHash, uri);
    }

    function _hash(
        uint32 subnetId,
        uint32 epoch,
        bytes32 contentHash,
        bytes32 salt
    ) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(block.chainid, address(this), subnetId, epoch, msg.sender, contentHash, salt)
            );
    }

    /// @inheritdoc ISubnetRounds
    function revealAnswer(uint32 subnetId, bytes32 contentHash, string calldata uri, bytes32 salt) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Score);
        (bytes32 committed, bytes32 revealed) = (
            answerOf[subnetId][msg.sender],
            _hash(subnetId, epoch, contentHash, salt)
        );
        if (revealed != committed) revert AnswerMismatch(subnetId, msg.sender, committed, revealed);

        delete answerOf[subnetId][msg.sender];

        emit AnswerRevealed(subnetId, epoch, msg.sender, contentHash, uri);
    }
}
