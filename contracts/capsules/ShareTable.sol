// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {Earner, EarnerLib, Units} from "../libraries/Earner.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";

/// @notice Share rows stored as contract code: reading one of 500 rows costs no more than reading one of 4.
/// @dev Layout in words: `Units` of the rows, with the number of rows in the platform's place, then one `Earner` per
///      row. Rows of the owner store no account, since owners change.
library ShareTable {
    using Bytes for bytes;

    uint256 internal constant MAX_ROWS = 500;
    uint256 private constant ROLES = 3;

    /// @notice Validates and packs rows. Adds one row for the owner to each role without rows.
    /// @param rows the rows of capsule `self`
    /// @param self id of the capsule
    /// @param lastCapsuleId highest capsule id allowed in a row
    function encode(
        ICapsuleRegistry.ShareRow[] calldata rows,
        uint64 self,
        uint64 lastCapsuleId
    ) internal pure returns (bytes memory) {
        if (rows.length > MAX_ROWS) revert ICapsuleRegistry.SharesTooMany(rows.length, MAX_ROWS);
        uint80[ROLES] memory totals;
        Earner[] memory earners = new Earner[](rows.length + ROLES);
        uint256 count = rows.length;
        for (uint256 i; i < count; ++i) {
            _check(rows[i], i, self, lastCapsuleId);
            totals[uint256(rows[i].role)] += rows[i].units;
            earners[i] = _pack(rows[i]);
        }
        for (uint256 role; role < ROLES; ++role) {
            if (totals[role] != 0) continue;
            totals[role] = 1;
            earners[count++] = EarnerLib.ofAccount(role, 1, address(0));
        }
        bytes memory words = abi.encodePacked(earners);
        return abi.encodePacked(totals[0], totals[1], totals[2], uint16(count), words.slice(0, 32 * count));
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
