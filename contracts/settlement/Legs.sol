// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The exact split of cumulative revenue: data 40 %, model 30 %, compute 20 %, platform 10 %.
/// @dev Nested divisions instead of four independent ones: the legs always add up to `total`, no leg decreases as it
///      grows, and each stays within 1.2 base units of its exact share.
library Legs {
    /// @notice The legs of all payments so far, base units.
    /// @param total cumulative base units, below 2^254
    function ofTotal(
        uint256 total
    ) internal pure returns (uint256 data, uint256 model, uint256 compute, uint256 platform) {
        // Nothing overflows: `total` is below 2^254, and no leg exceeds its minuend.
        unchecked {
            uint256 computeAndPlatform = (3 * total) / 10;
            uint256 dataAndModel = total - computeAndPlatform;
            platform = computeAndPlatform / 3;
            compute = computeAndPlatform - platform;
            model = (3 * dataAndModel) / 7;
            data = dataAndModel - model;
        }
    }

    /// @notice Compute and platform legs of one payment: its increase of the legs of all payments, base units.
    /// @param total all payments before
    /// @param amount the payment
    function ofPayment(
        uint256 total,
        uint256 amount
    ) internal pure returns (uint256 compute, uint256 platform) {
        (, , uint256 oldCompute, uint256 oldPlatform) = ofTotal(total);
        (, , compute, platform) = ofTotal(total + amount);
        return (compute - oldCompute, platform - oldPlatform);
    }
}
