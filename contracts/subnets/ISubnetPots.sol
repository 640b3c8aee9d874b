// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about money: sponsors' pots per subnet, token and epoch, and their division.
/// @dev Any ERC-20. A token with false balances affects its own pots only. After all claims, less than one base unit per
///      validator and miner of a paid pot stays here, permanently: shares round down.
interface ISubnetPots {
    /// @notice A sponsor's deposit for some epochs.
    /// @param sponsor who paid
    /// @param subnetId the subnet
    /// @param firstEpoch the first epoch
    /// @param epochs number of epochs, at most 53
    /// @param token ERC-20 token
    /// @param reclaimed bit i is set if the sponsor took back the amount of epoch `firstEpoch + i`
    /// @param amountPerEpoch base units in each epoch's pot
    struct Funding {
        address sponsor; // slot 0
        uint32 subnetId;
        uint32 firstEpoch;
        uint16 epochs;
        address token; // slot 1
        uint64 reclaimed;
        uint128 amountPerEpoch; // slot 2
    }

    error PotAmountZero();
    error PotEpochsOutOfRange(uint32 subnetId, uint32 firstEpoch, uint16 epochs, uint32 currentEpoch);
    error PotEmpty(uint32 subnetId, address token, uint32 epoch);
    error PotNotDead(uint32 subnetId, uint32 epoch);
    error ShareNonexistent(uint32 subnetId, uint32 epoch, uint256 index);
    error ShareAlreadyClaimed(uint32 subnetId, address token, uint32 epoch, uint256 index);
    error FundingNonexistent(uint256 fundingId);
    error FundingNothingToReclaim(uint256 fundingId);
    error SubnetNotRetired(uint32 subnetId);

    /// @notice A sponsor added `amountPerEpoch` to the pots of `epochs` epochs.
    event PotFunded(
        uint256 indexed fundingId,
        uint32 indexed subnetId,
        address indexed token,
        address sponsor,
        uint128 amountPerEpoch,
        uint32 firstEpoch,
        uint16 epochs
    );
    /// @notice An account was paid its share of a pot.
    event ShareClaimed(
        uint32 indexed subnetId,
        uint32 indexed epoch,
        address indexed account,
        address token,
        uint256 index,
        uint256 amount
    );
    /// @notice The pot of an epoch that paid nobody moved to the pot of `toEpoch`. Its fundings cannot be reclaimed.
    event PotRolledOver(
        uint32 indexed subnetId,
        address indexed token,
        uint32 fromEpoch,
        uint32 toEpoch,
        uint128 amount
    );
    /// @notice A sponsor got back its amounts of epochs of a retired subnet. The funding's `reclaimed` has changed.
    event FundingReclaimed(uint256 indexed fundingId, uint256 amount, uint64 reclaimed);
    /// @notice Money of a retired subnet without a known sponsor moved to the pot of epoch `toEpoch` of another subnet.
    event PotBequeathed(
        uint32 indexed subnetId,
        address indexed token,
        uint32 fromEpoch,
        uint32 indexed heirId,
        uint32 toEpoch,
        uint128 amount
    );

    /// @notice Adds money to the pots of consecutive epochs. Takes all of it from the caller's allowance, to the base unit.
    /// @dev - the amount is above 0, or `PotAmountZero`
    ///      - the subnet exists, or `SubnetNonexistent`
    ///      - there is an epoch, the first is not past, and the last is at most 52 after the current one, or
    ///        `PotEpochsOutOfRange`
    ///      - the subnet is not retired before the end of the last one, or `SubnetIsRetired`
    ///      - exactly `amountPerEpoch * epochs` arrive, or `TransferAmountMismatch`
    /// @param subnetId the subnet
    /// @param token ERC-20 token
    /// @param amountPerEpoch base units for each epoch
    /// @param firstEpoch the first epoch, the current one or later
    /// @param epochs number of epochs
    /// @return fundingId id of the deposit, counted from 1
    function fund(
        uint32 subnetId,
        address token,
        uint128 amountPerEpoch,
        uint32 firstEpoch,
        uint16 epochs
    ) external returns (uint256 fundingId);

