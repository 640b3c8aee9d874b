// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {SubnetSeats} from "./SubnetSeats.sol";
import {readLiveClock} from "./SubnetState.sol";

/// @notice The part of the subnet hub about weights: first committed, then revealed.
abstract contract SubnetWeights is SubnetSeats {
    mapping(uint32 subnetId => mapping(address validator => bytes32)) public commitmentOf;

    /// @inheritdoc ISubnetEpochs
    function commitWeights(uint32 subnetId, bytes32 commitment) external {
        (uint32 epoch, Phase phase) = readLiveClock(_states[subnetId], subnetId);
        if (phase == Phase.Reveal) revert WeightsCommitLate(subnetId, epoch);
        validatorSlotOf(subnetId, msg.sender);
        _commit(commitmentOf[subnetId], commitment);

        emit WeightsCommitted(subnetId, epoch, msg.sender, commitment);
    }

    /// @inheritdoc ISubnetEpochs
    function revealWeights(
        uint32 subnetId,
        bytes calldata weights,
        bytes32 evidenceHash,
        string calldata uri,
        bytes32 salt
    ) external {
        uint32 epoch = _checkPhase(subnetId, Phase.Reveal);
        _checkRun(subnetId, epoch);
        uint16 slot = validatorSlotOf(subnetId, msg.sender);
        uint256 maximum = 2 * uint256(_states[subnetId].subnet.minerSlots);
        if (weights.length > maximum || weights.length % 2 != 0)
            revert WeightsLengthInvalid(weights.length, maximum);
        bytes32 revealed = keccak256(
            abi.encode(
                block.chainid,
                address(this),
                subnetId,
                epoch,
                msg.sender,
                keccak256(weights),
                evidenceHash,
                keccak256(bytes(uri)),
                salt
            )
        );
        bytes32 committed = commitmentOf[subnetId][msg.sender];
        if (revealed != committed)
            revert WeightsCommitmentMismatch(subnetId, msg.sender, committed, revealed);

        delete commitmentOf[subnetId][msg.sender];

        _states[subnetId].subnet.pendingEpoch = epoch;
        _states[subnetId].validators[slot].revealedAt = epoch;
        _storeWeights(subnetId, slot, weights, maximum);

        emit WeightsRevealed(subnetId, epoch, msg.sender, slot, weights, evidenceHash, uri);
    }

    function _storeWeights(uint32 subnetId, uint256 slot, bytes calldata weights, uint256 size) private {
        for (uint256 offset; offset < size; offset += 32) {
            uint256 start = Math.min(offset, weights.length);
            uint256 end = Math.min(offset + 32, weights.length);
            // Zeros follow the end.
            _states[subnetId].weights[slot][offset / 32] = uint256(bytes32(weights[start:end]));
        }
    }
}
