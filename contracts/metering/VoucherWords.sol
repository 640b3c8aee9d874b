// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Use in open mode, in a word: contexts used so far (32 bits, at bit 64) and cumulative units (64, lowest).
type OpenUsage is bytes32;

/// @notice A license and its new use in open mode: license id (64 bits, at bit 96) and `OpenUsage` (96, lowest).
type OpenEntry is bytes32;

/// @notice A license and its use in private mode, in a word: cumulative units (64 bits, at bit 96), contexts used so far
///         (32, at bit 64) and license id (64, lowest).
/// @dev Poseidon of this word and a salt is the usage word. Units are on top, as `usage-row.circom` needs.
type PrivateUse is uint256;

/// @notice A license and its proven cap in private mode: license id (64 bits, at bit 64) and cap in units (64, lowest).
type PrivateEntry is bytes32;

using OpenUsageLib for OpenUsage global;
using OpenEntryLib for OpenEntry global;
using PrivateEntryLib for PrivateEntry global;

library OpenUsageLib {
    function units(OpenUsage self) internal pure returns (uint64) {
        return uint64(uint256(OpenUsage.unwrap(self)));
    }

    function contexts(OpenUsage self) internal pure returns (uint32) {
        return uint32(uint256(OpenUsage.unwrap(self)) >> 64);
    }
}

library OpenEntryLib {
    /// @notice Whether all unused bits are 0.
    function isWellFormed(OpenEntry self) internal pure returns (bool) {
        return uint256(OpenEntry.unwrap(self)) >> 160 == 0;
    }

    function licenseId(OpenEntry self) internal pure returns (uint64) {
        return uint64(uint256(OpenEntry.unwrap(self)) >> 96);
    }

    function usage(OpenEntry self) internal pure returns (OpenUsage) {
        return OpenUsage.wrap(bytes32(uint256(uint96(uint256(OpenEntry.unwrap(self))))));
    }
}

library PrivateUseLib {
    function ofLicense(uint64 licenseId, uint64 units, uint32 contexts) internal pure returns (PrivateUse) {
        return PrivateUse.wrap((uint256(units) << 96) | (uint256(contexts) << 64) | licenseId);
    }
}

library PrivateEntryLib {
    /// @notice Whether all unused bits are 0.
    function isWellFormed(PrivateEntry self) internal pure returns (bool) {
        return uint256(PrivateEntry.unwrap(self)) >> 128 == 0;
    }

    function licenseId(PrivateEntry self) internal pure returns (uint64) {
        return uint64(uint256(PrivateEntry.unwrap(self)) >> 64);
    }

    function cap(PrivateEntry self) internal pure returns (uint64) {
        return uint64(uint256(PrivateEntry.unwrap(self)));
    }
}
