// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about stakes. Validators stake Foundation Coin for themselves, per subnet.
/// @dev Staked coins lie in a `VoteHolder` per delegatee, so that they keep their votes in the DAO. Nothing is slashed.
interface ISubnetStakes {
    /// @notice An account's stake in a subnet. Amounts are base units of Foundation Coin.
    /// @param counted coins staked before `addedAt`: they count in that epoch and later
    /// @param added coins staked in epoch `addedAt`: they count in later epochs only
    /// @param addedAt epoch of the newest stake
    /// @param unstaking coins requested back: they count in no epoch that was not run before
    /// @param withdrawableAt when `withdraw` pays them, in seconds since 1970
    struct Stake {
        uint64 counted; // slot 0
        uint64 added;
        uint32 addedAt;
        uint64 unstaking; // slot 1
        uint40 withdrawableAt;
    }

    error StakeAmountZero();
    error UnstakeExceedsStake(uint32 subnetId, address account, uint64 amount, uint64 staked);
    error ValidatorBound(uint32 subnetId, address account, uint32 immuneUntil);
    error WithdrawalNonexistent(uint32 subnetId, address account);
    error WithdrawalNotReady(uint32 subnetId, address account, uint40 withdrawableAt);
    error DelegateeInvalid(address delegatee);
    error StakerNonexistent(address account);

    /// @notice Coins were staked. They count from epoch `fromEpoch` on.
    event Staked(uint32 indexed subnetId, address indexed account, uint64 amount, uint32 fromEpoch);
    /// @notice Coins no longer count. All coins that the account is unstaking can be withdrawn from `withdrawableAt` on.
    event Unstaked(uint32 indexed subnetId, address indexed account, uint64 amount, uint40 withdrawableAt);
    /// @notice Unstaked coins were returned.
    event StakeWithdrawn(uint32 indexed subnetId, address indexed account, uint64 amount);
    /// @notice All coins of an account in the hub vote by `delegatee` from now on; also for its first stake.
    event DelegateeSet(address indexed account, address indexed delegatee, uint64 amount);
    /// @notice A contract was created for staked coins that vote by `delegatee`.
    event VoteHolderCreated(address indexed delegatee, address voteHolder);

    /// @notice Stakes coins of the caller. They count from the next epoch on. Takes them from the caller's allowance.
    /// @dev The first coins in the hub vote by the caller's delegate at the coin, or by the caller itself without one. Later
    ///      coins vote with them.
    ///      - the amount is above 0, or `StakeAmountZero`
    ///      - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - no earlier epoch is pending, or `EpochPending`
    /// @param subnetId the subnet
    /// @param amount base units of Foundation Coin
    function stake(uint32 subnetId, uint64 amount) external;

    /// @notice Requests coins back. They stop counting at once, in the current epoch too, and keep their votes.
    /// @dev A validator's coins are bound until its immunity ends: otherwise it could take another's slot, clear the bonds
    ///      there and leave at once. Later, a validator below the minimum stake keeps its slot until somebody replaces it;
    ///      its weights do not count. Coins staked in the current epoch go last. Restarts the delay of coins that are
    ///      unstaking already.
    ///      - the amount is above 0, or `StakeAmountZero`
    ///      - the subnet exists, or `SubnetNonexistent`; no earlier epoch is pending, or `EpochPending`
    ///      - the caller is not an immune validator there, or `ValidatorBound`, unless the subnet is retired by now
    ///      - the amount is at most the caller's stake, or `UnstakeExceedsStake`
    /// @param subnetId the subnet, retired or not
    /// @param amount base units of Foundation Coin
    function unstake(uint32 subnetId, uint64 amount) external;

    /// @notice Returns all unstaking coins of the caller in a subnet. Possible in any state of the subnet.
    /// @dev - the caller is unstaking coins, or `WithdrawalNonexistent`
    ///      - 7 days have passed since its last request, or `WithdrawalNotReady`
    /// @param subnetId the subnet
    /// @return amount base units of Foundation Coin
    function withdraw(uint32 subnetId) external returns (uint64 amount);

    /// @notice Lets another account vote with all coins of the caller in the hub, unstaking ones included.
    /// @dev - the delegatee is not zero and not the hub, or `DelegateeInvalid`
    ///      - the caller has coins in the hub, or `StakerNonexistent`
    /// @param delegatee who votes; the caller may name itself
    function setDelegatee(address delegatee) external;

    /// @notice An account's stake in a subnet.
    function stakeOf(uint32 subnetId, address account) external view returns (Stake memory);

    /// @notice Base units of an account's stake that count in the current epoch of a subnet.
    function countedStakeOf(uint32 subnetId, address account) external view returns (uint64);

    /// @notice Base units of an account in the hub: stakes in all subnets and unstaking coins.
    function heldFor(address account) external view returns (uint64);

    /// @notice Who votes with an account's coins in the hub, or zero if it never had any.
    function delegateeOf(address account) external view returns (address);

    /// @notice Where coins lie that vote by a delegatee, or zero if none ever did.
    function voteHolderOf(address delegatee) external view returns (address);
}
