// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One earner of a capsule in a word: role (8 bits), whether a capsule earns (8), unused (16), units (64),
///         account or capsule id (160, lowest).
/// @dev The registry stores them as contract code; settlement reads hundreds at once.
type Earner is uint256;

/// @notice Sums of units by role, in a word: data, model, compute (80 bits each) and platform (16, lowest).
type Units is uint256;

using EarnerLib for Earner global;
using UnitsLib for Units global;

library UnitsLib {
    /// @notice Sum of the units of all rows of a role.
    function ofRole(Units self, uint256 role) internal pure returns (uint256) {
        unchecked {
            return role == 3 ? uint16(Units.unwrap(self)) : uint80(Units.unwrap(self) >> (176 - 80 * role));
        }
    }
}

library EarnerLib {
    uint256 private constant CAPSULE = 1 << 240;

    function ofAccount(uint256 role_, uint64 units_, address account_) internal pure returns (Earner) {
        return Earner.wrap((role_ << 248) | (uint256(units_) << 160) | uint160(account_));
    }

    function ofCapsule(uint256 role_, uint64 units_, uint64 capsuleId_) internal pure returns (Earner) {
        return Earner.wrap((role_ << 248) | CAPSULE | (uint256(units_) << 160) | capsuleId_);
    }

    function role(Earner self) internal pure returns (uint256) {
        return Earner.unwrap(self) >> 248;
    }

    function units(Earner self) internal pure returns (uint64) {
        return uint64(Earner.unwrap(self) >> 160);
    }

    /// @notice The earning account, or zero if a capsule earns.
    function account(Earner self) internal pure returns (address) {
        return Earner.unwrap(self) & CAPSULE == 0 ? address(uint160(Earner.unwrap(self))) : address(0);
    }

    /// @notice Whether a capsule earns.
    function isCapsule(Earner self) internal pure returns (bool) {
        return Earner.unwrap(self) & CAPSULE != 0;
    }

    /// @notice The earning capsule, or 0 if an account earns.
    function capsuleId(Earner self) internal pure returns (uint64) {
        return Earner.unwrap(self) & CAPSULE == 0 ? 0 : uint64(Earner.unwrap(self));
    }

    /// @notice Whether neither is named: then the capsule's owner earns.
    function isOwner(Earner self) internal pure returns (bool) {
        return uint160(Earner.unwrap(self)) == 0;
    }

    /// @notice The same earner with other units.
    function withUnits(Earner self, uint64 units_) internal pure returns (Earner) {
        uint256 others = Earner.unwrap(self) & ~(uint256(type(uint64).max) << 160);
        return Earner.wrap(others | (uint256(units_) << 160));
    }

    /// @notice The same earner with an account; only for an earner without one.
    function withAccount(Earner self, address account_) internal pure returns (Earner) {
        return Earner.wrap(Earner.unwrap(self) | uint160(account_));
    }
}
