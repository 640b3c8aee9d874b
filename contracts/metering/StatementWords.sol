// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a row's settlement leaves as it is, in a word: allowed contexts (32 bits, at bit 192), cap (64, at bit
///         128), offer id (64, at bit 64) and license id (64, lowest).
type StaticWord is uint256;

/// @notice How far an offer's licenses advance, in a word: units (128 bits, at bit 64) and offer id (64, lowest).
type TotalWord is bytes32;

using StaticWordLib for StaticWord global;
using TotalWordLib for TotalWord global;

library StaticWordLib {
    /// @notice The fields that all rows of an offer share.
    function ofOffer(uint64 offerId, uint32 contexts) internal pure returns (StaticWord) {
        return StaticWord.wrap((uint256(contexts) << 192) | (uint256(offerId) << 64));
    }

    /// @notice The same word for a license, where none is named.
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
