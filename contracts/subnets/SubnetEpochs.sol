// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochRunner} from "./EpochRunner.sol";
import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetQuality} from "./ISubnetQuality.sol";
import {countedStake, readClock, SubnetState} from "./SubnetState.sol";
import {SubnetWeights} from "./SubnetWeights.sol";

/// @notice The part of the subnet hub about epochs: from stakes, weights and bonds to shares and quality.
abstract contract SubnetEpochs is SubnetWeights {
    /// @notice Number of epochs after which incentives no longer decide quality.
    uint32 public constant MAX_QUALITY_AGE = 4;
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
        SubnetState storage self = _states[subnetId];
        if (subnetId == 0 || !_hasQuality(self, subnetId)) return _QUALITY_ONE;
        uint256 number = self.championNumbers[championId];
        if (number == 0) return 0;
        return uint32((uint256(self.miners[number - 1].incentive) << 16) / self.subnet.bestIncentive);
    }

    /// @dev Whether validators decided not long ago, and have the minimum stake now.
    function _hasQuality(SubnetState storage self, uint32 subnetId) private view returns (bool) {
        (uint32 epoch, , ) = readClock(self, subnetId);
        uint32 gradedAt = self.subnet.gradedAt;
        if (gradedAt == 0 || epoch > gradedAt + MAX_QUALITY_AGE) return false;
        (uint256 slots, uint256 minimum) = (self.subnet.validatorSlots, self.params.minTotalStake);
        uint256 sum;
        for (uint256 i; i < slots && sum < minimum; ++i)
            sum += countedStake(self, self.validators[i].account, epoch);
        return sum >= minimum;
    }
}
