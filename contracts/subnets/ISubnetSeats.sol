// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about registration. A subnet has a table of validators and one of miners.
/// @dev A slot keeps its number while its account stays. An account can be in both tables: its weight for itself is zeroed.
interface ISubnetSeats {
    /// @notice A slot of the table of validators.
    /// @param account the validator, or zero in an empty slot
    /// @param registeredAt epoch of its registration
    /// @param revealedAt last epoch in which it revealed weights, or 0
    /// @param immuneUntil first epoch in which it can be replaced, and can unstake or leave. A slot that its validator left
    ///        keeps it, so the next one is not immune: otherwise a validator that leaves and returns would be immune
    ///        permanently.
    struct Validator {
        address account;
        uint32 registeredAt;
        uint32 revealedAt;
        uint32 immuneUntil;
    }

    /// @notice A slot of the table of miners.
    /// @param account the miner, or the champion's operator; zero in an empty slot
    /// @param registeredAt epoch of its registration. Weights of that epoch do not count for it.
    /// @param incentive incentive in the last epoch that had any, in 2^-32, at most 2^32 - 1
    /// @param championId the champion in a sovereign subnet; 0 in an open one
    struct Miner {
        address account;
        uint32 registeredAt;
        uint32 incentive;
        uint32 championId;
    }

    error StakeBelowMinimum(uint32 subnetId, address account, uint64 staked, uint64 minimum);
    error ValidatorAlreadyRegistered(uint32 subnetId, address account);
    error MinerAlreadyRegistered(uint32 subnetId, address account);
    error ValidatorNotRegistered(uint32 subnetId, address account);
    error MinerNotRegistered(uint32 subnetId, address account);
    error ValidatorsImmune(uint32 subnetId);
    error StakeNotAboveWeakest(uint32 subnetId, uint64 staked, uint64 weakest);
    error ReplacementsExceedMaximum(uint32 subnetId, uint32 epoch, uint16 maximum);
    error CallerNotChampionsOperator(uint32 championId, address caller);
    error ChampionNotRewardedInSector(uint32 championId, uint16 sector);

    /// @notice A validator has a slot. Its bonds start at zero.
    event ValidatorRegistered(
        uint32 indexed subnetId,
        address indexed account,
        uint16 indexed slot,
        uint32 epoch,
        uint32 immuneUntil
    );
    /// @notice A validator lost its slot: it left, or a registration with more stake replaced it.
    event ValidatorRemoved(uint32 indexed subnetId, address indexed account, uint16 indexed slot);
    /// @notice A miner has a slot. Its bonds start at zero. `championId` is 0 in an open subnet.
    event MinerRegistered(
        uint32 indexed subnetId,
        address indexed account,
        uint16 indexed slot,
        uint32 epoch,
        uint32 championId,
        uint64 fee
    );
    /// @notice A miner lost its slot: it left, or a registration replaced it.
    event MinerRemoved(uint32 indexed subnetId, address indexed account, uint16 indexed slot);
    /// @notice A champion with a slot has a new operator. Bonds and incentive stay.
    event MinerAccountSet(uint32 indexed subnetId, address indexed account, uint16 indexed slot);

    /// @notice Registers the caller as validator, in the first phase of an epoch. A full table replaces its weakest
    ///         validator: the one with the least stake, then the lowest slot. Stake counts with the coins added in this
    ///         epoch. A new validator is immune, except in a slot that another one left. Until its immunity ends, it cannot
    ///         unstake or leave.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the first phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    ///      - the caller is not a validator there, or `ValidatorAlreadyRegistered`
    ///      - its stake is at least the minimum, or `StakeBelowMinimum`
    ///      - the table has an empty slot or a validator that is not immune, or `ValidatorsImmune`
    ///      - its stake is above that of the replaced validator, or `StakeNotAboveWeakest`
    /// @param subnetId the subnet
    /// @return slot number of the slot, counted from 0
    function registerValidator(uint32 subnetId) external returns (uint16 slot);

    /// @notice Registers the caller as miner of an open subnet, in the first phase of an epoch. Takes the registration fee
    ///         from the caller's allowance and puts it into the pot of the current epoch. A full table replaces its
    ///         weakest miner after its immunity: the one with the least incentive, then the lowest slot. While half of the
    ///         miners or more are immune, none is.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the first phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    ///      - it is open, or `SubnetKindMismatch`
    ///      - the caller is not a miner there, or `MinerAlreadyRegistered`
    ///      - at most 4 miners are replaced in an epoch, or `ReplacementsExceedMaximum`
    /// @param subnetId the subnet
    /// @return slot number of the slot, counted from 0
    function registerMiner(uint32 subnetId) external returns (uint16 slot);

    /// @notice Registers a champion as miner of a sovereign subnet, in the first phase of an epoch, without fee. A full
    ///         table replaces its weakest champion as in `registerMiner`. For a registered champion with a new operator,
    ///         only the slot's account changes.
    /// @dev - the subnet exists, or `SubnetNonexistent`; it is not retired by now, or `SubnetIsRetired`
    ///      - it is the first phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    ///      - it is sovereign, or `SubnetKindMismatch`
    ///      - the champion exists, or `ChampionNonexistent`; the caller is its operator, or `CallerNotChampionsOperator`
    ///      - the champion is rewarded in the sector, or `ChampionNotRewardedInSector`
    ///      - the caller is no miner there, for this or another champion, or `MinerAlreadyRegistered`
    ///      - at most 4 champions are replaced in an epoch, or `ReplacementsExceedMaximum`
    /// @param subnetId the subnet
    /// @param championId the champion
    /// @return slot number of the slot, counted from 0
    function registerChampion(uint32 subnetId, uint32 championId) external returns (uint16 slot);

    /// @notice Gives up the caller's slot as validator, in the first phase of an epoch. Its stake stays.
    /// @dev - the subnet exists, or `SubnetNonexistent`; the caller is a validator there, or `ValidatorNotRegistered`
    ///      - it is the first phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    ///      - it is not immune, or `ValidatorBound`, unless the subnet is retired by now
    /// @param subnetId the subnet, retired or not
    function deregisterValidator(uint32 subnetId) external;

    /// @notice Gives up the caller's slot as miner, in the first phase of an epoch.
    /// @dev - the subnet exists, or `SubnetNonexistent`; the caller is a miner there, or `MinerNotRegistered`
    ///      - it is the first phase, or `SubnetPhaseMismatch`; no earlier epoch is pending, or `EpochPending`
    /// @param subnetId the subnet, retired or not
    function deregisterMiner(uint32 subnetId) external;

    /// @notice The table of validators, empty slots included.
    function validatorsOf(uint32 subnetId) external view returns (Validator[] memory);

    /// @notice The table of miners, empty slots included.
    function minersOf(uint32 subnetId) external view returns (Miner[] memory);

    /// @notice The slot of a validator.
    /// @dev The account is a validator there, or `ValidatorNotRegistered`.
    function validatorSlotOf(uint32 subnetId, address account) external view returns (uint16 slot);

    /// @notice The slot of a miner, or of the champion that the account operates.
    /// @dev The account is a miner there, or `MinerNotRegistered`.
    function minerSlotOf(uint32 subnetId, address account) external view returns (uint16 slot);
}
