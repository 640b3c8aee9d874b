// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The fields of a row besides its usage words, in a word: cap (64 bits, at bit 100), allowed contexts (32, at
///         bit 68), index of its offer in the batch (4, at bit 64) and license id (64, lowest).
/// @dev The cap is on top, because the circuit does not check its size: see `usage-row.circom`.
type StaticWord is uint256;

/// @notice The total of an offer in a batch, in a word: units (128 bits, at bit 64) and offer id (64, lowest).
type TotalWord is bytes32;

using StaticWordLib for StaticWord global;
using TotalWordLib for TotalWord global;

library StaticWordLib {
    /// @notice Most offers in a batch: an index has 4 bits.
    uint256 internal constant MAX_OFFERS = 16;

    /// @notice The word of all rows of an offer, without license and cap.
    /// @param index position of the offer in the batch, below `MAX_OFFERS`
    function ofOffer(uint256 index, uint32 contexts) internal pure returns (StaticWord) {
        return StaticWord.wrap((uint256(contexts) << 68) | (index << 64));
    }

    /// @notice The same word with a license and its cap; only for a word without them.
    function withLicense(StaticWord self, uint64 licenseId, uint64 cap) internal pure returns (StaticWord) {
        return StaticWord.wrap(StaticWord.unwrap(self) | (uint256(cap) << 100) | licenseId);
    }
}

library TotalWordLib {
    function ofOffer(uint64 offerId_, uint128 units_) internal pure returns (TotalWord) {
        return TotalWord.wrap(bytes32((uint256(units_) << 64) | offerId_));
    }

    function offerId(TotalWord self) internal pure returns (uint64) {
        return uint64(uint256(TotalWord.unwrap(self)));
    }

    function units(TotalWord self) internal pure returns (uint128) {
        return uint128(uint256(TotalWord.unwrap(self)) >> 64);
    }
}
