// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DynamicArrayLib} from "solady/src/utils/DynamicArrayLib.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetSeats} from "./ISubnetSeats.sol";
import {ISubnets} from "./ISubnets.sol";
import {BOND_BYTES, RecordData, SHARE_BYTES} from "./RecordData.sol";
import {countedStake, readClock, readEpochEnd, SubnetState} from "./SubnetState.sol";
import {Yuma} from "./Yuma.sol";

/// @notice Runs an epoch: from stakes, weights and bonds to shares, incentives and the record.
/// @dev An external library, because its code does not fit into the hub. It runs in the hub's storage.
library EpochRunner {
    using DynamicArrayLib for uint256[];
    using RecordData for bytes;

    /// @dev An epoch in memory. Arrays are by slot.
    struct Run {
        uint32 subnetId;
        uint32 epoch;
        uint32 previousEpoch;
        address[] validators;
        address[] miners;
        uint256[] validatorsRegisteredAt;
        Yuma.Network network;
    }

    /// @notice As `ISubnetEpochs.runEpoch`.
    function run(SubnetState storage self, uint32 subnetId) external returns (uint32 epoch) {
        (uint32 currentEpoch, , ) = readClock(self, subnetId);
        epoch = self.subnet.pendingEpoch;
        if (epoch == 0) revert ISubnetEpochs.EpochNotPending(subnetId);
        if (epoch >= currentEpoch)
            revert ISubnetEpochs.EpochNotOver(subnetId, epoch, readEpochEnd(self, subnetId, epoch));

        Run memory current = _load(self, subnetId, epoch);
        bool hasTurnout = _activeStake(current.network) >= self.params.minTotalStake;
        Yuma.Result memory result = hasTurnout ? _decide(self, current.network) : _abstain(current.network);
        bytes memory data = _store(self, current, result);
        if (!hasTurnout) self.subnet.gradedAt = 0;
        (self.subnet.pendingEpoch, self.subnet.lastEpoch) = (0, epoch);

        _emitRun(self, current, result, data);
    }

    // Deciding

    function _activeStake(Yuma.Network memory network) private pure returns (uint256 sum) {
        for (uint256 i; i < network.stakes.length; ++i) if (_counts(network, i)) sum += network.stakes[i];
    }

    function _counts(Yuma.Network memory network, uint256 i) private pure returns (bool) {
        return network.active[i] && network.permits[i];
    }

    function _decide(
        SubnetState storage self,
        Yuma.Network memory network
    ) private view returns (Yuma.Result memory) {
        return Yuma.epoch(network, Yuma.Params(self.params.kappa, self.params.alpha, self.params.beta));
    }

    /// @dev No consensus. Bonds stay: otherwise few validators could move them for a later epoch with turnout.
    function _abstain(Yuma.Network memory network) private pure returns (Yuma.Result memory result) {
        (uint256 validators, uint256 miners) = (network.stakes.length, network.registeredAt.length);
        (result.consensus, result.incentives) = (new uint256[](miners), new uint256[](miners));
        (result.dividends, result.bonds) = (new uint256[](validators), network.bonds);
    }

    // Loading

    function _load(
        SubnetState storage self,
        uint32 subnetId,
        uint32 epoch
    ) private view returns (Run memory current) {
        (current.subnetId, current.epoch, current.previousEpoch) = (subnetId, epoch, self.subnet.lastEpoch);
        _loadMiners(self, current, self.subnet.minerSlots);
        _loadValidators(self, current, self.subnet.validatorSlots);
        if (current.previousEpoch != 0) _loadBonds(self, current);
    }

    function _loadMiners(SubnetState storage self, Run memory current, uint256 count) private view {
        current.miners = new address[](count);
        current.network.registeredAt = new uint256[](count);
        for (uint256 j; j < count; ++j) {
            ISubnetSeats.Miner memory miner = self.miners[j];
            current.miners[j] = miner.account;
            // No weight is for an empty slot.
            current.network.registeredAt[j] =
                miner.account == address(0) ? type(uint256).max : miner.registeredAt;
        }
    }

    function _loadValidators(SubnetState storage self, Run memory current, uint256 count) private view {
        Yuma.Network memory network = current.network;
        current.validators = new address[](count);
        current.validatorsRegisteredAt = new uint256[](count);
        (network.stakes, network.updatedAt) = (new uint256[](count), new uint256[](count));
        (network.active, network.permits) = (new bool[](count), new bool[](count));
        network.diagonal = new uint256[](count);
        network.weights = new uint256[](count * current.miners.length);
        network.bonds = new uint256[](count * current.miners.length);
        for (uint256 i; i < count; ++i) _loadValidator(self, current, i);
    }

    function _loadValidator(SubnetState storage self, Run memory current, uint256 i) private view {
        (uint32 epoch, Yuma.Network memory network) = (current.epoch, current.network);
        ISubnetSeats.Validator memory validator = self.validators[i];
        network.diagonal[i] = Yuma.NO_COLUMN;
        if (validator.account == address(0)) return;

        current.validators[i] = validator.account;
        current.validatorsRegisteredAt[i] = validator.registeredAt;
        uint64 counted = countedStake(self, validator.account, epoch);
        network.stakes[i] = counted;
        network.permits[i] = counted >= self.params.minValidatorStake;
        uint256 number = self.minerNumbers[validator.account];
        if (number != 0) network.diagonal[i] = number - 1;
        if (validator.revealedAt != epoch) return;

        (network.active[i], network.updatedAt[i]) = (true, epoch);
        _loadWeights(self.weights[i], network.weights, i, current.miners.length);
    }

    function _loadWeights(
        mapping(uint256 index => uint256 word) storage stored,
        uint256[] memory weights,
        uint256 row,
        uint256 miners
    ) private view {
        uint256 first = row * miners;
        uint256 word;
        // Nothing overflows: tables are small.
        unchecked {
            for (uint256 j; j < miners; ++j) {
                word = j % 16 == 0 ? stored[j / 16] : word << 16;
                weights.set(first + j, word >> 240);
            }
        }
    }

    /// @dev Bonds of the previous record, zero for validators and miners that came after it.
    function _loadBonds(SubnetState storage self, Run memory current) private view {
        ISubnetEpochs.EpochRecord memory previous = self.records[current.previousEpoch];
        uint256 start = (uint256(previous.validators) + previous.miners) * SHARE_BYTES;
        bytes memory data = SSTORE2.read(previous.record, start);
        for (uint256 i; i < previous.validators; ++i) {
            if (current.validators[i] == address(0)) continue;
            if (current.validatorsRegisteredAt[i] > current.previousEpoch) continue;
            _loadBondsOf(current, data, i, previous.miners);
        }
    }

    function _loadBondsOf(Run memory current, bytes memory data, uint256 i, uint256 miners) private pure {
        (uint256[] memory bonds, uint256[] memory registeredAt) = (
            current.network.bonds,
            current.network.registeredAt
        );
        (uint256 first, uint256 offset) = (i * registeredAt.length, i * miners * BOND_BYTES);
        uint256 previousEpoch = current.previousEpoch;
        // Nothing overflows: tables are small.
        unchecked {
            for (uint256 j; j < miners; ++j) {
                if (registeredAt.get(j) <= previousEpoch) bonds.set(first + j, data.bondAt(offset));
                offset += BOND_BYTES;
            }
        }
    }

    // Storing

    function _store(
        SubnetState storage self,
        Run memory current,
        Yuma.Result memory result
    ) private returns (bytes memory data) {
        bool paid;
        (data, paid) = _record(self, current, result);
        self.records[current.epoch] = ISubnetEpochs.EpochRecord({
            record: SSTORE2.write(data),
            validators: uint16(current.validators.length),
            miners: uint16(current.miners.length),
            paid: paid
        });
        _storeIncentives(self, current, result.incentives);
    }

    function _record(
        SubnetState storage self,
        Run memory current,
        Yuma.Result memory result
    ) private view returns (bytes memory data, bool paid) {
        (uint256[] memory ofValidators, uint256[] memory ofMiners) = _shares(self, current, result);
        (uint256 validators, uint256 miners) = (ofValidators.length, ofMiners.length);
        data = RecordData.create(validators + miners, result.bonds.length);
        paid = data.setShares(0, current.validators, ofValidators);
        paid = data.setShares(validators, current.miners, ofMiners) || paid;
        data.setBonds((validators + miners) * SHARE_BYTES, result.bonds);
    }

    /// @dev Validators without permit or weights are paid nothing for earlier bonds. Champions earn by quality.
    function _shares(
        SubnetState storage self,
        Run memory current,
        Yuma.Result memory result
    ) private view returns (uint256[] memory ofValidators, uint256[] memory ofMiners) {
        uint256[] memory dividends = new uint256[](current.validators.length);
        for (uint256 i; i < dividends.length; ++i)
            if (_counts(current.network, i)) dividends[i] = result.dividends[i];
        uint256[] memory incentives =
            self.subnet.kind == ISubnets.SubnetKind.Open
                ? result.incentives
                : new uint256[](current.miners.length);
        (ofMiners, ofValidators) = Yuma.shares(incentives, dividends);
    }

    function _storeIncentives(
        SubnetState storage self,
        Run memory current,
        uint256[] memory incentives
    ) private {
        uint256 best;
        for (uint256 j; j < incentives.length; ++j) best = Math.max(best, incentives[j]);
        if (best == 0) return;

        for (uint256 j; j < incentives.length; ++j)
            if (current.miners[j] != address(0)) self.miners[j].incentive = _saturated(incentives[j]);
        (self.subnet.bestIncentive, self.subnet.gradedAt) = (_saturated(best), current.epoch);
    }

    function _saturated(uint256 incentive) private pure returns (uint32) {
        return uint32(Math.min(incentive, type(uint32).max));
    }

    // Telling

    function _emitRun(
        SubnetState storage self,
        Run memory current,
        Yuma.Result memory result,
        bytes memory data
    ) private {
        emit ISubnetEpochs.EpochRun(
            current.subnetId,
            current.epoch,
            current.previousEpoch,
            self.records[current.epoch].record,
            current.network.stakes,
            _bits(current.network.active),
            _bits(current.network.permits),
            current.validatorsRegisteredAt,
            current.network.registeredAt,
            result.consensus,
            result.incentives,
            result.dividends,
            data
        );
    }

    function _bits(bool[] memory flags) private pure returns (uint256 bits) {
        for (uint256 i; i < flags.length; ++i) if (flags[i]) bits |= 1 << i;
    }
}
