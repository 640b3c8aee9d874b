// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @notice Bitcoin's subsidy schedule: 50 coins of 10^8 base units per height, halved every 210,000, rounded down.
library Subsidy {
    /// @notice Subsidy per height before the first halving, in base units.
    uint256 internal constant FIRST = 50e8;
    /// @notice Heights between two halvings.
    uint256 internal constant HALVING = 210_000;
    /// @notice Subsidy of the whole schedule, in base units.
    uint256 internal constant TOTAL = 2_099_999_997_690_000;

    /// @notice Subsidy below a fractional height: of all whole heights below it, and of its fraction, rounded down.
    /// @param height in 2^-64, below 2^128
    function below(uint256 height) internal pure returns (uint256) {
        uint256 whole = height >> 64;
        // Nothing overflows: the fraction is below 2^64, a subsidy below 2^33.
        unchecked {
            uint256 fraction = uint64(height);
            return ofAllBelow(whole) + ((fraction * (FIRST >> (whole / HALVING))) >> 64);
        }
    }

    /// @notice Subsidy of all heights below `height`, in base units.
    /// @dev The sum over k >= 0 of floor(n / 2^k) is 2n - popCount(n). The subsidies of all past halving periods are
    ///      this sum for `FIRST` minus the sum for the current subsidy.
    /// @param height below 2^65
    function ofAllBelow(uint256 height) internal pure returns (uint256) {
        // Nothing overflows: `height` < 2^65 and `left` < 2^33.
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
