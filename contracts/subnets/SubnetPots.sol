// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {ExactTransfer} from "../libraries/ExactTransfer.sol";
import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetPots} from "./ISubnetPots.sol";
import {Pot, PotBook, Pots} from "./PotBook.sol";
import {Subnets} from "./Subnets.sol";

/// @notice The part of the subnet hub about money. `PotBook` has the code.
abstract contract SubnetPots is Subnets, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using PotBook for Pots;

    uint256 public lastFundingId;
    Pots private _book;

    // Funding

    /// @inheritdoc ISubnetPots
    function fund(
        uint32 subnetId,
        address token,
        uint128 amountPerEpoch,
        uint32 firstEpoch,
        uint16 epochs
    ) external nonReentrant returns (uint256 fundingId) {
        fundingId = ++lastFundingId;
        Funding memory funding = Funding(msg.sender, subnetId, firstEpoch, epochs, token, 0, amountPerEpoch);
        _book.fund(_states[subnetId], fundingId, funding);

        ExactTransfer.collect(token, msg.sender, uint256(amountPerEpoch) * epochs);
    }

    /// @dev For money that arrives otherwise.
    function _addToPot(uint32 subnetId, address token, uint32 epoch, uint128 amount) internal {
        _book.pots[subnetId][token][epoch].total += amount;
    }

    // Claiming

    /// @inheritdoc ISubnetPots
    function claim(
        uint32 subnetId,
        uint32 epoch,
        address token,
        uint256[] calldata indexes
    ) external nonReentrant {
        _book.claim(_states[subnetId], subnetId, epoch, token, indexes);
    }

    // Moving pots without payment

    /// @inheritdoc ISubnetPots
    function rollOver(uint32 subnetId, address token, uint32 epoch) external {
        _book.rollOver(_states[subnetId], subnetId, token, epoch);
    }

    /// @inheritdoc ISubnetPots
    function reclaim(uint256 fundingId) external nonReentrant returns (uint256 amount) {
        uint32 subnetId = _book.fundings[fundingId].subnetId;
        if (subnetId == 0) revert FundingNonexistent(fundingId);
        return _book.reclaim(_states[subnetId], fundingId);
    }

    /// @inheritdoc ISubnetPots
    function bequeath(
        uint32 subnetId,
        address token,
        uint32 epoch,
        uint32 heirId
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _book.bequeath(_states, subnetId, token, epoch, heirId);
    }

    // Reading

    /// @inheritdoc ISubnetPots
    function potOf(
        uint32 subnetId,
        address token,
        uint32 epoch
    ) external view returns (uint128 total, uint128 sponsored) {
        Pot storage pot = _book.pots[subnetId][token][epoch];
        return (pot.total, pot.sponsored);
    }

    /// @inheritdoc ISubnetPots
    function isClaimed(
        uint32 subnetId,
        address token,
        uint32 epoch,
        uint256 index
    ) external view returns (bool) {
        return _book.pots[subnetId][token][epoch].claimed.get(index);
    }

    /// @inheritdoc ISubnetPots
    function fundingOf(uint256 fundingId) external view returns (Funding memory) {
        return _book.fundings[fundingId];
    }

    /// @inheritdoc ISubnetEpochs
    function recordOf(uint32 subnetId, uint32 epoch) external view returns (EpochRecord memory) {
        return _states[subnetId].records[epoch];
    }

    /// @inheritdoc ISubnetEpochs
    function sharesOf(uint32 subnetId, uint32 epoch) external view returns (Share[] memory shares) {
        return PotBook.sharesOf(_states[subnetId], subnetId, epoch);
    }
}
