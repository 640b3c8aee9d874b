// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";

/// @notice Funds public-good programmes. Each programme has a vault per token; only milestones take money out.
/// @dev For every token: deposited + assigned = in vaults + released, and balance >= in vaults. The difference is
///      unassigned: tokens from plain transfers. A vault has one exit: a milestone, proposed by the programme's steward
///      and approved by governance. Nobody can pause releases. A research milestone pays the steward; a service
///      milestone pays the earners of a capsule. The buyer of a majority does not own the vaults: a milestone stands for
///      30 days before, and then each vault gives a limited part of its balance per 30 days.
interface ICommons {
    /// @notice Purpose of a programme: public supercomputing, or a champion's free AI service.
    enum ProgrammeKind {
        Research,
        Service
    }

    /// @notice A public-good project.
    /// @param kind its purpose
    /// @param steward proposes milestones and receives payments for research
    /// @param stewardSince time when `setSteward` or the start named the steward, in seconds since 1970
    struct Programme {
        ProgrammeKind kind; // slot 0
        address steward;
        uint40 stewardSince;
    }

    /// @notice Money of a programme in one token.
    /// @param balance base units available for milestones
    /// @param released base units ever paid for milestones
    struct Vault {
        uint128 balance; // slot 0
        uint128 released;
    }

    /// @notice Part of a vault's balance that milestones may take in one period, in basis points.
    /// @param current until `nextFrom`
    /// @param next from then on
    /// @param nextFrom time in seconds since 1970
    struct ReleaseLimit {
        uint16 current; // slot 0
        uint16 next;
        uint40 nextFrom;
    }

    /// @notice Status of a milestone. Only a proposed one can be released.
    enum MilestoneStatus {
        Proposed,
        Released,
        Withdrawn
    }

    /// @notice A steward's request for payment, for a milestone reached. Only `released` grows, and `status` changes once.
    /// @param token ERC-20 token of payment
    /// @param programmeId programme whose vault pays
    /// @param status whether it is proposed, released or withdrawn
    /// @param steward proposer; for research also the payee
    /// @param capsuleId capsule paid for a service; 0 for research
    /// @param amount base units
    /// @param proposedAt time of the proposal, in seconds since 1970
    /// @param evidenceHash hash of the evidence
    /// @param released base units paid so far
    struct Milestone {
        address token; // slot 0
        uint64 programmeId;
        MilestoneStatus status;
        address steward; // slot 1
        uint64 capsuleId;
        uint128 amount; // slot 2
        uint40 proposedAt;
        bytes32 evidenceHash; // slot 3
        uint128 released; // slot 4
    }

    error ProgrammeNonexistent(uint64 programmeId);
    error ProgrammeStewardZero();
    error CallerNotSteward(uint64 programmeId, address caller);
    error VaultAmountZero();
    error VaultTokenNotContract(address token);
    error VaultNothingReleasable(uint64 programmeId, address token);
    error UnassignedInsufficientBalance(address token, uint256 balance, uint256 needed);
    error MilestoneCapsuleMismatch(ProgrammeKind kind, uint64 capsuleId);
    error MilestoneEvidenceZero();
    error MilestoneNonexistent(uint64 milestoneId);
    error MilestoneStatusInvalid(uint64 milestoneId, MilestoneStatus status);
    error MilestoneNotAsApproved(uint64 milestoneId);
    error MilestoneStewardReplaced(uint64 milestoneId, address steward);
    error MilestoneNotReleasableYet(uint64 milestoneId, uint256 releasableFrom);
    error ReleaseLimitOutOfRange(uint256 bps, uint256 min, uint256 max);
    error CallerNotMilestoneSteward(uint64 milestoneId, address caller);
    error CommonsRouterZero();
    error CommonsRouterAlreadySet(address router);

