// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionPool} from "../../contracts/capsules/IContributionPool.sol";
import {IContributionPoolFactory} from "../../contracts/capsules/IContributionPoolFactory.sol";
import {IToken} from "../utils/Contracts.sol";
import {Handler} from "../utils/Handler.sol";

/// @notice A pool with six members and four tokens, and what each member should have earned, by exact fractions: each
///         arrival is divided by the units that are active at that moment.
abstract contract PoolModel is Handler {
    uint256 internal constant MEMBERS = 6;
    uint256 internal constant TOKENS = 4;
    address internal constant CURATOR = address(0xC0A70);
    address internal constant STRANGER = address(0x57A);
    bytes32 internal constant POLICY = keccak256("policy");
    /// @dev Divisible by 1 to 16. The units in the model are small, so that its fractions are exact.
    uint256 internal constant MAX_UNITS = 60;

    IContributionPool internal _pool;
    IToken[TOKENS] internal _tokens;

    mapping(uint256 member => uint256) internal _units;
    mapping(uint256 member => bool) internal _joined;
    uint256 internal _total;
    mapping(uint256 token => bool) internal _open;
    mapping(uint256 token => mapping(uint256 member => uint256)) internal _active;
    mapping(uint256 token => uint256) internal _activeTotal;
    /// @dev Arrived and not yet counted.
    mapping(uint256 token => uint256) internal _waiting;
    mapping(uint256 token => uint256) internal _arrived;
    mapping(uint256 token => mapping(uint256 member => uint256)) internal _paid;
    /// @dev Earnings times 2^96, rounded down by less than one for each arrival.
    mapping(uint256 token => mapping(uint256 member => uint256)) internal _earned;
    uint256 internal _divisions;

    constructor() {
        IContributionPoolFactory factory = IContributionPoolFactory(
            deploy("contracts/capsules/ContributionPoolFactory.sol:ContributionPoolFactory", "")
        );
        _pool = IContributionPool(factory.create(CURATOR, POLICY));
        for (uint256 i; i < TOKENS; ++i)
            _tokens[i] = IToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
    }

    function _member(uint256 index) internal pure returns (address) {
        return address(uint160(0xA11CE000 + index));
    }

    /// @dev One of `size` numbers, by this part of the seed.
    function _pick(uint256 seed, uint256 part, uint256 size) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, part))) % size;
    }

    // The model of the pool's rules

    function _modelSync(uint256 token) internal {
        if (_total == 0) return;
        if (!_open[token]) {
            _open[token] = true;
            for (uint256 i; i < MEMBERS; ++i) _active[token][i] = _units[i];
            _activeTotal[token] = _total;
        }
        uint256 amount = _waiting[token];
        if (amount == 0) return;
        _waiting[token] = 0;
        ++_divisions;
        for (uint256 i; i < MEMBERS; ++i)
            _earned[token][i] += ((amount << 96) * _active[token][i]) / _activeTotal[token];
    }

    function _modelActivate(uint256 token, uint256 member) internal {
        _activeTotal[token] += _units[member] - _active[token][member];
        _active[token][member] = _units[member];
    }

    // The laws

    /// @notice For each token, what was withdrawn, is owed and is carried is what was received, to the last fraction.
    function checkConservation() external view {
        for (uint256 t; t < TOKENS; ++t) {
            IContributionPool.Currency memory currency = _pool.currencyOf(address(_tokens[t]));
            uint256 accounted = (uint256(currency.withdrawn) << 64) + currency.remainder;
            uint256 units;
            for (uint256 i; i < MEMBERS; ++i) {
                (uint256 scaled, uint64 active) = _scaled(t, i, currency.perUnit);
                accounted += scaled;
                units += active;
            }
            checkEq(
                accounted,
                uint256(currency.received) << 64,
                "Withdrawn, owed and carried is exactly what was received"
            );
            checkEq(_pool.currencyOf(address(_tokens[t])).units, units, "Members' active units add up");
            if (currency.opening != 0)
                checkAtMost(currency.remainder + 1, units, "Less than the units is carried");
            checkEq(
                _tokens[t].balanceOf(address(_pool)),
                _arrived[t] - currency.withdrawn,
                "The pool holds all that arrived and was not withdrawn"
            );
            checkAtMost(currency.received, _arrived[t], "No more is counted than arrived");
        }
    }

    function _scaled(
        uint256 token,
        uint256 member,
        uint192 perUnit
    ) private view returns (uint256 scaled, uint64 units) {
        IContributionPool.Position memory position = _pool.positionOf(
            _member(member),
            address(_tokens[token])
        );
        units = position.units == 0 ? uint64(_active[token][member]) : position.units;
        scaled = position.earned + uint256(perUnit - position.perUnit) * units;
    }

    /// @notice Each member was paid and is owed its fraction of each arrival, within a base unit.
    function checkShares() external view {
        for (uint256 t; t < TOKENS; ++t) {
            for (uint256 i; i < MEMBERS; ++i) {
                uint256 earned = _earned[t][i];
                if (_open[t] && _waiting[t] != 0)
                    earned += ((_waiting[t] << 96) * _active[t][i]) / _activeTotal[t];
                uint256 has = _paid[t][i] + _pool.withdrawable(_member(i), address(_tokens[t]));
                // The pool's divisions are off by less than 2^-64 a unit each.
                uint256 slack = ((_divisions + 1) * MAX_UNITS * 2) << 32;
                checkAtMost(has << 96, earned + slack, "No member has more than its fraction");
                checkAtMost(
                    earned,
                    ((has + 1) << 96) + slack,
                    "No member has a base unit less than its fraction"
                );
                checkEq(
                    _tokens[t].balanceOf(_member(i)),
                    _paid[t][i],
                    "A member has exactly what it was paid"
                );
            }
        }
    }

    /// @notice Units are what the curator credited.
    function checkUnits() external view {
        uint256 sum;
        for (uint256 i; i < MEMBERS; ++i) {
            IContributionPool.Member memory member = _pool.memberOf(_member(i));
            checkEq(member.units, _units[i], "A member's units are its credits");
            check((member.consentedAt != 0) == _joined[i], "Consent is what the member said last");
            sum += member.units;
        }
        checkEq(_pool.totalUnits(), sum, "Units add up");
    }
}
