// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ShareTable} from "../../contracts/capsules/ShareTable.sol";
import {Earner, EarnerLib, Units} from "../../contracts/libraries/Earner.sol";
import {Test} from "../utils/Test.sol";

/// @dev Wraps the library in a contract, because `encode` takes calldata.
contract ShareTableHarness {
    function encode(
        ICapsuleRegistry.ShareRow[] calldata rows,
        uint64 self,
        uint64 lastCapsuleId,
        ICapsuleRegistry.Parent[] calldata parents
    ) external pure returns (bytes memory) {
        return ShareTable.encode(rows, self, lastCapsuleId, parents);
    }
}

contract ShareTableTest is Test {
    uint64 private constant SELF = 900;
    uint64 private constant LAST = 1_000;

    ShareTableHarness private immutable HARNESS = new ShareTableHarness();

    struct RowSeed {
        uint8 role;
        uint64 units;
        address account;
        uint64 capsuleId;
        uint8 extreme;
    }

    function testFuzz_RowsAreReadAsTheyWereWritten(RowSeed[] memory seeds) public {
        ICapsuleRegistry.ShareRow[] memory rows = _rows(seeds);
        (Earner[] memory earners, ) = _written(rows);
        checkEq(uint256(earners[0].role()), 3, "Earner 0 is the platform");
        checkEq(uint256(earners[0].units()), 1, "The platform has one unit");
        check(earners[0].isOwner(), "The platform's account is left to the router");
        for (uint256 i; i < rows.length; ++i) _checkSame(earners[i + 1], rows[i]);
    }

    function testFuzz_TotalsAreTheSumOfTheUnits(RowSeed[] memory seeds) public {
        ICapsuleRegistry.ShareRow[] memory rows = _rows(seeds);
        (Earner[] memory earners, Units units) = _written(rows);
        uint256[3] memory sums;
        for (uint256 i = 1; i < earners.length; ++i) sums[earners[i].role()] += earners[i].units();
        for (uint256 role; role < 3; ++role) {
            checkEq(units.ofRole(role), sums[role], "A role's units are the sum of its rows'");
            check(sums[role] != 0, "Every role has units");
        }
        checkEq(units.ofRole(3), 1, "The platform's units are 1");
    }

    function testFuzz_EachRoleWithoutRowsGetsOneOfTheOwner(RowSeed[] memory seeds) public {
        ICapsuleRegistry.ShareRow[] memory rows = _rows(seeds);
        (Earner[] memory earners, ) = _written(rows);
        uint256 next = rows.length + 1;
        for (uint256 role; role < 3; ++role) {
            if (_hasRole(rows, role)) continue;
            Earner earner = earners[next++];
            checkEq(earner.role(), role, "The owner's rows follow in the order of the roles");
            checkEq(earner.units(), 1, "The owner's row has one unit");
            check(earner.isOwner() && !earner.isCapsule(), "The owner's row names nobody");
        }
        checkEq(earners.length, next, "No other rows are added");
    }

    function testFuzz_AnyRangeReadsTheSameAsAll(RowSeed[] memory seeds, uint256 first, uint256 count) public {
        address blob = SSTORE2.write(
            HARNESS.encode(_rows(seeds), SELF, LAST, new ICapsuleRegistry.Parent[](0))
        );
        (uint256 rows, ) = ShareTable.head(blob);
        Earner[] memory all = ShareTable.read(blob, 0, rows + 1);
        first = bound(first, 0, rows);
        count = bound(count, 0, rows + 1 - first);
        Earner[] memory some = ShareTable.read(blob, first, count);
        checkEq(some.length, count, "As many earners are read as were asked for");
        for (uint256 i; i < count; ++i) {
            check(
                Earner.unwrap(some[i]) == Earner.unwrap(all[first + i]),
                "A range holds the same earners as the whole table"
            );
        }
    }

    /// @dev For any own rows and shares. The sums are those of the whole table.
    function testFuzz_ParentsHaveExactlyTheirShare(RowSeed[] memory seeds, uint16[16] memory shares) public {
        ICapsuleRegistry.ShareRow[] memory rows = _rows(seeds);
        for (uint256 i; i < rows.length; ++i)
            if (rows[i].role != ICapsuleRegistry.Role.Compute)
                rows[i].units = uint64(bound(rows[i].units, 1, (type(uint64).max / 10_000) / 20));
        ICapsuleRegistry.Parent[] memory parents = new ICapsuleRegistry.Parent[](16);
        uint256 rowsOfParents;
        uint256 left = 9_999;
        for (uint64 i; i < 16; ++i) {
            uint16 shareBps = uint16(bound(shares[i], 0, left > 5_000 ? 5_000 : left));
            left -= shareBps;
            parents[i] = ICapsuleRegistry.Parent(SELF - 16 + i, i + 1, shareBps);
            if (shareBps != 0) rowsOfParents += 2;
        }
        address blob = SSTORE2.write(HARNESS.encode(rows, SELF, LAST, parents));
        (uint256 count, Units units) = ShareTable.head(blob);
        Earner[] memory earners = ShareTable.read(blob, 1, count);
        uint256 next;
        for (uint256 role; role < 2; ++role) {
            for (uint256 i; i < 16; ++i) {
                if (parents[i].shareBps == 0) continue;
                checkEq(earners[next].capsuleId(), parents[i].capsuleId, "Parents come first, in order");
                checkEq(earners[next].role(), role, "Parents earn from data, then from models");
                checkEq(
                    uint256(earners[next++].units()) * 10_000,
                    units.ofRole(role) * parents[i].shareBps,
                    "A parent's part is exactly its share"
                );
            }
        }
        checkEq(next, rowsOfParents, "A parent without a share has no row");
        uint256[3] memory sums;
        for (uint256 i; i < count; ++i) sums[earners[i].role()] += earners[i].units();
        for (uint256 role; role < 3; ++role)
            checkEq(units.ofRole(role), sums[role], "A role's units are the sum of its rows'");
        uint256 factor = next == 0 ? 1 : left + 1;
        for (uint256 i; i < rows.length; ++i) {
            bool isScaled = rows[i].role != ICapsuleRegistry.Role.Compute;
            rows[i].units = uint64(rows[i].units * (isScaled ? factor : 1));
            _checkSame(earners[next + i], rows[i]);
        }
    }

    /// @dev Tests each role in turn, to detect an overflow into the neighboring total.
    function test_FiveHundredRowsOfMostUnitsDoNotOverflow() public {
        for (uint8 role; role < 3; ++role) {
            ICapsuleRegistry.ShareRow[] memory rows = new ICapsuleRegistry.ShareRow[](500);
            for (uint256 i; i < 500; ++i) {
                rows[i] = ICapsuleRegistry.ShareRow({
                    role: ICapsuleRegistry.Role(role),
                    units: type(uint64).max,
                    account: address(uint160(i + 1)),
                    capsuleId: 0
                });
            }
            (Earner[] memory earners, Units units) = _written(rows);
            checkEq(earners.length, 503, "500 rows, the platform and two rows of the owner");
            for (uint256 other; other < 3; ++other) {
                uint256 expected = other == role ? 500 * uint256(type(uint64).max) : 1;
                checkEq(units.ofRole(other), expected, "The units of 500 rows of 2^64 - 1 fit");
            }
            _checkSame(earners[500], rows[499]);
        }
    }

    function test_BoundaryUnitsSurvive() public {
        uint64[4] memory units = [1, 2 ** 63, type(uint64).max - 1, type(uint64).max];
        for (uint256 i; i < units.length; ++i) {
            for (uint8 role; role < 3; ++role) {
                ICapsuleRegistry.ShareRow[] memory rows = new ICapsuleRegistry.ShareRow[](2);
                rows[0] = ICapsuleRegistry.ShareRow(
                    ICapsuleRegistry.Role(role),
                    units[i],
                    address(type(uint160).max),
                    0
                );
                rows[1] = ICapsuleRegistry.ShareRow(ICapsuleRegistry.Role(role), units[i], address(0), LAST);
                (Earner[] memory earners, Units totals) = _written(rows);
                _checkSame(earners[1], rows[0]);
                _checkSame(earners[2], rows[1]);
                checkEq(totals.ofRole(role), 2 * uint256(units[i]), "Boundary units add up");
            }
        }
    }

    function testFuzz_EarnersOfAccountsUnpackAsPacked(uint8 role, uint64 units, address account) public pure {
        Earner earner = EarnerLib.ofAccount(role, units, account);
        checkEq(earner.role(), role, "The role survives packing");
        checkEq(earner.units(), units, "The units survive packing");
        check(earner.account() == account, "The account survives packing");
        check(!earner.isCapsule() && earner.capsuleId() == 0, "An account is no capsule");
        check(earner.isOwner() == (account == address(0)), "Only the zero account stands for the owner");
    }

    function testFuzz_EarnersOfCapsulesUnpackAsPacked(uint8 role, uint64 units, uint64 id) public pure {
        Earner earner = EarnerLib.ofCapsule(role, units, id);
        checkEq(earner.role(), role, "The role survives packing");
        checkEq(earner.units(), units, "The units survive packing");
        checkEq(earner.capsuleId(), id, "The capsule survives packing");
        check(earner.isCapsule() && earner.account() == address(0), "A capsule is no account");
    }

    function testFuzz_OwnersRowsTakeTheOwnersAccount(uint8 role, uint64 units, address owner) public pure {
        Earner earner = EarnerLib.ofAccount(role, units, address(0)).withAccount(owner);
        check(earner.account() == owner, "The owner's row names the owner");
        checkEq(earner.role(), role, "Naming the owner keeps the role");
        checkEq(earner.units(), units, "Naming the owner keeps the units");
    }

    function _written(
        ICapsuleRegistry.ShareRow[] memory rows
    ) private returns (Earner[] memory earners, Units units) {
        address blob = SSTORE2.write(HARNESS.encode(rows, SELF, LAST, new ICapsuleRegistry.Parent[](0)));
        uint256 count;
        (count, units) = ShareTable.head(blob);
        earners = ShareTable.read(blob, 0, count + 1);
    }

    /// @dev Valid rows from any seeds. Every other row has boundary units.
    function _rows(RowSeed[] memory seeds) private pure returns (ICapsuleRegistry.ShareRow[] memory rows) {
        rows = new ICapsuleRegistry.ShareRow[](bound(seeds.length, 0, 20));
        for (uint256 i; i < rows.length; ++i) {
            RowSeed memory seed = seeds[i];
            bool named = seed.extreme % 2 == 1;
            rows[i] = ICapsuleRegistry.ShareRow({
                role: ICapsuleRegistry.Role(seed.role % 3),
                units: seed.extreme < 64
                    ? type(uint64).max
                    : seed.extreme < 128 || seed.units == 0
                        ? 1
                        : seed.units,
                account: named ? address(0) : seed.account,
                capsuleId: named ? uint64(bound(seed.capsuleId, 1, SELF - 1)) : 0
            });
        }
    }

    function _hasRole(ICapsuleRegistry.ShareRow[] memory rows, uint256 role) private pure returns (bool) {
        for (uint256 i; i < rows.length; ++i) if (uint256(rows[i].role) == role) return true;
        return false;
    }

    function _checkSame(Earner earner, ICapsuleRegistry.ShareRow memory row) private pure {
        checkEq(earner.role(), uint256(row.role), "A row keeps its role");
        checkEq(earner.units(), row.units, "A row keeps its units");
        check(earner.account() == row.account, "A row keeps its account");
        checkEq(earner.capsuleId(), row.capsuleId, "A row keeps its capsule");
        check(earner.isCapsule() == (row.capsuleId != 0), "A row stays an account's or a capsule's");
    }
}
