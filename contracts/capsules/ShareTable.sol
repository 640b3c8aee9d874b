// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {Earner, EarnerLib, Units} from "../libraries/Earner.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";

/// @notice Share rows stored as contract code: reading one of 500 rows costs no more than reading one of 4.
/// @dev Layout in words: `Units` of the rows, with the number of rows in the platform's place, then one `Earner` per
///      row. Rows of the owner store no account, since owners change. A derivative's table begins with its parents' rows.
library ShareTable {
    using Bytes for bytes;

    uint256 internal constant MAX_ROWS = 500;
    uint256 internal constant BPS = 10_000;
    /// @dev Units of a derivative's own rows in a role: the units of all its rows are 10,000 times as many.
    uint256 internal constant MAX_DERIVATIVE_UNITS = type(uint64).max / BPS;
    uint256 private constant ROLES = 3;
    /// @dev Parents earn in the first two roles: Data and Model.
    uint256 private constant PARENT_ROLES = 2;

    /// @notice Validates and packs rows. Adds one row for the owner to each role without rows, and the parents' rows.
    /// @param rows the rows of capsule `self`
    /// @param self id of the capsule
    /// @param lastCapsuleId highest capsule id allowed in a row
    /// @param parents parents of capsule `self`; their shares add up to less than 10,000
    function encode(
        ICapsuleRegistry.ShareRow[] calldata rows,
        uint64 self,
        uint64 lastCapsuleId,
        ICapsuleRegistry.Parent[] memory parents
    ) internal pure returns (bytes memory) {
        if (rows.length > MAX_ROWS) revert ICapsuleRegistry.SharesTooMany(rows.length, MAX_ROWS);
        uint80[ROLES] memory totals;
        uint256 first = _parentRows(parents);
        Earner[] memory earners = new Earner[](first + rows.length + ROLES);
        uint256 count = first;
        for (uint256 i; i < rows.length; ++i) {
            _check(rows[i], i, self, lastCapsuleId);
            totals[uint256(rows[i].role)] += rows[i].units;
            earners[count++] = _pack(rows[i]);
        }
        for (uint256 role; role < ROLES; ++role) {
            if (totals[role] != 0) continue;
            totals[role] = 1;
            earners[count++] = EarnerLib.ofAccount(role, 1, address(0));
        }
        if (first != 0) _addParents(earners, first, count, totals, parents);
        bytes memory words = abi.encodePacked(earners);
        return abi.encodePacked(totals[0], totals[1], totals[2], uint16(count), words.slice(0, 32 * count));
    }

    function _parentRows(ICapsuleRegistry.Parent[] memory parents) private pure returns (uint256 count) {
        for (uint256 i; i < parents.length; ++i) if (parents[i].shareBps != 0) count += PARENT_ROLES;
    }

    function _check(
        ICapsuleRegistry.ShareRow calldata row,
        uint256 index,
        uint64 self,
        uint64 lastCapsuleId
    ) private pure {
        uint64 id = row.capsuleId;
        if (row.role == ICapsuleRegistry.Role.Platform) revert ICapsuleRegistry.ShareRolePlatform(index);
        if (row.units == 0) revert ICapsuleRegistry.ShareUnitsZero(index);
        if (id == 0) return;
        if (row.account != address(0)) revert ICapsuleRegistry.ShareBeneficiaryAmbiguous(index);
        if (id == self) revert ICapsuleRegistry.ShareBeneficiarySelf(index);
        if (id > lastCapsuleId) revert ICapsuleRegistry.ShareBeneficiaryNonexistent(index, id);
    }

    function _pack(ICapsuleRegistry.ShareRow calldata row) private pure returns (Earner) {
        return
            row.capsuleId == 0
                ? EarnerLib.ofAccount(uint256(row.role), row.units, row.account)
                : EarnerLib.ofCapsule(uint256(row.role), row.units, row.capsuleId);
    }

    /// @dev Own units times what is left of 10,000, and each parent's share times the total of own units: so a parent's
    ///      part of a role is exactly its share.
    function _addParents(
        Earner[] memory earners,
        uint256 first,
        uint256 count,
        uint80[ROLES] memory totals,
        ICapsuleRegistry.Parent[] memory parents
    ) private pure {
        uint256 next;
        for (uint256 role; role < PARENT_ROLES; ++role) {
            uint256 total = totals[role];
            if (total > MAX_DERIVATIVE_UNITS)
                revert ICapsuleRegistry.ShareUnitsTooMany(
                    ICapsuleRegistry.Role(role),
                    total,
                    MAX_DERIVATIVE_UNITS
                );
            totals[role] = uint80(total * BPS);
            for (uint256 i; i < parents.length; ++i) {
                (uint64 id, uint256 shareBps) = (parents[i].capsuleId, parents[i].shareBps);
                if (shareBps != 0) earners[next++] = EarnerLib.ofCapsule(role, uint64(total * shareBps), id);
            }
        }
        uint256 left = BPS - _sharesOf(parents);
        for (uint256 i = first; i < count; ++i) {
            Earner earner = earners[i];
            if (earner.role() < PARENT_ROLES) earners[i] = earner.withUnits(uint64(earner.units() * left));
        }
    }

    function _sharesOf(ICapsuleRegistry.Parent[] memory parents) private pure returns (uint256 sum) {
        for (uint256 i; i < parents.length; ++i) sum += parents[i].shareBps;
    }

    /// @notice Number of rows, and the sum of their units per role; the platform's is 1.
    function head(address blob) internal view returns (uint256 count, Units units) {
        uint256 word = uint256(bytes32(SSTORE2.read(blob, 0, 32)));
        count = uint16(word);
        units = Units.wrap(word - count + 1);
    }

    /// @notice Earners `first` to `first + count - 1`: 0 is the platform, 1 the first row.
    function read(
        address blob,
        uint256 first,
        uint256 count
    ) internal view returns (Earner[] memory earners) {
        bytes memory words = SSTORE2.read(blob, 32 * first, 32 * (first + count));
        // In memory, `bytes` and an array of words differ only in the unit of their length.
        assembly ("memory-safe") {
            mstore(words, count)
            earners := words
        }
        if (first == 0 && count != 0) {
            earners[0] = EarnerLib.ofAccount(uint256(ICapsuleRegistry.Role.Platform), 1, address(0));
        }
    }
}
