// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISubnetSeats} from "./ISubnetSeats.sol";
import {SubnetPots} from "./SubnetPots.sol";
import {SubnetStakes} from "./SubnetStakes.sol";

/// @notice The part of the subnet hub about registration: two tables per subnet, and who is replaced.
/// @dev Removal clears neither bonds nor weights: an epoch takes both from validators and miners that were there before.
abstract contract SubnetSeats is SubnetStakes, SubnetPots {
    using SafeERC20 for IERC20;

    /// @notice Maximum number of miners replaced in an epoch.
    uint16 public constant MAX_REPLACEMENTS = 4;

    // Registering validators

    /// @inheritdoc ISubnetSeats
    function registerValidator(uint32 subnetId) external returns (uint16 slot) {
        uint32 epoch = _checkRegistering(subnetId);
        if (_states[subnetId].validatorNumbers[msg.sender] != 0)
            revert ValidatorAlreadyRegistered(subnetId, msg.sender);
        (uint64 staked, uint64 minimum) = (
            _stakedBy(subnetId, msg.sender),
            _states[subnetId].params.minValidatorStake
        );
        if (staked < minimum) revert StakeBelowMinimum(subnetId, msg.sender, staked, minimum);

        slot = _takeValidatorSlot(subnetId, epoch, staked);
        Validator storage self = _states[subnetId].validators[slot];
        // After a validator that left, the slot keeps its date, which is past.
        uint32 immuneUntil = self.immuneUntil;
        if (immuneUntil == 0) immuneUntil = epoch + _states[subnetId].params.immunity;
        (self.account, self.registeredAt, self.immuneUntil) = (msg.sender, epoch, immuneUntil);
        _states[subnetId].validatorNumbers[msg.sender] = slot + 1;

        emit ValidatorRegistered(subnetId, msg.sender, slot, epoch, immuneUntil);
    }

    function _checkRegistering(uint32 subnetId) private view returns (uint32 epoch) {
        epoch = _checkPhase(subnetId, Phase.Task);
        _checkRun(subnetId, epoch);
    }

    /// @dev The first empty slot, a new one, or that of the weakest validator.
    function _takeValidatorSlot(
        uint32 subnetId,
        uint32 epoch,
        uint64 staked
    ) private returns (uint16 weakest) {
        Subnet storage subnet = _states[subnetId].subnet;
        uint16 slots = subnet.validatorSlots;
        uint64 least = type(uint64).max;
        weakest = slots;
        for (uint16 i; i < slots; ++i) {
            Validator memory other = _states[subnetId].validators[i];
            if (other.account == address(0)) return i;
            uint64 stakeOfOther = _stakedBy(subnetId, other.account);
            if (stakeOfOther >= least || epoch < other.immuneUntil) continue;
            (weakest, least) = (i, stakeOfOther);
        }
        if (slots < _states[subnetId].params.maxValidators) return subnet.validatorSlots++;
        if (weakest == slots) revert ValidatorsImmune(subnetId);
        if (staked <= least) revert StakeNotAboveWeakest(subnetId, staked, least);
        _removeValidator(subnetId, weakest);
    }

    function _removeValidator(uint32 subnetId, uint16 slot) private {
        address account = _states[subnetId].validators[slot].account;
        delete _states[subnetId].validators[slot];
        delete _states[subnetId].validatorNumbers[account];
        emit ValidatorRemoved(subnetId, account, slot);
    }

    // Registering miners

    /// @inheritdoc ISubnetSeats
    function registerMiner(uint32 subnetId) external returns (uint16 slot) {
        uint32 epoch = _checkRegistering(subnetId);
        _checkKind(subnetId, SubnetKind.Open);
        uint64 fee = _states[subnetId].params.registrationFee;

        slot = _registerMiner(subnetId, epoch, 0, fee);
        if (fee == 0) return slot;
        _addToPot(subnetId, address(COIN), epoch, fee);

        COIN.safeTransferFrom(msg.sender, address(this), fee);
    }

    function _checkKind(uint32 subnetId, SubnetKind expected) private view {
        SubnetKind kind = _states[subnetId].subnet.kind;
        if (kind != expected) revert SubnetKindMismatch(subnetId, kind);
    }

    function _registerMiner(
        uint32 subnetId,
        uint32 epoch,
        uint32 championId,
        uint64 fee
    ) private returns (uint16 slot) {
        _checkNoMiner(subnetId);

        slot = _takeMinerSlot(subnetId, epoch);
        _states[subnetId].miners[slot] = Miner(msg.sender, epoch, 0, championId);
        _states[subnetId].minerNumbers[msg.sender] = slot + 1;

        emit MinerRegistered(subnetId, msg.sender, slot, epoch, championId, fee);
    }

    function _checkNoMiner(uint32 subnetId) private view {
        if (_states[subnetId].minerNumbers[msg.sender] != 0)
            revert MinerAlreadyRegistered(subnetId, msg.sender);
    }

    /// @dev The first empty slot, a new one, or that of the weakest miner. With half of the miners immune, none is: else new
    ///      keys in free slots would leave only the miners with incentives to replace.
    function _takeMinerSlot(uint32 subnetId, uint32 epoch) private returns (uint16 weakest) {
        Subnet storage subnet = _states[subnetId].subnet;
        (uint16 slots, uint16 immunity) = (subnet.minerSlots, _states[subnetId].params.immunity);
        (uint256 least, uint256 leastMature) = (type(uint256).max, type(uint256).max);
        (uint16 weakestMature, uint16 immune) = (0, 0);
        for (uint16 i; i < slots; ++i) {
            Miner memory other = _states[subnetId].miners[i];
            if (other.account == address(0)) return i;
            if (other.incentive < least) (weakest, least) = (i, other.incentive);
            if (epoch < other.registeredAt + immunity) ++immune;
            else if (other.incentive < leastMature) (weakestMature, leastMature) = (i, other.incentive);
        }
        if (slots < _states[subnetId].params.maxMiners) return subnet.minerSlots++;
        if (2 * immune < slots) weakest = weakestMature;
        _countReplacement(subnetId, epoch);
        _removeMiner(subnetId, weakest);
    }

    function _countReplacement(uint32 subnetId, uint32 epoch) private {
        Subnet storage subnet = _states[subnetId].subnet;
        uint16 count = subnet.replacedAt == epoch ? subnet.replacements : 0;
        if (count == MAX_REPLACEMENTS) revert ReplacementsExceedMaximum(subnetId, epoch, MAX_REPLACEMENTS);
        (subnet.replacedAt, subnet.replacements) = (epoch, count + 1);
    }

    function _removeMiner(uint32 subnetId, uint16 slot) private {
        Miner memory miner = _states[subnetId].miners[slot];
        delete _states[subnetId].miners[slot];
        delete _states[subnetId].minerNumbers[miner.account];
        delete _states[subnetId].championNumbers[miner.championId];
        emit MinerRemoved(subnetId, miner.account, slot);
    }

    // Registering champions

    /// @inheritdoc ISubnetSeats
    function registerChampion(uint32 subnetId, uint32 championId) external returns (uint16 slot) {
        uint32 epoch = _checkRegistering(subnetId);
        _checkKind(subnetId, SubnetKind.Sovereign);
        if (CHAMPIONS.championOf(championId).operator != msg.sender)
            revert CallerNotChampionsOperator(championId, msg.sender);
        uint16 sector = _states[subnetId].subnet.sector;
        if (!CHAMPIONS.isRewarded(championId, sector)) revert ChampionNotRewardedInSector(championId, sector);

        uint256 number = _states[subnetId].championNumbers[championId];
        if (number != 0) return _setMinerAccount(subnetId, uint16(number - 1));
        slot = _registerMiner(subnetId, epoch, championId, 0);
        _states[subnetId].championNumbers[championId] = slot + 1;
    }

    function _setMinerAccount(uint32 subnetId, uint16 slot) private returns (uint16) {
        _checkNoMiner(subnetId);
        Miner storage miner = _states[subnetId].miners[slot];

        delete _states[subnetId].minerNumbers[miner.account];
        _states[subnetId].minerNumbers[msg.sender] = slot + 1;
        miner.account = msg.sender;

        emit MinerAccountSet(subnetId, msg.sender, slot);
        return slot;
    }

    // Leaving

    /// @inheritdoc ISubnetSeats
    function deregisterValidator(uint32 subnetId) external {
        uint16 slot = validatorSlotOf(subnetId, msg.sender);
        _checkUnbound(subnetId, _checkLeaving(subnetId));
        uint32 immuneUntil = _states[subnetId].validators[slot].immuneUntil;
        _removeValidator(subnetId, slot);
        _states[subnetId].validators[slot].immuneUntil = immuneUntil;
    }

    /// @inheritdoc ISubnetSeats
    function deregisterMiner(uint32 subnetId) external {
        uint16 slot = minerSlotOf(subnetId, msg.sender);
        _checkLeaving(subnetId);
        _removeMiner(subnetId, slot);
    }

    function _checkLeaving(uint32 subnetId) private view returns (uint32 epoch) {
        Phase phase;
        (epoch, phase, ) = clockOf(subnetId);
        if (phase != Phase.Task) revert SubnetPhaseMismatch(subnetId, Phase.Task, phase);
        _checkRun(subnetId, epoch);
    }

    // Reading

    /// @inheritdoc ISubnetSeats
    function validatorsOf(uint32 subnetId) external view returns (Validator[] memory validators) {
        validators = new Validator[](_states[subnetId].subnet.validatorSlots);
        for (uint256 i; i < validators.length; ++i) validators[i] = _states[subnetId].validators[i];
    }

    /// @inheritdoc ISubnetSeats
    function minersOf(uint32 subnetId) external view returns (Miner[] memory miners) {
        miners = new Miner[](_states[subnetId].subnet.minerSlots);
        for (uint256 i; i < miners.length; ++i) miners[i] = _states[subnetId].miners[i];
    }

    /// @inheritdoc ISubnetSeats
    function validatorSlotOf(uint32 subnetId, address account) public view returns (uint16) {
        uint256 number = _states[subnetId].validatorNumbers[account];
        if (number == 0) revert ValidatorNotRegistered(subnetId, account);
        return uint16(number - 1);
    }

    /// @inheritdoc ISubnetSeats
    function minerSlotOf(uint32 subnetId, address account) public view returns (uint16) {
        uint256 number = _states[subnetId].minerNumbers[account];
        if (number == 0) revert MinerNotRegistered(subnetId, account);
        return uint16(number - 1);
    }
}
