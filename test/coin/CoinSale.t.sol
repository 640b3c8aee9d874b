// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICoinSale} from "../../contracts/coin/ICoinSale.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {Test} from "../utils/Test.sol";
import {SaleHandler} from "./SaleHandler.sol";
import {ICoin, IGovernedChampions, IGovernedCommons, IGovernedSale, IToken} from "../utils/Contracts.sol";

/// @dev In the test's own file: the runner knows no other file's contracts when it runs this one only.
contract SaleActor is SaleHandler {}

/// @notice The laws of selling, for any actions in any order.
contract SaleInvariantTest is InvariantTest {
    uint256 private constant STEPS = 3_000;

    SaleActor private _handler;

    function setUp() public {
        _handler = SaleActor(deploy("test/coin/CoinSale.t.sol:SaleActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each.
    function invariant_EveryCoinAndEveryPaymentIsAccountedFor() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkCoins();
        _handler.checkMoney();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(0, STEPS, 100);
        _handler.checkOutcomes();
    }
}

contract CoinSaleTest is Test {
    uint256 private constant COIN = 1e8;

    IGovernedSale private _sale;
    ICoin private _coin;
    IGovernedCommons private _commons;
    IToken private _currency;

    /// @dev The test is governance and mine: it makes the coin and deploys the sale.
    function setUp() public {
        _commons = IGovernedCommons(
            deploy("contracts/commons/Commons.sol:Commons", abi.encode(address(this)))
        );
        _commons.startProgramme(ICommons.ProgrammeKind.Research, address(0x57E3A4D), 0, "");
        IGovernedChampions champions = IGovernedChampions(
            deploy(
                "contracts/commons/ChampionRegistry.sol:ChampionRegistry",
                abi.encode(_commons, address(this))
            )
        );
        champions.admit(
            IChampionRegistry.Admission(1, 1, address(0x09E4), address(0x4E6), 1, new uint16[](0))
        );
        _coin = ICoin(deploy("contracts/coin/FoundationCoin.sol:FoundationCoin", abi.encode(address(this))));
        _sale = IGovernedSale(
            deploy("contracts/coin/CoinSale.sol:CoinSale", abi.encode(_coin, champions, address(this)))
        );
        _currency = IToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
        _currency.mint(address(this), type(uint256).max);
        _currency.approve(address(_sale), type(uint256).max);
    }

    function testFuzz_SharesAreExactAndOfOnePrice(
        uint64 coins,
        uint128 reserve,
        uint128[4] memory amounts
    ) public {
        uint256 total;
        (coins, reserve, total) = _sell(coins, reserve, amounts, [0, 1, 2, 3]);
        uint256 claimed;
        for (uint256 i; i < 4; ++i) {
            // amount x coins / max(total, coins x reserve / COIN), all times COIN, so that nothing is rounded before.
            uint256 expected = Math.mulDiv(
                amounts[i],
                uint256(coins) * COIN,
                Math.max(total * COIN, uint256(coins) * reserve)
            );
            checkEq(
                _sale.coinsOf(1, _buyer(i)),
                expected,
                "A share is what the design says, rounded down once"
            );
            checkEq(_claim(i), expected, "A buyer gets its share");
            claimed += expected;
        }
        checkAtMost(claimed, _sale.soldOf(1), "Shares add up to no more than was sold");
        checkAtMost(_sale.soldOf(1), coins, "No more is sold than was on sale");
        checkAtMost(_sale.soldOf(1), claimed + 3, "Less than a base unit a buyer is left");
        checkEq(_coin.balanceOf(address(_sale)), coins - claimed, "The rest is still here");
        checkEq(_commons.vaultOf(1, address(_currency)).balance, total, "All money is in the vault");
        checkEq(_currency.balanceOf(address(_sale)), 0, "No money stays");
    }

    /// @dev All 24 orders, and each order of claims: nobody gains by being first or last.
    function testFuzz_NoOrderOfContributionsChangesAShare(
        uint64 coins,
        uint128 reserve,
        uint128[4] memory amounts,
        uint256 order
    ) public {
        uint8[4] memory turns = _permutation(order % 24);
        uint256 total;
        (coins, reserve, total) = _sell(coins, reserve, amounts, turns);
        for (uint256 i; i < 4; ++i) {
            uint256 buyer = turns[3 - i];
            checkEq(
                _claim(buyer),
                Math.mulDiv(
                    amounts[buyer],
                    uint256(coins) * COIN,
                    Math.max(total * COIN, uint256(coins) * reserve)
                ),
                "A share depends on amounts alone"
            );
        }
    }

    function testFuzz_PayingInPartsBuysTheSame(
        uint64 coins,
        uint128 reserve,
        uint128 first,
        uint128 second
    ) public {
        coins = _open(coins, reserve);
        reserve = _sale.lotOf(1).reserve;
        first = uint128(bound(first, reserve, type(uint128).max / 4));
        second = uint128(bound(second, reserve, type(uint128).max / 4));
        _sale.contribute(1, _buyer(0), first);
        _sale.contribute(1, _buyer(0), second);
        _sale.contribute(1, _buyer(1), first + second);
        checkEq(_sale.contributionOf(1, _buyer(0)), uint256(first) + second, "Parts add up");
        checkEq(_sale.coinsOf(1, _buyer(0)), _sale.coinsOf(1, _buyer(1)), "Equal payments buy equally much");
    }

    function testFuzz_WhatIsNotSoldRollsOverExactly(
        uint64 coins,
        uint128 reserve,
        uint128 amount,
        uint64 more
    ) public {
        coins = _open(coins, reserve);
        reserve = _sale.lotOf(1).reserve;
        uint256 whole = Math.max(reserve, (uint256(coins) * reserve) / COIN);
        amount = uint128(bound(amount, reserve, Math.min(type(uint128).max, whole * 2)));
        _sale.contribute(1, _buyer(0), amount);
        VM.warp(block.timestamp + 1 days);
        more = uint64(bound(more, COIN, coins));
        _stock(2, more);
        uint256 waiting = coins - _sale.soldOf(1) + more;

        _sale.open(1);
        uint256 onSale = _sale.lotOf(2).coins;
        checkEq(
            onSale,
            Math.min(waiting, 2 * uint256(coins)),
            "The next lot has what waits, at most two rounds"
        );
        checkEq(onSale + _sale.stockOf(1).coins, waiting, "Nothing is lost between lots");
        uint256 held = _coin.balanceOf(address(_sale));
        held -= _claim(0);
        checkAtMost(waiting, held, "What was claimed was none of it");
    }

    /// @dev In any order of minting, with any of it opened in between.
    function testFuzz_TheBestRoundCountsInWhateverOrderItIsMinted(
        uint64[4] memory amounts,
        uint256 order
    ) public {
        uint256 best;
        for (uint256 i; i < 4; ++i) {
            amounts[i] = uint64(bound(amounts[i], 0, 7_200 * COIN));
            best = Math.max(best, amounts[i]);
        }
        uint8[4] memory turns = _permutation(order % 24);
        for (uint256 i; i < 4; ++i) _stock(uint32(turns[i]), amounts[turns[i]]);
        checkEq(_sale.stockOf(1).best, best, "The best round is the best of all");
        checkEq(
            _sale.stockOf(1).coins,
            uint256(amounts[0]) + amounts[1] + amounts[2] + amounts[3],
            "All coins wait"
        );
    }

    function testFuzz_ALotIsADayToTheSecond(uint32 time) public {
        _open(1, 1);
        // Not the timestamp itself, which the optimizer would read after the warp.
        uint256 end = _sale.lotOf(1).closesAt;
        checkEq(end, block.timestamp + 1 days, "A lot ends a day after it opened");
        uint256 moment = time % 2 == 0 ? end - 1 days + (time % 2 days) : end - 1 + ((time / 2) % 3);
        VM.warp(moment);
        callAs(
            address(this),
            address(_sale),
            abi.encodeCall(_sale.contribute, (1, _buyer(0), 1e18)),
            moment < end ? bytes("") : abi.encodeWithSelector(ICoinSale.LotOver.selector, 1, end),
            "A lot takes money for a day"
        );
        _stock(2, 1e8);
        callAs(
            address(this),
            address(_sale),
            abi.encodeCall(_sale.open, (1)),
            moment < end ? abi.encodeWithSelector(ICoinSale.LotStillOpen.selector, 1, end) : bytes(""),
            "The next lot opens after a day"
        );
    }

    // Tools

    /// @dev Opens lot 1 with these coins and takes four payments, in this order.
    function _sell(
        uint64 coins,
        uint128 reserve,
        uint128[4] memory amounts,
        uint8[4] memory turns
    ) private returns (uint64, uint128, uint256 total) {
        coins = _open(coins, reserve);
        reserve = _sale.lotOf(1).reserve;
        uint256 whole = Math.max(reserve, (uint256(coins) * reserve) / COIN);
        uint256 most = Math.min(type(uint128).max / 4, whole);
        for (uint256 i; i < 4; ++i) {
            amounts[i] = uint128(bound(amounts[i], reserve, most));
            total += amounts[i];
        }
        for (uint256 i; i < 4; ++i) _sale.contribute(1, _buyer(turns[i]), amounts[turns[i]]);
        return (coins, reserve, total);
    }

    function _open(uint64 coins, uint128 reserve) private returns (uint64) {
        coins = uint64(bound(coins, COIN, 7_200 * COIN));
        _sale.setCurrency(address(_currency), uint128(bound(reserve, 1, type(uint128).max / 8)));
        _sale.setStandardCurrency(address(_currency));
        _stock(1, coins);
        _sale.open(1);
        return coins;
    }

    function _stock(uint32 round, uint64 amount) private {
        _coin.mint(address(_sale), amount);
        _sale.stock(1, round, amount);
    }

    function _claim(uint256 index) private returns (uint256 coins) {
        uint64[] memory ids = new uint64[](1);
        ids[0] = 1;
        VM.warp(uint256(_sale.lotOf(1).closesAt) + 1 days);
        uint256 before = _coin.balanceOf(_buyer(index));
        coins = _sale.claim(_buyer(index), ids);
        checkEq(_coin.balanceOf(_buyer(index)) - before, coins, "A claim pays what it says");
    }

    function _permutation(uint256 number) private pure returns (uint8[4] memory turns) {
        uint8[4] memory left = [0, 1, 2, 3];
        for (uint256 i; i < 4; ++i) {
            uint256 place = number % (4 - i);
            number /= 4 - i;
            turns[i] = left[place];
            for (uint256 j = place; j + 1 < 4 - i; ++j) left[j] = left[j + 1];
        }
    }

    function _buyer(uint256 index) private pure returns (address) {
        return address(uint160(0xB0001 + index));
    }
}
