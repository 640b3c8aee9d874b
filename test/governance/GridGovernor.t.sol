// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IGridGovernor} from "../../contracts/governance/IGridGovernor.sol";
import {VotesToken} from "../mocks/Votes.sol";
import {Test} from "../utils/Test.sol";
import {IVotingGovernor} from "../utils/Contracts.sol";

contract GridGovernorTest is Test {
    uint256 private constant SCHEDULE = 2_099_999_997_690_000;
    uint256 private constant FLOOR = SCHEDULE / 200;
    address private constant SALE = address(0x5A1E);
    address private constant HOLDER = address(0xA1);
    address private constant OTHER = address(0xB0);

    VotesToken private _coin;
    IVotingGovernor private _governor;
    uint256 private _now = 1_700_000_000;

    function setUp() public {
        VM.warp(_now);
        _coin = VotesToken(deploy("test/mocks/Votes.sol:VotesToken", ""));
        bytes memory args = abi.encode(
            IVotes(address(_coin)),
            address(0),
            SALE,
            IGridGovernor.Settings(1 days, 7 days, 0, 4, 2 days)
        );
        _governor = IVotingGovernor(deploy("contracts/governance/GridGovernor.sol:GridGovernor", args));
        VM.prank(SALE);
        _coin.delegate(SALE);
    }

    function testFuzz_QuorumIsOfWhatCirculatesAndNeverBelowTheFloor(
        uint256 mined,
        uint256 sold,
        uint256 back
    ) public {
        mined = bound(mined, 0, SCHEDULE);
        sold = bound(sold, 0, mined);
        back = bound(back, 0, sold);
        _coin.mint(SALE, mined);
        _transfer(SALE, HOLDER, sold);
        uint256 before = _now;
        _tick();
        _transfer(HOLDER, SALE, back);
        _tick();
        checkEq(_governor.quorum(before), Math.max((sold * 4) / 100, FLOOR), "The past keeps its quorum");
        checkEq(
            _governor.quorum(_now - 1),
            Math.max(((sold - back) * 4) / 100, FLOOR),
            "Unsold lots don't count"
        );
        checkEq(_governor.circulatingSupply(), sold - back, "What is sold circulates");
        check(
            _governor.votesStarted() == (sold - back >= SCHEDULE / 100),
            "1 % of the schedule starts votes"
        );
    }

    function testFuzz_TheFloorFallsOverAYearAndThePastKeepsItsQuorum(
        uint256 sold,
        uint256 first,
        uint256 second
    ) public {
        sold = bound(sold, SCHEDULE / 100, SCHEDULE);
        first = bound(first, 0, 800 days);
        second = bound(second, first, 800 days);
        _coin.mint(SALE, sold);
        _transfer(SALE, HOLDER, sold);
        _governor.startVotes();
        uint256 start = _now;
        checkEq(_governor.votesStartedAt(), start, "The start is stored");
        VM.warp(start + second + 1);
        uint256 quorum = _governor.quorum(start + second);
        checkEq(quorum, Math.max((sold * 4) / 100, _floor(second)), "The floor falls from 0.5 to 0.1 %");
        checkAtMost(quorum, _governor.quorum(start + first), "It never rises by itself");
        VM.warp(start + 1600 days);
        checkEq(_governor.quorum(start + second), quorum, "A snapshot has one quorum at any later time");
    }

    function _floor(uint256 elapsed) private pure returns (uint256) {
        return FLOOR - ((FLOOR - SCHEDULE / 1000) * Math.min(elapsed, 365 days)) / 365 days;
    }

    function testFuzz_DelegatingToTheSaleGainsNothing(uint256 mined, uint256 sold, uint256 sent) public {
        mined = bound(mined, 0, SCHEDULE);
        sold = bound(sold, 0, mined);
        sent = bound(sent, 0, sold);
        _coin.mint(SALE, mined);
        _transfer(SALE, HOLDER, sold);
        _transfer(HOLDER, OTHER, sent);
        _tick();
        uint256 quorum = _governor.quorum(_now - 1);
        VM.prank(OTHER);
        _coin.delegate(SALE);
        _tick();
        checkAtMost(
            quorum - _governor.quorum(_now - 1),
            sent,
            "The quorum falls by no more than the votes lost"
        );
        checkEq(_governor.circulatingSupply(), sold, "The coins circulate as before");
        checkEq(_governor.getVotes(SALE, _now - 1), 0, "The sale has no votes");
    }

    function _transfer(address from, address to, uint256 amount) private {
        VM.prank(from);
        check(_coin.transfer(to, amount), "It is transferred");
    }

    function _tick() private {
        VM.warp(++_now);
    }
}
