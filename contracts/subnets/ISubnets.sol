// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The part of the hub about subnets: their creation, parameters, clock and end.
/// @dev Amounts of Foundation Coin have 64 bits: the whole schedule has 51. Reading a subnet that does not exist reverts
///      with `SubnetNonexistent`.
interface ISubnets {
    /// @notice Who can be a miner, and who is paid.
    /// @dev Open: everyone mines; pots pay miners and validators. Sovereign: the champions of a sector mine; pots pay
    ///      validators only, and incentives are the champions' quality in the mine.
    enum SubnetKind {
        Open,
        Sovereign
    }

    /// @notice The quarters of an epoch.
    /// @dev Task: registrations, test sets. Answer: answers. Score: test sets and answers are revealed. Reveal: weights are
    ///      revealed. Weights are committed in the first three.
    enum Phase {
        Task,
        Answer,
        Score,
        Reveal
    }

    /// @notice Parameters of a subnet. They never change. Fractions are I32F32: 2^32 is 1.
    /// @param kappa share of active stake that must back a weight, above 0 and at most 1
    /// @param alpha part of an epoch's new bonds in the stored bonds, at most 1
    /// @param beta penalty on bonds of weights above the consensus, at most 1
    /// @param minValidatorStake least stake of a validator, base units of Foundation Coin, above 0
    /// @param minTotalStake least active stake of an epoch: that of the validators with permit that revealed weights. With
    ///        less, the epoch pays nobody and decides no quality. Base units of Foundation Coin; 0 is no minimum.
    /// @param registrationFee fee of an open subnet's miner, base units of Foundation Coin. Without one, anybody can hold
    ///        slots by leaving and returning for nothing.
    /// @param tempo duration of an epoch in seconds, from 1 hour to 28 days
    /// @param immunity epochs in which a new validator or miner cannot be replaced, from 1 to 100. A validator's stake is
    ///        bound as long.
    /// @param maxValidators size of the table of validators, from 1 to `MAX_VALIDATORS`
    /// @param maxMiners size of the table of miners, from 1 to `MAX_MINERS`; the product of both is at most `MAX_CELLS`
    struct SubnetParams {
        uint64 kappa; // slot 0
        uint64 alpha;
        uint64 beta;
        uint64 minValidatorStake;
        uint64 minTotalStake; // slot 1
        uint64 registrationFee;
        uint32 tempo;
        uint16 immunity;
        uint16 maxValidators;
        uint16 maxMiners;
    }

    /// @notice A subnet.
    /// @param creator who created it and gets the bond back
    /// @param start start of epoch 1, in seconds since 1970
    /// @param kind who can be a miner
    /// @param sector sector of a sovereign subnet; 0 for an open one
    /// @param validatorSlots number of the validators' slots ever used; some may be empty
    /// @param minerSlots number of the miners' slots ever used; some may be empty
    /// @param parentId subnet whose parameters it inherited, or 0
    /// @param retiredFrom first epoch that does not take place, or 0
    /// @param pendingEpoch epoch with revealed weights that was not run yet, or 0; possibly the current one
    /// @param lastEpoch last epoch that was run, or 0
    /// @param bond base units of Foundation Coin returned by `retire`
    /// @param bestIncentive highest `Miner.incentive`, 0 before any
    /// @param gradedAt last epoch with incentives, or 0 if the last run epoch had less active stake than `minTotalStake`
    /// @param replacedAt epoch of the newest replacement of a miner, or 0
    /// @param replacements number of miners replaced in that epoch
    struct Subnet {
        address creator; // slot 0
        uint40 start;
        SubnetKind kind;
        uint16 sector;
        uint16 validatorSlots;
        uint16 minerSlots;
        uint32 parentId; // slot 1
        uint32 retiredFrom;
        uint32 pendingEpoch;
        uint32 lastEpoch;
        uint64 bond;
        uint32 bestIncentive; // slot 2
        uint32 gradedAt;
        uint32 replacedAt;
        uint16 replacements;
    }

    error HubCoinNotContract(address coin);
    error HubChampionsNotContract(address champions);
    error HubAdminZero();
    error SubnetNonexistent(uint32 subnetId);
    error SubnetsExceedMaximum(uint32 maximum);
    error SubnetTempoOutOfRange(uint32 tempo);
    error SubnetTablesOutOfRange(uint16 maxValidators, uint16 maxMiners);
    error SubnetImmunityOutOfRange(uint16 immunity);
    error SubnetFractionsOutOfRange(uint64 kappa, uint64 alpha, uint64 beta);
    error SubnetMinimumStakeZero();
    error SectorHasSubnet(uint16 sector, uint32 subnetId);
    error SubnetIsRetired(uint32 subnetId, uint32 fromEpoch);
    error CallerNotSubnetCreator(uint32 subnetId, address caller);
    error SubnetPhaseMismatch(uint32 subnetId, Phase expected, Phase actual);
    error SubnetKindMismatch(uint32 subnetId, SubnetKind kind);
    error EpochPending(uint32 subnetId, uint32 epoch);

