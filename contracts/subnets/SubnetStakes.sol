// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISubnetStakes} from "./ISubnetStakes.sol";
import {countedStake, isRetired, readLiveClock, SubnetState} from "./SubnetState.sol";
import {Subnets} from "./Subnets.sol";
import {VoteHolder} from "./VoteHolder.sol";

/// @notice The part of the subnet hub about stakes and their votes.
abstract contract SubnetStakes is Subnets {
    using SafeERC20 for IERC20;

    /// @notice Duration from a request to unstake until the coins can be withdrawn, in seconds.
    uint256 public constant UNSTAKE_DELAY = 7 days;

    mapping(address account => uint64) public heldFor;
    mapping(address account => address) public delegateeOf;
    mapping(address delegatee => address) public voteHolderOf;

    // Staking

    /// @inheritdoc ISubnetStakes
    function stake(uint32 subnetId, uint64 amount) external {
        if (amount == 0) revert StakeAmountZero();
        (uint32 epoch, ) = readLiveClock(_states[subnetId], subnetId);
        _checkRun(subnetId, epoch);
        if (heldFor[msg.sender] == 0) _setDelegatee(_delegateAtCoin(), amount);

        Stake storage self = _advancedStake(subnetId, epoch);
        self.added += amount;
        heldFor[msg.sender] += amount;

        emit Staked(subnetId, msg.sender, amount, epoch + 1);

        COIN.safeTransferFrom(msg.sender, voteHolderOf[delegateeOf[msg.sender]], amount);
    }

    function _delegateAtCoin() private view returns (address delegate) {
        delegate = IVotes(address(COIN)).delegates(msg.sender);
        if (delegate == address(0) || delegate == address(this)) delegate = msg.sender;
    }

    function _setDelegatee(address delegatee, uint64 amount) private {
        delegateeOf[msg.sender] = delegatee;
        emit DelegateeSet(msg.sender, delegatee, amount);

        if (voteHolderOf[delegatee] != address(0)) return;
        address voteHolder = address(new VoteHolder{salt: bytes32(bytes20(delegatee))}(COIN, delegatee));
        voteHolderOf[delegatee] = voteHolder;
        emit VoteHolderCreated(delegatee, voteHolder);
    }

    /// @dev The caller's stake, with `added` being those coins of `epoch`.
    function _advancedStake(uint32 subnetId, uint32 epoch) private returns (Stake storage self) {
        self = _states[subnetId].stakes[msg.sender];
        if (self.addedAt == epoch) return self;
        (self.counted, self.added, self.addedAt) = (self.counted + self.added, 0, epoch);
    }

    // Unstaking

    /// @inheritdoc ISubnetStakes
    function unstake(uint32 subnetId, uint64 amount) external {
        if (amount == 0) revert StakeAmountZero();
        (uint32 epoch, , ) = clockOf(subnetId);
        _checkRun(subnetId, epoch);
        _checkUnbound(subnetId, epoch);
        uint64 staked = _stakedBy(subnetId, msg.sender);
        if (amount > staked) revert UnstakeExceedsStake(subnetId, msg.sender, amount, staked);

        Stake storage self = _advancedStake(subnetId, epoch);
        // First those that count: so the order of stakes and requests within an epoch changes nothing.
        uint64 fromCounted = amount < self.counted ? amount : self.counted;
        (self.counted, self.added) = (self.counted - fromCounted, self.added - (amount - fromCounted));
        self.unstaking += amount;
        self.withdrawableAt = uint40(block.timestamp + UNSTAKE_DELAY);

        emit Unstaked(subnetId, msg.sender, amount, self.withdrawableAt);
    }

    /// @inheritdoc ISubnetStakes
    function withdraw(uint32 subnetId) external returns (uint64 amount) {
        Stake storage self = _states[subnetId].stakes[msg.sender];
        amount = self.unstaking;
        if (amount == 0) revert WithdrawalNonexistent(subnetId, msg.sender);
        if (block.timestamp < self.withdrawableAt)
            revert WithdrawalNotReady(subnetId, msg.sender, self.withdrawableAt);

        self.unstaking = 0;
        heldFor[msg.sender] -= amount;

        emit StakeWithdrawn(subnetId, msg.sender, amount);

        COIN.safeTransferFrom(voteHolderOf[delegateeOf[msg.sender]], msg.sender, amount);
    }

    // Voting

    /// @inheritdoc ISubnetStakes
    function setDelegatee(address delegatee) external {
        if (delegatee == address(0) || delegatee == address(this)) revert DelegateeInvalid(delegatee);
        uint64 amount = heldFor[msg.sender];
        if (amount == 0) revert StakerNonexistent(msg.sender);
        address from = voteHolderOf[delegateeOf[msg.sender]];

        _setDelegatee(delegatee, amount);

        COIN.safeTransferFrom(from, voteHolderOf[delegatee], amount);
    }

    // For the other parts

    /// @dev The caller is no immune validator of a live subnet.
    function _checkUnbound(uint32 subnetId, uint32 epoch) internal view {
        SubnetState storage self = _states[subnetId];
        uint256 number = self.validatorNumbers[msg.sender];
        if (number == 0 || isRetired(self, epoch)) return;
        uint32 immuneUntil = self.validators[number - 1].immuneUntil;
        if (epoch < immuneUntil) revert ValidatorBound(subnetId, msg.sender, immuneUntil);
    }

    /// @dev Including coins that do not count yet.
    function _stakedBy(uint32 subnetId, address account) internal view returns (uint64) {
        Stake storage self = _states[subnetId].stakes[account];
        return self.counted + self.added;
    }

    // Reading

    /// @inheritdoc ISubnetStakes
    function stakeOf(uint32 subnetId, address account) external view returns (Stake memory) {
        return _states[subnetId].stakes[account];
    }

    /// @inheritdoc ISubnetStakes
    function countedStakeOf(uint32 subnetId, address account) external view returns (uint64) {
        (uint32 epoch, , ) = clockOf(subnetId);
        return countedStake(_states[subnetId], account, epoch);
    }
}
