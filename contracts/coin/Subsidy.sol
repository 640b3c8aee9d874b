// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @notice Bitcoin's schedule: 50 coins of 10^8 base units a height, halved every 210,000 heights, rounded down.
library Subsidy {
    /// @notice Base units of each of the first heights.
    uint256 internal constant FIRST = 50e8;
    /// @notice Heights between two halvings.
    uint256 internal constant HALVING = 210_000;
    /// @notice Base units of all heights together.
    uint256 internal constant TOTAL = 2_099_999_997_690_000;

    /// @notice Base units of `count` heights from `height` on, across any halvings.
    /// @param height first of them, counted from 0, below 2^64
    /// @param count how many, below 2^64
    function ofHeights(uint256 height, uint256 count) internal pure returns (uint256) {
        return ofAllBelow(height + count) - ofAllBelow(height);
    }

    /// @notice Base units of all heights below `height`, itself below 2^65.
    /// @dev The floors of n / 2^k, for all k from 0 on, add up to 2n less the bits that are set in n. Those of the halvings
    ///      to come are the same sum for what is left of n.
    function ofAllBelow(uint256 height) internal pure returns (uint256) {
        // Nothing overflows: `height` is below 2^65 and what is left below 2^33.
        unchecked {
            uint256 left = FIRST >> (height / HALVING);
            return HALVING * (_ofAllHalvings(FIRST) - _ofAllHalvings(left)) + (height % HALVING) * left;
        }
    }

    function _ofAllHalvings(uint256 subsidy) private pure returns (uint256) {
        unchecked {
            return 2 * subsidy - LibBit.popCount(subsidy);
        }
    }
}
