// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetPots} from "./ISubnetPots.sol";
import {ISubnets} from "./ISubnets.sol";
import {RecordData, SHARE_BYTES} from "./RecordData.sol";
import {isRetired, readClock, readLiveClock, receivingEpoch, SubnetState} from "./SubnetState.sol";

/// @notice Pots of all subnets, and sponsors' deposits.
struct Pots {
    mapping(uint256 fundingId => ISubnetPots.Funding) fundings;
    mapping(uint32 subnetId => mapping(address token => mapping(uint32 epoch => Pot))) pots;
}

/// @notice A pot.
/// @param sponsored part of the total that fundings can reclaim; 0 after a rollover
struct Pot {
    uint128 total; // slot 0
    uint128 sponsored;
    BitMaps.BitMap claimed; // slot 1
}

/// @notice Moves money in and out of pots.
/// @dev An external library, because its code does not fit into the hub. It runs in the hub's storage. State changes
///      before any transfer.
library PotBook {
    using BitMaps for BitMaps.BitMap;
    using RecordData for bytes;
    using SafeERC20 for IERC20;

    /// @dev How many epochs after the current one can be funded.
    uint256 private constant _EPOCHS_AHEAD = 52;

    // Funding

    /// @notice As `ISubnetPots.fund`, for the deposit `funding` of the caller. The hub collects the money afterwards.
    function fund(
        Pots storage self,
        SubnetState storage state,
        uint256 fundingId,
        ISubnetPots.Funding memory funding
    ) external {
        (uint32 subnetId, uint128 amount) = (funding.subnetId, funding.amountPerEpoch);
        (uint32 first, uint16 epochs, address token) = (funding.firstEpoch, funding.epochs, funding.token);
        if (amount == 0) revert ISubnetPots.PotAmountZero();
        _checkEpochs(state, subnetId, first, epochs);

        self.fundings[fundingId] = funding;
        for (uint32 epoch = first; epoch < first + epochs; ++epoch) {
            Pot storage pot = self.pots[subnetId][token][epoch];
            (pot.total, pot.sponsored) = (pot.total + amount, pot.sponsored + amount);
        }

        emit ISubnetPots.PotFunded(fundingId, subnetId, token, msg.sender, amount, first, epochs);
    }

    function _checkEpochs(
        SubnetState storage state,
        uint32 subnetId,
        uint32 firstEpoch,
        uint16 epochs
    ) private view {
        (uint32 current, , ) = readClock(state, subnetId);
        uint256 end = uint256(firstEpoch) + epochs;
        if (epochs == 0 || firstEpoch < current || end > current + _EPOCHS_AHEAD + 1)
            revert ISubnetPots.PotEpochsOutOfRange(subnetId, firstEpoch, epochs, current);
        uint32 retiredFrom = state.subnet.retiredFrom;
        if (retiredFrom != 0 && end > retiredFrom) revert ISubnets.SubnetIsRetired(subnetId, retiredFrom);
    }

    // Claiming

    /// @notice As `ISubnetPots.claim`.
    function claim(
        Pots storage self,
        SubnetState storage state,
        uint32 subnetId,
        uint32 epoch,
        address token,
        uint256[] calldata indexes
    ) external {
        ISubnetEpochs.Share[] memory shares = sharesOf(state, subnetId, epoch);
        uint256 whole = _sumOf(shares);
        Pot storage pot = self.pots[subnetId][token][epoch];
        for (uint256 i; i < indexes.length; ++i) {
            uint256 index = indexes[i];
            if (index >= shares.length) revert ISubnetPots.ShareNonexistent(subnetId, epoch, index);
            if (pot.claimed.get(index)) revert ISubnetPots.ShareAlreadyClaimed(subnetId, token, epoch, index);
            (address account, uint64 share) = (shares[index].account, shares[index].share);
            uint256 amount = share == 0 ? 0 : (uint256(pot.total) * share) / whole;
            if (amount == 0) continue;

            pot.claimed.set(index);

            emit ISubnetPots.ShareClaimed(subnetId, epoch, account, token, index, amount);

            IERC20(token).safeTransfer(account, amount);
        }
    }

    /// @dev At most 2^32: shares round down.
    function _sumOf(ISubnetEpochs.Share[] memory shares) private pure returns (uint256 sum) {
        for (uint256 i; i < shares.length; ++i) sum += shares[i].share;
    }

    /// @notice As `ISubnetEpochs.sharesOf`.
    function sharesOf(
        SubnetState storage state,
        uint32 subnetId,
        uint32 epoch
    ) public view returns (ISubnetEpochs.Share[] memory shares) {
        ISubnetEpochs.EpochRecord memory record = state.records[epoch];
        if (record.record == address(0)) revert ISubnetEpochs.RecordNonexistent(subnetId, epoch);
        uint256 count = uint256(record.validators) + record.miners;
        bytes memory data = SSTORE2.read(record.record, 0, count * SHARE_BYTES);
        shares = new ISubnetEpochs.Share[](count);
        for (uint256 i; i < count; ++i) shares[i] = ISubnetEpochs.Share(data.accountAt(i), data.shareAt(i));
    }

    // Moving pots without payment

    /// @notice As `ISubnetPots.rollOver`.
    function rollOver(
        Pots storage self,
        SubnetState storage state,
        uint32 subnetId,
        address token,
        uint32 epoch
    ) external {
        (uint32 current, ) = readLiveClock(state, subnetId);
        if (epoch >= current || !_isDead(state, current, epoch))
            revert ISubnetPots.PotNotDead(subnetId, epoch);
        Pot storage pot = self.pots[subnetId][token][epoch];
        uint128 amount = pot.total;
        if (amount == 0) revert ISubnetPots.PotEmpty(subnetId, token, epoch);

        uint32 toEpoch = _receivingEpoch(state, subnetId);
        (pot.total, pot.sponsored) = (0, 0);
        self.pots[subnetId][token][toEpoch].total += amount;

        emit ISubnetPots.PotRolledOver(subnetId, token, epoch, toEpoch, amount);
    }

    function _receivingEpoch(
        SubnetState storage state,
        uint32 subnetId
    ) private view returns (uint32 toEpoch) {
        (uint32 current, ISubnets.Phase phase) = readLiveClock(state, subnetId);
        toEpoch = receivingEpoch(current, phase);
        uint32 retiredFrom = state.subnet.retiredFrom;
        if (toEpoch == retiredFrom) revert ISubnets.SubnetIsRetired(subnetId, retiredFrom);
    }

    /// @dev Whether an epoch pays nobody, now or ever.
    function _isDead(SubnetState storage state, uint32 current, uint32 epoch) private view returns (bool) {
        if (isRetired(state, epoch)) return true;
        return epoch < current && epoch != state.subnet.pendingEpoch && !state.records[epoch].paid;
    }

    /// @notice As `ISubnetPots.reclaim`, for an existing funding.
    function reclaim(
        Pots storage self,
        SubnetState storage state,
        uint256 fundingId
    ) external returns (uint256 amount) {
        ISubnetPots.Funding storage funding = self.fundings[fundingId];
        uint32 current = _checkRetired(state, funding.subnetId);

        for (uint16 i; i < funding.epochs; ++i) amount += _reclaim(self, state, funding, current, i);
        if (amount == 0) revert ISubnetPots.FundingNothingToReclaim(fundingId);

        emit ISubnetPots.FundingReclaimed(fundingId, amount, funding.reclaimed);

        IERC20(funding.token).safeTransfer(funding.sponsor, amount);
    }

    function _checkRetired(SubnetState storage state, uint32 subnetId) private view returns (uint32 current) {
        (current, , ) = readClock(state, subnetId);
        if (!isRetired(state, current)) revert ISubnetPots.SubnetNotRetired(subnetId);
    }

    function _reclaim(
        Pots storage self,
        SubnetState storage state,
        ISubnetPots.Funding storage funding,
        uint32 current,
        uint16 i
    ) private returns (uint128 amount) {
        uint64 bit = uint64(1) << i;
        uint32 epoch = funding.firstEpoch + i;
        if (funding.reclaimed & bit != 0 || !_isDead(state, current, epoch)) return 0;
        Pot storage pot = self.pots[funding.subnetId][funding.token][epoch];
        if (pot.sponsored == 0) return 0;

        amount = funding.amountPerEpoch;
        funding.reclaimed |= bit;
        (pot.total, pot.sponsored) = (pot.total - amount, pot.sponsored - amount);
    }

    /// @notice As `ISubnetPots.bequeath`, for a caller with the admin role.
    function bequeath(
        Pots storage self,
        mapping(uint32 subnetId => SubnetState) storage states,
        uint32 subnetId,
        address token,
        uint32 epoch,
        uint32 heirId
    ) external {
        uint32 current = _checkRetired(states[subnetId], subnetId);
        if (!_isDead(states[subnetId], current, epoch)) revert ISubnetPots.PotNotDead(subnetId, epoch);
        Pot storage pot = self.pots[subnetId][token][epoch];
        uint128 amount = pot.total - pot.sponsored;
        if (amount == 0) revert ISubnetPots.PotEmpty(subnetId, token, epoch);
        uint32 toEpoch = _receivingEpoch(states[heirId], heirId);

        pot.total = pot.sponsored;
        self.pots[heirId][token][toEpoch].total += amount;

        emit ISubnetPots.PotBequeathed(subnetId, token, epoch, heirId, toEpoch, amount);
    }
}
