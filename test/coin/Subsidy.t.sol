// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Subsidy} from "../../contracts/coin/Subsidy.sol";
import {Test} from "../utils/Test.sol";

contract SubsidyTest is Test {
    uint256 private constant ROUND = 144;
    uint256 private constant END = 33 * 210_000;

    function test_TheFirstRoundsEarnFiftyCoinsAHeight() public pure {
        checkEq(_ofHeights(0, ROUND), 144 * 50e8, "The first round is worth 7,200 coins");
        checkEq(_ofHeights(0, 210_000), 210_000 * 50e8, "So is every one before the first halving");
    }

    function test_TheWholeScheduleIsExact() public pure {
        checkEq(_byHalvings(64), 2_099_999_997_690_000, "64 halvings add up to the schedule");
        checkEq(Subsidy.ofAllBelow(64 * 210_000), 2_099_999_997_690_000, "So does the closed form");
        checkEq(Subsidy.TOTAL, 2_099_999_997_690_000, "And the constant says the same");
    }

    function test_AfterTheLastHalvingThereIsNothing() public pure {
        checkEq(_ofHeights(END - 1, 1), 1, "The last height with a subsidy has one base unit");
        checkEq(_ofHeights(END, type(uint64).max), 0, "All heights after it have none");
        checkEq(Subsidy.ofAllBelow(type(uint64).max), Subsidy.TOTAL, "However many there are");
    }

    function test_EachHalvingIsExact() public pure {
        for (uint256 k; k < 70; ++k) {
            uint256 before = k == 0 ? 0 : _naive(k * 210_000 - 1);
            checkEq(_naive(k * 210_000), 50e8 >> k, "A halving halves, rounded down");
            if (k == 0) continue;
            checkEq(_ofHeights(k * 210_000 - 1, 2), before + (50e8 >> k), "Exact across the halving");
            checkEq(Subsidy.ofAllBelow(k * 210_000), _byHalvings(k), "Exact up to the halving");
        }
    }

    /// @dev 144 does not divide 210,000, so halvings fall inside rounds. The sum runs through every round.
    function test_RoundsAddUpToTheSchedule() public pure {
        uint256 sum;
        uint256 last = type(uint256).max;
        for (uint256 height; height < END + ROUND; height += ROUND) {
            uint256 subsidy = _ofHeights(height, ROUND);
            checkAtMost(subsidy, last, "No round is worth more than the one before");
            last = subsidy;
            sum += subsidy;
        }
        checkEq(sum, 2_099_999_997_690_000, "All rounds add up to the schedule");
    }

    /// @dev Rounds of any part of 144 heights, through every halving.
    function test_FractionalRoundsAddUpToTheSchedule() public pure {
        uint256 sum;
        uint256 before;
        uint256 dice = 1;
        for (uint256 height; before < (END << 64); before = height) {
            dice = uint256(keccak256(abi.encode(dice)));
            height += dice % 4 == 0 ? ROUND << 64 : (dice >> 8) % (ROUND << 64);
            sum += Subsidy.below(height) - Subsidy.below(before);
        }
        checkEq(sum, 2_099_999_997_690_000, "All fractions add up to the schedule");
    }

    function testFuzz_AFractionIsOfItsHeight(uint256 height, uint64 fraction) public pure {
        height = _height(height) % 2 ** 64;
        uint256 whole = Subsidy.ofAllBelow(height);
        checkEq(Subsidy.below(height << 64), whole, "A whole height has no fraction");
        uint256 expected = (uint256(fraction) * _naive(height)) / 2 ** 64;
        checkEq(Subsidy.below((height << 64) | fraction), whole + expected, "A fraction is rounded down");
    }

    function testFuzz_FractionsOnlyGrow(uint128 height, uint128 further) public pure {
        further = uint128(bound(further, 0, type(uint128).max - height));
        checkAtMost(Subsidy.below(height), Subsidy.below(height + further), "The schedule never shrinks");
        checkAtMost(Subsidy.below(height + further), Subsidy.TOTAL, "Nor exceeds its total");
    }

    function testFuzz_ARoundIsTheSumOfItsHeights(uint256 height, uint256 count) public pure {
        height = _height(height);
        count = bound(count, 0, 3 * ROUND);
        uint256 sum;
        for (uint256 i; i < count; ++i) sum += _naive(height + i);
        checkEq(_ofHeights(height, count), sum, "A run of heights is the sum of its heights");
    }

    function testFuzz_RunsAddUp(uint256 height, uint64 first, uint64 second) public pure {
        height = _height(height);
        checkEq(
            _ofHeights(height, first) + _ofHeights(height + first, second),
            _ofHeights(height, uint256(first) + second),
            "Two runs add up to the run of both"
        );
    }

    function testFuzz_TheScheduleOnlyGrowsUpToItsTotal(uint64 height, uint64 count) public pure {
        uint256 below = Subsidy.ofAllBelow(height);
        checkAtMost(below, Subsidy.ofAllBelow(uint256(height) + count), "The schedule never shrinks");
        checkAtMost(Subsidy.ofAllBelow(uint256(height) + count), Subsidy.TOTAL, "Nor exceeds its total");
    }

    /// @dev A third of the heights are near a halving, a third anywhere before the end, a third anywhere.
    function _height(uint256 seed) private pure returns (uint256) {
        uint256 value = seed / 3;
        if (seed % 3 == 0) {
            uint256 halving = 210_000 * bound(value % 64, 1, 63);
            return bound(value / 64, halving - 3 * ROUND, halving + ROUND);
        }
        return bound(value, 0, seed % 3 == 1 ? END : type(uint64).max);
    }

    function _naive(uint256 height) private pure returns (uint256) {
        uint256 subsidy = 50e8;
        for (uint256 i = height / 210_000; i > 0 && subsidy > 0; --i) subsidy /= 2;
        return subsidy;
    }

    function _ofHeights(uint256 height, uint256 count) private pure returns (uint256) {
        return Subsidy.ofAllBelow(height + count) - Subsidy.ofAllBelow(height);
    }

    function _byHalvings(uint256 halvings) private pure returns (uint256 sum) {
        for (uint256 k; k < halvings; ++k) sum += 210_000 * (uint256(50e8) >> k);
    }
}
