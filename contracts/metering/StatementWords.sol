// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The fields of a row besides its usage words, in a word: allowed contexts (32 bits, at bit 192), cap (64, at
///         bit 128), offer id (64, at bit 64) and license id (64, lowest).
type StaticWord is uint256;

/// @notice The total of an offer in a batch, in a word: units (128 bits, at bit 64) and offer id (64, lowest).
type TotalWord is bytes32;

using StaticWordLib for StaticWord global;
using TotalWordLib for TotalWord global;

library StaticWordLib {
    /// @notice The word of all rows of an offer, without license and cap.
    function ofOffer(uint64 offerId, uint32 contexts) internal pure returns (StaticWord) {
        return StaticWord.wrap((uint256(contexts) << 192) | (uint256(offerId) << 64));
    }

    /// @notice The same word with a license and its cap; only for a word without them.
    function withLicense(StaticWord self, uint64 licenseId, uint64 cap) internal pure returns (StaticWord) {
        return StaticWord.wrap(StaticWord.unwrap(self) | (uint256(cap) << 128) | licenseId);
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
