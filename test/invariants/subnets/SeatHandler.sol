// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetSeats} from "../../../contracts/subnets/ISubnetSeats.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {IToken} from "../../utils/Contracts.sol";
import {StakeHandler} from "./StakeHandler.sol";

/// @notice People create and retire subnets, take slots and leave them.
abstract contract SeatHandler is StakeHandler {
    uint16 private constant MAX_REPLACEMENTS = 4;

    constructor() {
        _add(SeatHandler.create.selector, 1);
        _add(SeatHandler.retire.selector, 1);
        _add(SeatHandler.registerValidator.selector, 4);
        _add(SeatHandler.registerMiner.selector, 4);
        _add(SeatHandler.deregisterValidator.selector, 2);
        _add(SeatHandler.deregisterMiner.selector, 2);
        string[8] memory outcomes = [
            "create",
            "retire",
            "registerValidator",
            "registerMiner",
            "registerChampion",
            "deregisterValidator",
            "deregisterMiner",
            "registration in a full table"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 2);
        _seat();
    }

    /// @dev Three validators and three miners of the open subnet, in the first phase of an epoch with their stake.
    function _seat() private {
        for (uint256 i; i < 3; ++i) {
            _stake(_people[i], 1, uint64((5 - i) * MINIMUM));
            VM.prank(_people[i]);
            _HUB.registerValidator(1);
            _registerMiner(_people[2 + i], 1);
        }
        _now += 1 hours;
        VM.warp(_now);
    }

    // Subnets

    function create(uint256 seed) external warped {
        if (_HUB.openSubnets() == MOST_OPEN) return;
        _create(_person(seed), uint32(_pick(seed, 1, 1 + _HUB.lastSubnetId())));
        _did("create");
    }

    function retire(uint256 seed) external warped {
        uint32 subnetId = _anySubnet(seed);
        if (subnetId == 1 || _retiredFrom[subnetId] != 0 || _isWaiting(subnetId)) return;
        if (_pick(seed, 1, 4) != 0) return;
        address creator = _HUB.subnetOf(subnetId).creator;
        uint256 before = _COIN.balanceOf(creator);
        VM.prank(creator);
        _HUB.retire(subnetId);
        checkEq(_COIN.balanceOf(creator) - before, _bonds[subnetId], "The creator gets the bond back");
        _retiredFrom[subnetId] = _epoch(subnetId) + 1;
        (_allBonds, _bonds[subnetId]) = (_allBonds - _bonds[subnetId], 0);
        // A sector always has one.
        if (_HUB.sovereignOf(SECTOR) == 0) _createSovereign();
        _did("retire");
    }

    // Taking slots

    function registerValidator(uint256 seed) external warped {
        uint32 subnetId = _subnet(seed);
        if (!_isRegistering(subnetId)) return;
        for (uint256 i; i < PEOPLE; ++i) {
            address person = _person((seed >> 32) + i);
            if (!_canValidate(person, subnetId)) continue;
            VM.prank(person);
            _HUB.registerValidator(subnetId);
            return _did("registerValidator");
        }
    }

    function _isRegistering(uint32 subnetId) private view returns (bool) {
        if (_isRetired(subnetId) || _isWaiting(subnetId)) return false;
        return _phase(subnetId) == ISubnets.Phase.Task;
    }

    function _canValidate(address person, uint32 subnetId) private view returns (bool) {
        uint256 staked = _stakes[person][subnetId].staked;
        if (staked < MINIMUM || _validatorNumber(subnetId, person) != 0) return false;
        return _hasRoom(subnetId, staked);
    }

    /// @dev Whether there is a free slot, or a validator that can be replaced.
    function _hasRoom(uint32 subnetId, uint256 staked) private view returns (bool) {
        ISubnetSeats.Validator[] memory validators = _HUB.validatorsOf(subnetId);
        if (validators.length < VALIDATORS) return true;
        uint32 epoch = _epoch(subnetId);
        for (uint256 i; i < validators.length; ++i) {
            if (validators[i].account == address(0)) return true;
            uint256 other = _stakes[validators[i].account][subnetId].staked;
            bool isImmune = other >= MINIMUM && epoch < validators[i].immuneUntil;
            if (!isImmune && other < staked) return true;
        }
        return false;
    }

    function registerMiner(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        if (_minerNumber(subnetId, person) != 0) person = _person(seed >> 32);
        if (!_isRegistering(subnetId) || _minerNumber(subnetId, person) != 0) return;
        ISubnets.Subnet memory subnet = _HUB.subnetOf(subnetId);
        if (subnet.replacedAt == _epoch(subnetId) && subnet.replacements == MAX_REPLACEMENTS) return;
        if (subnet.kind == ISubnets.SubnetKind.Open) _registerMiner(person, subnetId);
        else _registerChampion(person, subnetId);
        if (_HUB.subnetOf(subnetId).replacedAt == _epoch(subnetId)) _did("registration in a full table");
    }

    function _registerMiner(address person, uint32 subnetId) private {
        VM.prank(person);
        _HUB.registerMiner(subnetId);
        _pot(subnetId, IToken(address(_COIN)), _epoch(subnetId)).total += FEE;
        _inPots[IToken(address(_COIN))] += FEE;
        _did("registerMiner");
    }

    function _registerChampion(address person, uint32 subnetId) private {
        VM.prank(person);
        _HUB.registerChampion(subnetId, _championOf(person));
        _did("registerChampion");
    }

    // Leaving

    function deregisterValidator(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        if (!_canLeave(subnetId) || _validatorNumber(subnetId, person) == 0) return;
        if (_isBound(person, subnetId)) return;
        VM.prank(person);
        _HUB.deregisterValidator(subnetId);
        _did("deregisterValidator");
    }

    function _canLeave(uint32 subnetId) private view returns (bool) {
        return !_isWaiting(subnetId) && _phase(subnetId) == ISubnets.Phase.Task;
    }

    function deregisterMiner(uint256 seed) external warped {
        (address person, uint32 subnetId) = (_person(seed), _subnet(seed));
        if (!_canLeave(subnetId) || _minerNumber(subnetId, person) == 0) return;
        VM.prank(person);
        _HUB.deregisterMiner(subnetId);
        _did("deregisterMiner");
    }
}
