// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionPool} from "../../contracts/capsules/IContributionPool.sol";
import {IContributionPoolFactory} from "../../contracts/capsules/IContributionPoolFactory.sol";
import {IToken} from "../utils/Contracts.sol";
import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {Test} from "../utils/Test.sol";
import {PoolHandler} from "./PoolHandler.sol";

/// @dev In the test's own file: the runner knows no other file's contracts when it runs this one only.
contract PoolActor is PoolHandler {}

/// @notice The laws of a pool, for any actions in any order.
contract PoolInvariantTest is InvariantTest {
    uint256 private constant STEPS = 1_000;

    PoolActor private _handler;

    function setUp() public {
        _handler = PoolActor(deploy("test/capsules/ContributionPool.t.sol:PoolActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each.
    function invariant_EveryBaseUnitIsSomebodysOrCarried() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkConservation();
        _handler.checkShares();
        _handler.checkUnits();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(0, STEPS, 50);
        _handler.checkOutcomes();
    }
}

contract ContributionPoolTest is Test {
    uint256 private constant CROWD = 100_000;
    uint256 private constant BATCH = 500;
    bytes32 private constant POLICY = keccak256("policy");

    IContributionPoolFactory private _factory;
    IToken private _token;

    /// @dev The test is the curator.
    function setUp() public {
        _factory = IContributionPoolFactory(
            deploy("contracts/capsules/ContributionPoolFactory.sol:ContributionPoolFactory", "")
        );
        _token = IToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
    }

    /// @dev However arrivals are cut into parts and counted, a member's fraction of their sum is paid.
    function testFuzz_PartsPayTheSameAsTheWhole(
        uint64[3] memory units,
        uint112[8] memory amounts,
        uint8 mask
    ) public {
        IContributionPool pool = _newPool();
        uint256 total;
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            units[i] = uint64(bound(units[i], 1, type(uint64).max / 3));
            total += units[i];
        }
        _joinFrom(pool, 0, 3);
        _creditEach(pool, units);
        for (uint256 i; i < 8; ++i) {
            _token.mint(address(pool), amounts[i]);
            sum += amounts[i];
            if ((mask >> i) & 1 == 1) pool.withdraw(_account(i % 3), address(_token));
        }
        uint256 paid;
        for (uint256 i; i < 3; ++i) {
            pool.withdraw(_account(i), address(_token));
            uint256 balance = _token.balanceOf(_account(i));
            uint256 exact = _fraction(sum, units[i], total);
            checkAtMost(balance, exact, "A member never gets more than its fraction");
            checkAtMost(exact, balance + 1, "A member gets its fraction, a base unit at most later");
            paid += balance;
        }
        checkAtMost(sum - paid, 3, "Less than a base unit a member and one carried are left");
    }

    /// @dev `sum` is below 2^115 and `total` below 2^64, so a plain product fits.
    function _fraction(uint256 sum, uint256 units, uint256 total) private pure returns (uint256) {
        return (sum * units) / total;
    }

    /// @dev The next member of a pool of 10 costs what the next one of a pool of 100,000 costs.
    function test_ACrowdOfAHundredThousandCostsEachTheSame() public {
        IContributionPool small = _newPool();
        IContributionPool large = _newPool();
        _fill(small, 10);
        _fill(large, CROWD);
        checkEq(large.totalUnits(), CROWD, "Everybody has a unit");

        uint256[4] memory few = _measure(small);
        uint256[4] memory many = _measure(large);
        string[4] memory names = ["Joining", "A credit", "Counting revenue", "A withdrawal"];
        for (uint256 i; i < 4; ++i)
            checkEq(many[i], few[i], string.concat(names[i], " costs the same with 10 and 100,000 members"));

        _checkCrowd(large);
    }

    /// @dev Each of the crowd gets its part, and nothing is left but the carried remainder.
    function _checkCrowd(IContributionPool pool) private {
        _token.mint(address(pool), 123_456_789);
        pool.sync(address(_token));
        IContributionPool.Currency memory currency = pool.currencyOf(address(_token));
        uint256 accounted = (uint256(currency.withdrawn) << 64) + currency.remainder;
        for (uint256 i; i <= CROWD; i += BATCH) accounted += this.earnedBy(pool, i, currency.perUnit);
        checkEq(
            accounted,
            uint256(currency.received) << 64,
            "The crowd's earnings add up to what was received"
        );
    }

    /// @dev Earnings of the batch from this member on. External, so that its memory is freed.
    function earnedBy(
        IContributionPool pool,
        uint256 first,
        uint192 perUnit
    ) external view returns (uint256 sum) {
        for (uint256 i = first; i < first + BATCH; ++i) {
            IContributionPool.Position memory position = pool.positionOf(_account(i), address(_token));
            uint256 units = position.units == 0 ? pool.memberOf(_account(i)).units : position.units;
            sum += position.earned + uint256(perUnit - position.perUnit) * units;
        }
    }

    function _fill(IContributionPool pool, uint256 members) private {
        _joinFrom(pool, 0, members);
        for (uint256 i; i < members; i += BATCH) {
            uint256 count = members - i < BATCH ? members - i : BATCH;
            pool.credit(_batch(i, count, 1), _currencies());
        }
    }

    /// @dev Gas of a join, a credit of a new member, a count and a withdrawal.
    function _measure(IContributionPool pool) private returns (uint256[4] memory costs) {
        address member = _account(CROWD);
        address currency = address(_token);
        IContributionPool.Contribution[] memory batch = _batch(CROWD, 1, 1);
        address[] memory currencies = _currencies();
        VM.prank(member);
        uint256 gas = gasleft();
        pool.join(POLICY);
        costs[0] = gas - gasleft();
        gas = gasleft();
        pool.credit(batch, currencies);
        costs[1] = gas - gasleft();
        _token.mint(address(pool), 1e24);
        // A first access in a transaction costs more: one of the pools would pay it for both.
        checkEq(_token.balanceOf(_account(1)), 0, "The account has nothing yet");
        gas = gasleft();
        pool.sync(currency);
        costs[2] = gas - gasleft();
        gas = gasleft();
        pool.withdraw(_account(1), currency);
        costs[3] = gas - gasleft();
        // The next pool pays the same account, which must have nothing again.
        uint256 balance = _token.balanceOf(_account(1));
        VM.prank(_account(1));
        _token.transfer(address(this), balance);
    }

    // Tools

    function _newPool() private returns (IContributionPool) {
        return IContributionPool(_factory.create(address(this), POLICY));
    }

    function _joinFrom(IContributionPool pool, uint256 first, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            VM.prank(_account(first + i));
            pool.join(POLICY);
        }
    }

    function _creditEach(IContributionPool pool, uint64[3] memory units) private {
        IContributionPool.Contribution[] memory batch = _batch(0, 3, 1);
        for (uint256 i; i < 3; ++i) batch[i].units = units[i];
        pool.credit(batch, _currencies());
    }

    function _batch(
        uint256 first,
        uint256 count,
        uint64 units
    ) private pure returns (IContributionPool.Contribution[] memory batch) {
        batch = new IContributionPool.Contribution[](count);
        for (uint256 i; i < count; ++i)
            batch[i] = IContributionPool.Contribution(_account(first + i), units, bytes32(first + i));
    }

    function _currencies() private view returns (address[] memory currencies) {
        currencies = new address[](1);
        currencies[0] = address(_token);
    }

    function _account(uint256 index) private pure returns (address) {
        return address(uint160(0xC0FFEE000000 + index));
    }
}