    /// @notice A programme began. Only this event has its metadata.
    event ProgrammeStarted(
        uint64 indexed programmeId,
        ProgrammeKind indexed kind,
        address indexed steward,
        bytes32 metadataHash,
        string uri
    );
    /// @notice A programme's steward changed.
    event StewardSet(uint64 indexed programmeId, address indexed steward);
    /// @notice `payer` paid into a vault.
    event VaultFunded(
        uint64 indexed programmeId,
        address indexed token,
        address indexed payer,
        uint128 amount
    );
    /// @notice Unassigned tokens were credited to a vault.
    event VaultAssigned(uint64 indexed programmeId, address indexed token, uint128 amount);
    /// @notice A steward requested `amount` base units for a milestone.
    event MilestoneProposed(
        uint64 indexed milestoneId,
        uint64 indexed programmeId,
        address indexed steward,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    );
    /// @notice A milestone's steward withdrew it.
    event MilestoneWithdrawn(uint64 indexed milestoneId);
    /// @notice A milestone, or a part of it, was paid: to its steward if `capsuleId` is 0, else to the capsule's earners.
    ///         `amount` is this part. Once the parts add up to the milestone, it is released.
    event MilestoneReleased(
        uint64 indexed milestoneId,
        uint64 indexed programmeId,
        address indexed steward,
        address token,
        uint128 amount,
        uint64 capsuleId
    );
    /// @notice The limit of releases is `bps` from the time `from` on, in seconds since 1970. It replaces a limit to come.
    event ReleaseLimitSet(uint16 bps, uint40 from);
    /// @notice The router was set, permanently.
    event RouterSet(address indexed router);

    /// @notice Starts a programme.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the steward is not zero, or `ProgrammeStewardZero`
    /// @param kind its purpose
    /// @param steward proposes milestones and receives payments for research
    /// @param metadataHash hash of the content at `uri`; only in the event
    /// @param uri location of the description; only in the event
    /// @return programmeId id of the programme, counted from 1
    function startProgramme(
        ProgrammeKind kind,
        address steward,
        bytes32 metadataHash,
        string calldata uri
    ) external returns (uint64 programmeId);

    /// @notice Replaces a programme's steward. Only the current steward's milestones can be released, 30 days from now at
    ///         the earliest, even if the steward is the same as before.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the programme exists, or `ProgrammeNonexistent`
    ///      - the steward is not zero, or `ProgrammeStewardZero`
    /// @param programmeId the programme
    /// @param steward the new steward
    function setSteward(uint64 programmeId, address steward) external;

    /// @notice Pays into a programme's vault from the caller's allowance.
    /// @dev - the programme exists, or `ProgrammeNonexistent`
    ///      - `amount` is above 0, or `VaultAmountZero`
    ///      - `token` is a contract, or `VaultTokenNotContract`
    ///      - exactly `amount` arrives, or `TransferAmountMismatch`; errors of the token are passed on
    /// @param programmeId the programme
    /// @param token ERC-20 token
    /// @param amount base units
    function deposit(uint64 programmeId, address token, uint128 amount) external;

    /// @notice Credits unassigned tokens to a vault, their only way out. They arrived by plain transfer. So does the
    ///         platform's share of payments, claimed at the router.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the programme exists, or `ProgrammeNonexistent`
    ///      - `amount` is above 0, or `VaultAmountZero`
    ///      - `token` is a contract, or `VaultTokenNotContract`
    ///      - at least `amount` is unassigned, or `UnassignedInsufficientBalance`
    /// @param programmeId the programme
    /// @param token ERC-20 token
    /// @param amount base units
    function assign(uint64 programmeId, address token, uint128 amount) external;

    /// @notice Proposes payment for a milestone reached. To change it, withdraw it and propose another. The
    ///         vault need not hold the amount yet.
    /// @dev - the programme exists, or `ProgrammeNonexistent`
    ///      - the caller is its steward, or `CallerNotSteward`
    ///      - `amount` is above 0, or `VaultAmountZero`
    ///      - `token` is a contract, or `VaultTokenNotContract`
    ///      - a service names a capsule and research names none, or `MilestoneCapsuleMismatch`
    ///      - `evidenceHash` is not zero, or `MilestoneEvidenceZero`
    /// @param programmeId the programme; its vault pays
    /// @param token ERC-20 token of payment
    /// @param amount base units
    /// @param capsuleId capsule to pay for metered free use, for a service; 0 for research
    /// @param evidenceHash hash of the evidence
    /// @return milestoneId id of the milestone, counted from 1 over all programmes
    function proposeMilestone(
        uint64 programmeId,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    ) external returns (uint64 milestoneId);

