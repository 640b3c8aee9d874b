// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The quality of champions, decided by a sector's sovereign subnet.
interface ISubnetQuality {
    /// @notice A champion's quality in a sector: its incentive over the best incentive of the last epoch with incentives.
    /// @dev Fixed point, rounded down: 2^16 is 1, the maximum. Never reverts. It is 1 for every champion while
    ///      - the sector has no sovereign subnet, or none of its epochs gave incentives
    ///      - the last epoch with incentives is more than 4 epochs ago: validators stopped scoring
    ///      - the last run epoch had less active stake than `minTotalStake`, or all validators have less now
    ///      Else it is 0 for a champion without a slot.
    /// @param sector number of the sector, as in offers
    /// @param championId the champion
    /// @return quality between 0 and 2^16
    function qualityOf(uint16 sector, uint32 championId) external view returns (uint32 quality);
}