    /// @notice Pays shares of a pot to their recorded accounts. Anyone may call. Entries without a share are skipped.
    ///         A share gets pot * share / sum of the epoch's shares, rounded down.
    /// @dev If the token refuses an account, the call reverts: leave that index out.
    ///      - the epoch was run, or `RecordNonexistent`
    ///      - each index is in the record, or `ShareNonexistent`; none was claimed, or `ShareAlreadyClaimed`
    /// @param subnetId the subnet
    /// @param epoch the epoch
    /// @param token ERC-20 token
    /// @param indexes indexes in the record: validators by slot, then miners by slot
    function claim(uint32 subnetId, uint32 epoch, address token, uint256[] calldata indexes) external;

    /// @notice Moves the pot of a past epoch that paid nobody to the pot of the current epoch. Anyone may call.
    /// @dev From the phase Score on the next epoch gets it: else a validator could move it into an epoch in which nobody
    ///      else commits weights. Sponsors cannot reclaim that money later.
    ///      - the subnet exists, or `SubnetNonexistent`; it is not retired by then, or `SubnetIsRetired`
    ///      - the epoch is over, is not pending and paid nobody, or `PotNotDead`
    ///      - its pot has money, or `PotEmpty`
    /// @param subnetId the subnet
    /// @param token ERC-20 token
    /// @param epoch the epoch
    function rollOver(uint32 subnetId, address token, uint32 epoch) external;

    /// @notice Returns to a sponsor its amounts of all epochs of a retired subnet that pay nobody, now or ever. Anyone may
    ///         call. Epochs that are rolled over, pending or not over are left out.
    /// @dev - the funding exists, or `FundingNonexistent`
    ///      - its subnet is retired by now, or `SubnetNotRetired`
    ///      - an amount is left, or `FundingNothingToReclaim`
    /// @param fundingId the deposit
    /// @return amount base units returned
    function reclaim(uint256 fundingId) external returns (uint256 amount);

    /// @notice Moves money without a known sponsor from a retired subnet to the current epoch of another: fees of miners, and
    ///         pots that were rolled over. Amounts that sponsors can reclaim stay.
    /// @dev From the heir's phase Score on, its next epoch gets it, as in `rollOver`. Anyone may execute a proposal that is
    ///      due, and so choose the phase.
    ///      - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the subnet is retired by now, or `SubnetNotRetired`
    ///      - the epoch pays nobody, now or ever, or `PotNotDead`; it has such money, or `PotEmpty`
    ///      - the heir exists, or `SubnetNonexistent`; it is not retired by then, or `SubnetIsRetired`
    /// @param subnetId the retired subnet
    /// @param token ERC-20 token
    /// @param epoch the epoch
    /// @param heirId the subnet that receives the money
    function bequeath(uint32 subnetId, address token, uint32 epoch, uint32 heirId) external;

    /// @notice The pot of an epoch. Final once the epoch is over, if the epoch pays anybody. Claims do not lower it.
    /// @return total base units of the pot
    /// @return sponsored part of it that sponsors could reclaim if the subnet were retired
    function potOf(
        uint32 subnetId,
        address token,
        uint32 epoch
    ) external view returns (uint128 total, uint128 sponsored);

    /// @notice Whether an index of the record was paid from a pot.
    function isClaimed(
        uint32 subnetId,
        address token,
        uint32 epoch,
        uint256 index
    ) external view returns (bool);

    /// @notice A sponsor's deposit; zeros if there is none of this id.
    function fundingOf(uint256 fundingId) external view returns (Funding memory);

    /// @notice Id of the newest deposit, also the number of deposits.
    function lastFundingId() external view returns (uint256);
}
