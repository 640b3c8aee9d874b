// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetSeats} from "../../../contracts/subnets/ISubnetSeats.sol";
import {ISubnetStakes} from "../../../contracts/subnets/ISubnetStakes.sol";
import {IToken} from "../../utils/Contracts.sol";
import {SubnetModel} from "./SubnetModel.sol";

/// @notice The laws of subnets that hold after each action.
abstract contract SubnetLaws is SubnetModel {
    /// @notice The hub holds what is in pots, the bonds and the donations, to the base unit.
    function checkMoney() public view {
        checkEq(
            _COIN.balanceOf(address(_HUB)),
            _inPots[IToken(address(_COIN))] + _allBonds + _gifts[IToken(address(_COIN))],
            "The hub's coins are in pots, bonds and donations"
        );
        checkEq(
            _TOKEN.balanceOf(address(_HUB)),
            _inPots[_TOKEN] + _gifts[_TOKEN],
            "The hub's tokens are in pots and donations"
        );
    }

    /// @notice Stakes lie in the vote holder of their delegatee, who votes with them. The hub votes with nothing of its own.
    function checkVotes() public view {
        address[] memory delegates = new address[](PEOPLE);
        uint256[] memory balances = new uint256[](PEOPLE);
        for (uint256 i; i < PEOPLE; ++i) {
            address person = _people[i];
            (delegates[i], balances[i]) = (_COIN.delegates(person), _COIN.balanceOf(person));
            checkEq(
                _HUB.heldFor(person),
                _held[person],
                "The hub keeps an account's coins until it withdraws"
            );
            check(_HUB.delegateeOf(person) == _delegatee[person], "The account chooses its delegatee");
        }
        for (uint256 i; i < PEOPLE; ++i) _checkDelegatee(_people[i], delegates, balances);
        _checkDelegatee(address(_HUB), delegates, balances);
        check(_COIN.delegates(address(_HUB)) == address(0), "The hub delegates to nobody");
        check(_HUB.voteHolderOf(address(_HUB)) == address(0), "No stake votes by the hub");
    }

    function _checkDelegatee(
        address delegatee,
        address[] memory delegates,
        uint256[] memory balances
    ) private view {
        address holder = _HUB.voteHolderOf(delegatee);
        (uint256 held, uint256 own) = (_heldGifts[holder], 0);
        for (uint256 i; i < PEOPLE; ++i) {
            if (_delegatee[_people[i]] == delegatee) held += _held[_people[i]];
            if (delegates[i] == delegatee) own += balances[i];
        }
        uint256 inHolder = holder == address(0) ? 0 : _COIN.balanceOf(holder);
        checkEq(inHolder, held, "A vote holder has its delegatee's stakes and withdrawals, and donations");
        checkEq(_COIN.getVotes(delegatee), held + own, "Stakes vote by their delegatee");
    }

    /// @notice Each stake, pot and bond is what the model says, and incentives are fractions.
    function checkBooks() public view {
        uint32 last = _HUB.lastSubnetId();
        for (uint32 id = 1; id <= last; ++id) {
            for (uint256 i; i < PEOPLE; ++i) _checkStake(_people[i], id);
            _checkIncentives(id);
            checkEq(_HUB.subnetOf(id).bond, _bonds[id], "A subnet keeps its bond until it is retired");
        }
        _checkPots();
    }

    function _checkStake(address person, uint32 subnetId) private view {
        ISubnetStakes.Stake memory stake = _HUB.stakeOf(subnetId, person);
        StakeModel storage model = _stakes[person][subnetId];
        checkEq(stake.counted + stake.added, model.staked, "A stake is what was staked and not unstaked");
        checkEq(stake.unstaking, model.unstaking, "Unstaked coins wait for their withdrawal");
    }

    function _checkIncentives(uint32 subnetId) private view {
        ISubnetSeats.Miner[] memory miners = _HUB.minersOf(subnetId);
        (uint256 sum, uint256 best) = (0, _HUB.subnetOf(subnetId).bestIncentive);
        for (uint256 j; j < miners.length; ++j) {
            sum += miners[j].incentive;
            checkAtMost(miners[j].incentive, best, "No incentive is above the best one");
        }
        checkAtMost(sum, ONE, "Incentives sum to at most 1");
    }

    function _checkPots() private view {
        (uint256 coins, uint256 tokens) = (0, 0);
        for (uint256 i; i < _potKeys.length; ++i) {
            PotKey memory key = _potKeys[i];
            PotModel storage pot = _pots[key.subnetId][key.token][key.epoch];
            (uint256 total, uint256 sponsored) = _HUB.potOf(key.subnetId, address(key.token), key.epoch);
            checkEq(total, pot.total, "A pot has what was put in and not moved");
            checkEq(sponsored, pot.sponsored, "Sponsors can reclaim what was not paid or moved");
            checkAtMost(pot.paid, pot.total, "Payouts of an epoch stay within its pot");
            if (_isCoin(key.token)) coins += pot.total - pot.paid;
            else tokens += pot.total - pot.paid;
        }
        checkEq(coins, _inPots[IToken(address(_COIN))], "Unpaid coins are those of all pots");
        checkEq(tokens, _inPots[_TOKEN], "Unpaid tokens are those of all pots");
    }
}
