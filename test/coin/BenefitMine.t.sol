// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {Subsidy} from "../../contracts/coin/Subsidy.sol";
import {ISubnetQuality} from "../../contracts/subnets/ISubnetQuality.sol";
import {TestChampions} from "../mocks/Champions.sol";
import {TestSubnets} from "../mocks/Subnets.sol";
import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {Test} from "../utils/Test.sol";
import {MineHandler} from "./MineHandler.sol";

/// @dev In the test's own file: the runner knows no other file's contracts when it runs this one only.
contract MineActor is MineHandler {}

/// @notice The laws of mining, for any actions in any order.
contract MineInvariantTest is InvariantTest {
    uint256 private constant STEPS = 3_000;

    MineActor private _handler;

    function setUp() public {
        _handler = MineActor(deploy("test/coin/BenefitMine.t.sol:MineActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each. 10^5 steps.
    /// hardhat-config: invariant.runs = 1000
    function invariant_EveryCoinWasEarnedByBenefit() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkCoins();
        _handler.checkHeights();
    }

    function afterInvariant() public view {
        _handler.checkShares();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(0, STEPS, 50);
        _handler.checkShares();
        _handler.checkOutcomes();
    }
}

contract BenefitMineTest is Test {
    uint256 private constant FIRST = 144 * 50e8;
    uint16 private constant SECTOR = 7;
    uint16 private constant OTHER = 9;

    IBenefitMine private _mine;
    TestChampions private _champions;
    TestSubnets private _subnets;
    uint256 private _start;

    /// @dev The test is admin and source, and the limits are as wide as they can be. Every quality is 1.
    function setUp() public {
        _champions = TestChampions(deploy("test/mocks/Champions.sol:TestChampions", ""));
        _mine = IBenefitMine(
            deploy(
                "contracts/coin/BenefitMine.sol:BenefitMine",
                abi.encode(address(_champions), address(this))
            )
        );
        _subnets = TestSubnets(deploy("test/mocks/Subnets.sol:TestSubnets", ""));
        _mine.setSubnets(ISubnetQuality(address(_subnets)));
        _start = block.timestamp;
        for (uint32 i = 1; i <= 3; ++i) {
            for (uint16 j; j < 2; ++j) _subnets.setQuality(j == 0 ? SECTOR : OTHER, i, 2 ** 16);
            _champions.setPopulation(i, type(uint64).max);
            _champions.setRewarded(i, SECTOR, true);
        }
        _mine.admitSource(address(this), type(uint88).max);
    }

    function testFuzz_ASectorEarnsExactlyItsShareOfTheSubsidy(
        uint32 weight,
        uint32 otherWeight,
        uint112 target,
        uint88 units
    ) public {
        weight = uint32(bound(weight, 1, type(uint32).max));
        target = uint112(bound(target, 1, type(uint112).max));
        // Half of the reports are about the target, the others anywhere that the cap reaches.
        units =
            units % 2 == 0
                ? uint88(bound(units, 1, Math.min(2 * uint256(target), type(uint88).max)))
                : uint88(bound(units, 1, type(uint88).max));
        _mine.setSector(SECTOR, IBenefitMine.SectorParams(weight, target, type(uint64).max));
        _mine.setSector(OTHER, IBenefitMine.SectorParams(otherWeight, 1, 0));
        _goTo(2);
        _mine.report(1, SECTOR, units);
        _goTo(6);
        _mine.close(2);

        (, uint64 amount) = _mine.sectorEarningOf(2, SECTOR);
        uint256 whole = uint256(weight) + otherWeight;
        uint256 expected = Math.mulDiv(FIRST * weight, Math.min(units, target), whole * target);
        checkAtMost(amount, expected, "A sector earns subsidy x weight share x min(1, benefit / target)");
        checkAtMost(expected, uint256(amount) + 1, "Rounded down by at most one base unit");
        checkEq(amount, Subsidy.below(_mine.height()), "What a sector alone earns is what was mined");
    }

    function testFuzz_SectorsDivideExactlyWhatTheScheduleHolds(
        uint32[2] memory weights,
        uint112[2] memory targets,
        uint88[6] memory units
    ) public {
        _champions.setRewarded(1, OTHER, true);
        for (uint256 i; i < 2; ++i) {
            weights[i] = uint32(bound(weights[i], 1, weights[i] % 2 == 0 ? 9 : type(uint32).max));
            targets[i] = uint112(bound(targets[i], 1, type(uint112).max));
            _mine.setSector(
                i == 0 ? SECTOR : OTHER,
                IBenefitMine.SectorParams(weights[i], targets[i], type(uint64).max)
            );
        }
        uint256 sum;
        for (uint32 round = 2; round < 5; ++round) {
            _goTo(round);
            for (uint256 i; i < 2; ++i) {
                uint256 most = Math.min(2 * uint256(targets[i]), type(uint88).max);
                uint88 part = uint88(bound(units[2 * (round - 2) + i], 1, most));
                _mine.report(1, i == 0 ? SECTOR : OTHER, part);
            }
        }
        _goTo(8);
        for (uint32 round = 2; round < 5; ++round) {
            uint256 before = _mine.height();
            _mine.close(round);
            checkAtMost(_mine.height() - before, 144 << 64, "A round mines 144 heights at most");
            sum += _amountOf(round, SECTOR) + _amountOf(round, OTHER);
            checkEq(sum, Subsidy.below(_mine.height()), "All that was mined is earned");
        }
    }

    /// @dev Each champion reports twice, at two qualities up to 2. Quality 1 is the most that counts.
    function testFuzz_SharesAreWithinTheSector(
        uint88[3] memory use,
        uint32[3] memory qualities,
        uint112 target
    ) public {
        _mine.setSector(
            SECTOR,
            IBenefitMine.SectorParams(1, uint112(bound(target, 1, 1e30)), type(uint64).max)
        );
        _goTo(2);
        uint256[3] memory benefits;
        uint256 total;
        for (uint32 i; i < 6; ++i) {
            use[i % 3] = uint88(bound(use[i % 3], 2 ** 16, type(uint88).max / 6));
            uint32 quality = uint32(bound(qualities[(i + i / 3) % 3], 1, 2 ** 17));
            uint256 benefit = (use[i % 3] * Math.min(quality, 2 ** 16)) / 2 ** 16;
            (benefits[i % 3], total) = (benefits[i % 3] + benefit, total + benefit);
            _subnets.setQuality(SECTOR, (i % 3) + 1, quality);
            _mine.report((i % 3) + 1, SECTOR, use[i % 3]);
        }
        _goTo(6);
        _mine.close(2);

        (uint120 credited, uint64 whole) = _mine.sectorEarningOf(2, SECTOR);
        checkEq(credited, total, "A sector's benefit is its champions'");
        uint256 sum;
        for (uint32 i; i < 3; ++i) {
            (uint120 reported, uint120 benefit, uint256 amount, ) = _mine.earningOf(2, SECTOR, i + 1);
            checkEq(reported, 2 * uint256(use[i]), "All use is recorded");
            checkEq(benefit, benefits[i], "A report's benefit is use times quality, rounded down");
            checkEq(amount, Math.mulDiv(whole, benefits[i], total), "A share is rounded down once");
            sum += amount;
        }
        checkAtMost(sum, whole, "Shares add up to no more than the sector earned");
        checkAtMost(whole, sum + 2, "Less than a base unit a champion is lost");
    }

    function testFuzz_ARoundIsADayToTheSecond(uint32 time) public {
        uint256 moment = _start + (time % 2 == 0 ? time : (uint256(time) / 1 days) * 1 days);
        VM.warp(moment);
        checkEq(_mine.currentRound(), (moment - _start) / 1 days + 1, "Rounds count days from 1");
    }

    /// @dev 1,458 rounds and 48 heights of the next one before the first halving.
    function test_TheHalvingIsExactInsideARound() public {
        _mine.setSector(SECTOR, IBenefitMine.SectorParams(1, 1, 1));
        for (uint32 round = 2; round < 1_462; ++round) {
            _goTo(round);
            _mine.report(1, SECTOR, 1);
        }
        _goTo(1_465);
        for (uint32 round = 2; round < 1_462; ++round) _mine.close(round);
        checkEq(_amountOf(1_459, SECTOR), FIRST, "The last round before the halving is whole");
        checkEq(_amountOf(1_460, SECTOR), 48 * 50e8 + 96 * 25e8, "The halving is inside the round after it");
        checkEq(_amountOf(1_461, SECTOR), 144 * 25e8, "The next round is half");
    }

    function _amountOf(uint32 round, uint16 sector) private view returns (uint64 amount) {
        (, amount) = _mine.sectorEarningOf(round, sector);
    }

    function _goTo(uint256 round) private {
        VM.warp(_start + (round - 1) * 1 days);
    }
}