    /// @notice Withdraws a milestone permanently.
    /// @dev - the milestone exists, or `MilestoneNonexistent`
    ///      - the caller proposed it, or `CallerNotMilestoneSteward`
    ///      - it is still proposed, or `MilestoneStatusInvalid`
    /// @param milestoneId the milestone
    function withdrawMilestone(uint64 milestoneId) external;

    /// @notice Pays for a milestone, or the part of it that `releasable` allows. Further calls pay the rest. For research
    ///         it pays the steward, for a service the capsule's earners, split 40/30/20/10. The caller repeats all approved
    ///         values, so that the id cannot stand for another milestone.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the milestone exists, or `MilestoneNonexistent`
    ///      - it is still proposed, or `MilestoneStatusInvalid`
    ///      - all repeated values match the milestone, or `MilestoneNotAsApproved`
    ///      - its proposer is still steward, or `MilestoneStewardReplaced`
    ///      - it stood for `RELEASE_PERIOD` under this steward: see `releasableFrom`, or `MilestoneNotReleasableYet`
    ///      - something is releasable, or `VaultNothingReleasable`; errors of the token are passed on
    ///      - for a service: the requirements of `ISettlementRouter.pay`
    ///      NOTE: a steward can withdraw at the last moment and fail the whole proposal. Put one release into each.
    ///      NOTE: the capsule's shares at the time of release apply, as with every payment.
    /// @param milestoneId the milestone
    /// @param programmeId as approved
    /// @param token as approved
    /// @param amount as approved
    /// @param capsuleId as approved
    /// @param evidenceHash as approved
    function release(
        uint64 milestoneId,
        uint64 programmeId,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    ) external;

    /// @notice Sets the limit of releases of every vault. A raise comes into effect after `RELEASE_PERIOD`, a cut at once.
    ///         Each call replaces a raise that is not yet in effect.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `bps` is within `MIN_RELEASE_LIMIT` and `MAX_RELEASE_LIMIT`, or `ReleaseLimitOutOfRange`
    /// @param bps basis points of a vault's balance per `RELEASE_PERIOD`
    function setReleaseLimit(uint16 bps) external;

    /// @notice Part of a vault's balance that milestones may take in one period, in basis points.
    function releaseLimit() external view returns (uint16);

    /// @notice Sets the router for service payments, once. It is deployed later, since it needs the Commons' address.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the router is not zero, or `CommonsRouterZero`
    ///      - no router is set yet, or `CommonsRouterAlreadySet`
    /// @param newRouter the router
    function setRouter(ISettlementRouter newRouter) external;

    /// @notice A programme.
    /// @dev The programme exists, or `ProgrammeNonexistent`.
    function programmeOf(uint64 programmeId) external view returns (Programme memory);

    /// @notice Money of a programme in one token.
    function vaultOf(uint64 programmeId, address token) external view returns (Vault memory);

    /// @notice A milestone.
    /// @dev The milestone exists, or `MilestoneNonexistent`.
    function milestoneOf(uint64 milestoneId) external view returns (Milestone memory);

    /// @notice Earliest time to release a milestone while its proposer is steward, in seconds since 1970.
    /// @dev The milestone exists, or `MilestoneNonexistent`.
    function releasableFrom(uint64 milestoneId) external view returns (uint256);

    /// @notice Base units of a vault that milestones may take now, rounded down.
    /// @dev A leaky bucket: a release uses up amount / (balance x limit) of it, and within `RELEASE_PERIOD` all use expires
    ///      at a constant rate. Splitting an amount into several releases never takes more.
    ///      NOTE: a vault whose limit is unused gives its part at once, and almost as large a part of the rest within the
    ///      next 30 days. Each further 30 days have one part.
    function releasable(uint64 programmeId, address token) external view returns (uint128);

    /// @notice Sum of all vaults' balances in one token, in base units.
    function inVaults(address token) external view returns (uint256);

    /// @notice Balance outside of all vaults in one token, in base units.
    function unassigned(address token) external view returns (uint256);

    /// @notice The router for service payments, or zero until it is set.
    function router() external view returns (ISettlementRouter);

    /// @notice Id of the newest programme, also the number of programmes.
    function lastProgrammeId() external view returns (uint64);

    /// @notice Id of the newest milestone, also the number of milestones.
    function lastMilestoneId() external view returns (uint64);
}