    /// @notice A subnet was created. Its epoch 1 starts in this block.
    event SubnetCreated(
        uint32 indexed subnetId,
        address indexed creator,
        SubnetKind kind,
        uint16 indexed sector,
        uint32 parentId,
        uint64 bond,
        SubnetParams params,
        bytes32 metadataHash,
        string uri
    );
    /// @notice A subnet has no epochs from `fromEpoch` on. Its bond was paid to the creator.
    event SubnetRetired(uint32 indexed subnetId, uint32 fromEpoch, uint64 bond);
    /// @notice Parameters of new subnets without a parent.
    event DefaultParamsSet(SubnetParams params);
    /// @notice Maximum number of open subnets without end.
    event MaxSubnetsSet(uint32 maximum);
    /// @notice Bond of new subnets, in base units of Foundation Coin.
    event SubnetBondSet(uint64 bond);

    /// @notice Creates an open subnet. Takes the present bond from the caller's allowance of Foundation Coin.
    /// @dev - fewer than `maxSubnets` open subnets are not retired, or `SubnetsExceedMaximum`
    ///      - the parent, if any, exists, or `SubnetNonexistent`; it may be retired or sovereign
    /// @param parentId subnet whose parameters are inherited, or 0 for the default ones
    /// @param metadataHash SHA-256 of the description: the task, and how validators score it
    /// @param uri location of the description
    /// @return subnetId id of the subnet, counted from 1
    function create(
        uint32 parentId,
        bytes32 metadataHash,
        string calldata uri
    ) external returns (uint32 subnetId);

    /// @notice Creates the sovereign subnet of a sector. It needs no bond and does not count for `maxSubnets`.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the sector has no sovereign subnet, retired ones aside, or `SectorHasSubnet`
    ///      - the parameters are in their ranges, or an error of `setDefaultParams`
    /// @param sector number of the sector, as in offers and in the mine
    /// @param params its parameters
    /// @param metadataHash SHA-256 of the description
    /// @param uri location of the description
    /// @return subnetId id of the subnet
    function createSovereign(
        uint16 sector,
        SubnetParams calldata params,
        bytes32 metadataHash,
        string calldata uri
    ) external returns (uint32 subnetId);

    /// @notice Ends a subnet after the current epoch, permanently, and returns its bond to the creator.
    /// @dev Stakes, records and claims stay. Sponsors get pots that will pay nobody back by `reclaim`. A sector is free for
    ///      another sovereign subnet at once; until that has run an epoch, the quality in the sector is 1.
    ///      - the subnet exists, or `SubnetNonexistent`
    ///      - the caller created it, or `CallerNotSubnetCreator`. For a sovereign subnet: the caller has the admin role, or
    ///        `AccessControlUnauthorizedAccount`
    ///      - it is not retired, or `SubnetIsRetired`
    ///      - no earlier epoch is pending, or `EpochPending`
    /// @param subnetId the subnet
    function retire(uint32 subnetId) external;

    /// @notice Sets the parameters of future subnets without a parent.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the tempo is from 1 hour to 28 days, or `SubnetTempoOutOfRange`
    ///      - both tables have a size from 1 to their maximum, 48 and 256, and their product is at most 3,072, or
    ///        `SubnetTablesOutOfRange`
    ///      - the immunity is from 1 to 100 epochs, or `SubnetImmunityOutOfRange`
    ///      - fractions are at most 1 and `kappa` is above 0, or `SubnetFractionsOutOfRange`
    ///      - `minValidatorStake` is above 0, or `SubnetMinimumStakeZero`
    /// @param params the parameters
    function setDefaultParams(SubnetParams calldata params) external;

    /// @notice Sets the maximum number of open subnets. Existing ones stay.
    /// @dev The caller has the admin role, or `AccessControlUnauthorizedAccount`.
    function setMaxSubnets(uint32 maximum) external;

    /// @notice Sets the bond of future open subnets, in base units of Foundation Coin. Existing ones keep theirs.
    /// @dev The caller has the admin role, or `AccessControlUnauthorizedAccount`.
    function setSubnetBond(uint64 bond) external;

    /// @notice A subnet.
    function subnetOf(uint32 subnetId) external view returns (Subnet memory);

    /// @notice Parameters of a subnet.
    function paramsOf(uint32 subnetId) external view returns (SubnetParams memory);

    /// @notice Parameters of future subnets without a parent.
    /// @dev After deployment: tempo 7 days, immunity 4 epochs, 16 validators, 64 miners, kappa one half, alpha 0.1,
    ///      beta 1, 1,000 coins for a validator, 10,000 for all that reveal weights, 1 coin as registration fee.
    function defaultParams() external view returns (SubnetParams memory);

    /// @notice Where a subnet's clock stands. It also runs in retired subnets.
    /// @return epoch the current epoch, counted from 1
    /// @return phase its current phase
    /// @return endsAt end of the phase, in seconds since 1970
    function clockOf(uint32 subnetId) external view returns (uint32 epoch, Phase phase, uint256 endsAt);

    /// @notice End of an epoch of a subnet, in seconds since 1970. `runEpoch` can run it from then on.
    function epochEndOf(uint32 subnetId, uint32 epoch) external view returns (uint256);

    /// @notice The sovereign subnet of a sector, or 0 if it has none.
    function sovereignOf(uint16 sector) external view returns (uint32 subnetId);

    /// @notice Id of the newest subnet, also the number of subnets ever created.
    function lastSubnetId() external view returns (uint32);

    /// @notice Number of open subnets that are not retired.
    function openSubnets() external view returns (uint32);

    /// @notice Maximum number of open subnets. @dev After deployment: 64.
    function maxSubnets() external view returns (uint32);

    /// @notice Bond of a new open subnet, in base units of Foundation Coin. @dev After deployment: 1,000 coins.
    function subnetBond() external view returns (uint64);
}
