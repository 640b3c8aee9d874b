// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Legs} from "../../contracts/settlement/Legs.sol";
import {Test} from "../utils/Test.sol";

contract LegsTest is Test {
    uint256 private constant MAX_TOTAL = 2 ** 120;

    function testFuzz_LegsAddUpToTheTotal(uint256 total) public pure {
        uint256[4] memory legs = _legs(bound(total, 0, type(uint128).max));
        checkEq(
            legs[0] + legs[1] + legs[2] + legs[3],
            bound(total, 0, type(uint128).max),
            "Legs add up to the total"
        );
    }

    function testFuzz_NoLegDecreases(uint256 total, uint256 added) public pure {
        total = bound(total, 0, MAX_TOTAL);
        _checkMonotone(total, bound(added, 0, MAX_TOTAL));
    }

    /// @dev Small steps from small totals, where independent floors go wrong.
    function test_NoLegDecreasesUnitByUnit() public pure {
        for (uint256 total; total < 300; ++total) _checkMonotone(total, 1);
    }

    function testFuzz_EachLegIsNearTheIdeal(uint256 total) public pure {
        _checkNearIdeal(bound(total, 0, MAX_TOTAL));
    }

    function test_EachLegOfSmallTotalsIsNearTheIdeal() public pure {
        for (uint256 total; total < 300; ++total) _checkNearIdeal(total);
    }

    /// @dev The bound of 1.2 base units is reached, and no smaller one holds.
    function test_TheBoundOnTheDistanceIsTight() public pure {
        uint256 farthest;
        for (uint256 total; total < 70; ++total) {
            uint256[4] memory legs = _legs(total);
            for (uint256 role; role < 4; ++role) {
                uint256 distance = _distance(10 * legs[role], _tenths(role) * total);
                if (distance > farthest) farthest = distance;
            }
        }
        checkEq(farthest, 12, "Some leg is 1.2 base units from the ideal");
    }

    function testFuzz_SplittingAPaymentChangesNothing(
        uint256 start,
        uint256 first,
        uint256 second
    ) public pure {
        start = bound(start, 0, MAX_TOTAL);
        first = bound(first, 0, MAX_TOTAL);
        second = bound(second, 0, MAX_TOTAL);
        uint256[4] memory before = _legs(start);
        uint256[4] memory between = _legs(start + first);
        uint256[4] memory end = _legs(start + first + second);
        uint256[4] memory once = _legs(start + (first + second));
        uint256 sum;
        for (uint256 role; role < 4; ++role) {
            uint256 steps = (between[role] - before[role]) + (end[role] - between[role]);
            checkEq(
                steps,
                once[role] - before[role],
                "Two payments add to a leg as much as one payment of their sum"
            );
            sum += steps;
        }
        checkEq(sum, first + second, "The legs of two payments add up to them");
    }

    /// @dev The same legs as 10 %, the rest of 30 %, three sevenths and four sevenths.
    function testFuzz_LegsEqualTheirClosedForm(uint256 total) public pure {
        total = bound(total, 0, type(uint128).max);
        uint256[4] memory legs = _legs(total);
        uint256 dataAndModel = (7 * total + 9) / 10;
        checkEq(legs[3], total / 10, "The platform gets a tenth, rounded down");
        checkEq(legs[2], (3 * total) / 10 - total / 10, "Compute gets the rest of three tenths");
        checkEq(legs[1], (3 * dataAndModel) / 7, "Models get three sevenths of the rest, rounded down");
        checkEq(legs[0], (4 * dataAndModel + 6) / 7, "Data gets four sevenths of the rest, rounded up");
    }

    function _checkMonotone(uint256 total, uint256 added) private pure {
        uint256[4] memory less = _legs(total);
        uint256[4] memory more = _legs(total + added);
        for (uint256 role; role < 4; ++role) {
            checkAtMost(less[role], more[role], "No leg decreases when the total grows");
        }
    }

    function _checkNearIdeal(uint256 total) private pure {
        uint256[4] memory legs = _legs(total);
        for (uint256 role; role < 4; ++role) {
            uint256 distance = _distance(10 * legs[role], _tenths(role) * total);
            checkAtMost(distance, 12, "Ten times a leg is within 12 of its tenths of the total");
        }
    }

    function _tenths(uint256 role) private pure returns (uint256) {
        return 4 - role;
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function _legs(uint256 total) private pure returns (uint256[4] memory legs) {
        (legs[0], legs[1], legs[2], legs[3]) = Legs.ofTotal(total);
    }
}
