// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetSeats} from "../../../contracts/subnets/ISubnetSeats.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {ISubnetStakes} from "../../../contracts/subnets/ISubnetStakes.sol";
import {SubnetLaws} from "./SubnetLaws.sol";

/// @notice People stake, unstake, withdraw and delegate. The time goes on.
abstract contract StakeHandler is SubnetLaws {
    uint64 private constant MOST_STAKE = 400e8;
    uint256 private constant UNSTAKE_DELAY = 7 days;

    constructor() {
        _add(StakeHandler.wait.selector, 8);
        _add(StakeHandler.stake.selector, 3);
        _add(StakeHandler.unstake.selector, 3);
        _add(StakeHandler.withdraw.selector, 2);
        _add(StakeHandler.setDelegatee.selector, 1);
        _add(StakeHandler.delegate.selector, 1);
        string[10] memory outcomes = [
            "wait",
            "wait for withdrawals",
            "stake",
            "stake change refused",
            "unstake",
            "withdraw",
            "withdraw refused",
            "setDelegatee",
            "delegate",
            "unstake in an epoch of a reveal"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 3);
    }

    /// @dev To the next phase of a subnet, or rarely until withdrawals are ready.
    function wait(uint256 seed) external warped {
        (, , uint256 endsAt) = _HUB.clockOf(_subnet(seed));
        bool isLong = _pick(seed, 1, 32) == 0;
        _now = isLong ? _now + UNSTAKE_DELAY : endsAt;
        _did(isLong ? "wait for withdrawals" : "wait");
    }

    function stake(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        if (_isRetired(subnetId)) return;
        if (_isWaiting(subnetId))
            return _failWaiting(person, subnetId, abi.encodeCall(_HUB.stake, (subnetId, 1)));
        _stake(person, subnetId, uint64(1 + _pick(seed, 1, MOST_STAKE)));
        _did("stake");
    }

    function _failWaiting(address person, uint32 subnetId, bytes memory data) private {
        bytes memory refusal = abi.encodeWithSelector(
            ISubnets.EpochPending.selector,
            subnetId,
            _pending[subnetId]
        );
        callAs(person, address(_HUB), data, refusal, "Stakes change after the pending epoch is run");
        _did("stake change refused");
    }

    function _stake(address person, uint32 subnetId, uint64 amount) internal {
        if (_held[person] == 0) _delegatee[person] = _firstDelegatee(person);
        VM.prank(person);
        _HUB.stake(subnetId, amount);
        _stakeNow(person, subnetId).staked += amount;
        _held[person] += amount;
        _checkCounted(person, subnetId);
    }

    function _firstDelegatee(address person) private view returns (address delegatee) {
        delegatee = _COIN.delegates(person);
        if (delegatee == address(0) || delegatee == address(_HUB)) delegatee = person;
    }

    function _checkCounted(address person, uint32 subnetId) private view {
        checkEq(
            _HUB.countedStakeOf(subnetId, person),
            _countedIn(person, subnetId, _epoch(subnetId)),
            "Coins count from the epoch after their stake, and no longer once unstaked"
        );
    }

    function unstake(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        uint256 staked = _stakes[person][subnetId].staked;
        if (staked == 0 || _isBound(person, subnetId)) return;
        if (_isWaiting(subnetId))
            return _failWaiting(person, subnetId, abi.encodeCall(_HUB.unstake, (subnetId, 1)));
        uint256 amount = _pick(seed, 1, 3) == 0 ? staked : 1 + _pick(seed, 2, staked);
        _unstake(person, subnetId, uint64(amount));
        if (_pending[subnetId] != 0) _did("unstake in an epoch of a reveal");
        _did("unstake");
    }

    /// @dev A registered validator in its immunity, in a subnet that is not retired.
    function _isBound(address person, uint32 subnetId) internal view returns (bool) {
        uint256 number = _validatorNumber(subnetId, person);
        if (number == 0 || _isRetired(subnetId)) return false;
        ISubnetSeats.Validator memory validator = _HUB.validatorsOf(subnetId)[number - 1];
        return _epoch(subnetId) < validator.immuneUntil;
    }

    function _unstake(address person, uint32 subnetId, uint64 amount) internal {
        VM.prank(person);
        _HUB.unstake(subnetId, amount);
        StakeModel storage model = _stakeNow(person, subnetId);
        model.staked -= amount;
        model.left += amount;
        model.unstaking += amount;
        model.readyAt = _now + UNSTAKE_DELAY;
        _checkCounted(person, subnetId);
    }

    function withdraw(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        StakeModel storage model = _stakes[person][subnetId];
        if (model.unstaking == 0) return;
        if (_now < model.readyAt) return _withdrawEarly(person, subnetId);
        uint256 before = _COIN.balanceOf(person);
        VM.prank(person);
        _HUB.withdraw(subnetId);
        checkEq(_COIN.balanceOf(person) - before, model.unstaking, "A withdrawal returns all unstaked coins");
        _held[person] -= model.unstaking;
        model.unstaking = 0;
        _did("withdraw");
    }

    function _withdrawEarly(address person, uint32 subnetId) private {
        uint40 readyAt = uint40(_stakes[person][subnetId].readyAt);
        bytes memory refusal = abi.encodeWithSelector(
            ISubnetStakes.WithdrawalNotReady.selector,
            subnetId,
            person,
            readyAt
        );
        bytes memory data = abi.encodeCall(_HUB.withdraw, (subnetId));
        callAs(person, address(_HUB), data, refusal, "Coins wait 7 days after the newest request");
        _did("withdraw refused");
    }

    function setDelegatee(uint256 seed) external warped {
        (address person, address delegatee) = (_person(seed), _person(seed >> 32));
        if (_held[person] == 0) return;
        VM.prank(person);
        _HUB.setDelegatee(delegatee);
        _delegatee[person] = delegatee;
        _did("setDelegatee");
    }

    /// @dev At the coin. Some name the hub.
    function delegate(uint256 seed) external warped {
        VM.prank(_person(seed));
        _COIN.delegate(_pick(seed, 1, 6) == 0 ? address(_HUB) : _person(seed >> 32));
        _did("delegate");
    }
}
