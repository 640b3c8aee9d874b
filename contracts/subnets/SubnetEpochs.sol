// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochRunner} from "./EpochRunner.sol";
import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetQuality} from "./ISubnetQuality.sol";
import {countedStake, SubnetState} from "./SubnetState.sol";
import {SubnetWeights} from "./SubnetWeights.sol";

/// @notice The part of the subnet hub about epochs: from stakes, weights and bonds to shares and quality.
abstract contract SubnetEpochs is SubnetWeights {
    /// @dev Quality 1, in 2^-16.
    uint32 private constant _QUALITY_ONE = 1 << 16;

    // Running

    /// @inheritdoc ISubnetEpochs
    function runEpoch(uint32 subnetId) external returns (uint32 epoch) {
        return EpochRunner.run(_states[subnetId], subnetId);
    }

    // Reading

    /// @inheritdoc ISubnetQuality
    function qualityOf(uint16 sector, uint32 championId) external view returns (uint32) {
        uint32 subnetId = sovereignOf[sector];
        if (subnetId == 0) return _QUALITY_ONE;
        Subnet storage subnet = _states[subnetId].subnet;
        uint32 best = subnet.bestIncentive;
        uint64 minimum = _states[subnetId].params.minTotalStake;
        if (best == 0 || subnet.lastStake < minimum || !_isStaked(subnetId, minimum)) return _QUALITY_ONE;
        uint256 number = _states[subnetId].championNumbers[championId];
        if (number == 0) return 0;
        return uint32((uint256(_states[subnetId].miners[number - 1].incentive) << 16) / best);
    }

    /// @dev Whether the validators' stakes that count now reach `minimum`.
    function _isStaked(uint32 subnetId, uint64 minimum) private view returns (bool) {
        (uint32 epoch, , ) = clockOf(subnetId);
        SubnetState storage self = _states[subnetId];
        uint256 slots = self.subnet.validatorSlots;
        uint256 sum;
        for (uint256 i; i < slots && sum < minimum; ++i)
            sum += countedStake(self, self.validators[i].account, epoch);
        return sum >= minimum;
    }
}
