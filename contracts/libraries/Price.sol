// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Prices are base units of a currency for 1,000,000 metered units, as AI services quote them.
/// @dev Buying rounds up. Releases carry their remainder, and refunds round down. So the prices of any purchases cover
///      the releases and refunds of their units: ceil(a) + ceil(b) >= floor(a + b) >= floor(a) + floor(b).
library Price {
    /// @notice Number of metered units of a quoted price.
    uint256 internal constant UNITS = 1_000_000;

    /// @notice Base units for `units` below 2^128, rounded up: what a buyer pays.
    function roundedUp(uint256 units, uint96 pricePerMillion) internal pure returns (uint256) {
        return (units * pricePerMillion + UNITS - 1) / UNITS;
    }

    /// @notice Base units for `units` below 2^128, rounded down: what a refund owes.
    function roundedDown(uint256 units, uint96 pricePerMillion) internal pure returns (uint256) {
        return (units * pricePerMillion) / UNITS;
    }

    /// @notice Base units for `units` below 2^128 and a remainder of earlier ones, and the new remainder.
    /// @param carry remainder, millionths of a base unit
    function carried(
        uint256 units,
        uint96 pricePerMillion,
        uint24 carry
    ) internal pure returns (uint256 amount, uint24 remainder) {
        uint256 millionths = units * pricePerMillion + carry;
        return (millionths / UNITS, uint24(millionths % UNITS));
    }
}
