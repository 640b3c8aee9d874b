// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";

/// @notice What proceeds build: public-good programmes, each with a vault per token that only milestones empty.
/// @dev For every token: what came for vaults = in vaults + released, and balance >= in vaults, equal unless tokens
///      came unasked. There is one way out of a vault: a milestone that its programme's steward proposed and
///      governance approved. Nobody can pause it. It pays the steward in a programme of research, and whoever earns
///      from a capsule in a programme that is a service.
interface ICommons {
    /// @notice What a programme is for: public supercomputing, or a champion's free AI service.
    enum ProgrammeKind {
        Research,
        Service
    }

    /// @notice A public-good project.
    /// @param kind what it is for
    /// @param steward proposes milestones, and is paid for those of research
    struct Programme {
        ProgrammeKind kind; // slot 0
        address steward;
    }

    /// @notice What a programme has in one token.
    /// @param balance base units that wait for milestones
    /// @param released base units that were ever paid for milestones
    struct Vault {
        uint128 balance; // slot 0
        uint128 released;
    }

    /// @notice Whether a milestone can be released.
    enum MilestoneStatus {
        Proposed,
        Released,
        Withdrawn
    }

    /// @notice What a steward says was reached, and asks for. Only `status` ever changes, and only once.
    /// @param token to be paid in
    /// @param programmeId whose vault pays
    /// @param status whether it can be released
    /// @param steward who proposed it; of research, nobody else is paid for it
    /// @param capsuleId whose earners are paid for a service; 0 for research
    /// @param amount base units
    /// @param evidenceHash hash of what shows that it was reached
    struct Milestone {
        address token; // slot 0
        uint64 programmeId;
        MilestoneStatus status;
        address steward; // slot 1
        uint64 capsuleId;
        uint128 amount; // slot 2
        bytes32 evidenceHash; // slot 3
    }

    error ProgrammeNonexistent(uint64 programmeId);
    error ProgrammeStewardZero();
    error CallerNotSteward(uint64 programmeId, address caller);
    error VaultAmountZero();
    error VaultTokenNotContract(address token);
    error VaultInsufficientBalance(uint64 programmeId, address token, uint256 balance, uint256 needed);
    error UnassignedInsufficientBalance(address token, uint256 balance, uint256 needed);
    error MilestoneCapsuleMismatch(ProgrammeKind kind, uint64 capsuleId);
    error MilestoneEvidenceZero();
    error MilestoneNonexistent(uint64 milestoneId);
    error MilestoneStatusInvalid(uint64 milestoneId, MilestoneStatus status);
    error MilestoneNotAsApproved(uint64 milestoneId);
    error MilestoneStewardReplaced(uint64 milestoneId, address steward);
    error CallerNotMilestoneSteward(uint64 milestoneId, address caller);
    error CommonsRouterZero();
    error CommonsRouterAlreadySet(address router);

    /// @notice A programme began. Its metadata are here only.
    event ProgrammeStarted(
        uint64 indexed programmeId,
        ProgrammeKind indexed kind,
        address indexed steward,
        bytes32 metadataHash,
        string uri
    );
    /// @notice A programme has another steward.
    event StewardSet(uint64 indexed programmeId, address indexed steward);
    /// @notice Somebody paid into a vault.
    event VaultFunded(
        uint64 indexed programmeId,
        address indexed token,
        address indexed payer,
        uint128 amount
    );
    /// @notice Tokens that had come unasked were assigned to a vault.
    event VaultAssigned(uint64 indexed programmeId, address indexed token, uint128 amount);
    /// @notice A steward says what was reached, and asks for `amount`.
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
    /// @notice A milestone was paid for, once: to its steward, or to the capsule if that is not 0.
    event MilestoneReleased(
        uint64 indexed milestoneId,
        uint64 indexed programmeId,
        address indexed steward,
        address token,
        uint128 amount,
        uint64 capsuleId
    );
    /// @notice The router was named, once.
    event RouterSet(address indexed router);

    /// @notice Starts a programme.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the steward is not zero, or `ProgrammeStewardZero`
    /// @param kind what it is for
    /// @param steward proposes milestones, and is paid for those of research
    /// @param metadataHash hash of what `uri` leads to; in the event only
    /// @param uri where it is described; in the event only
    /// @return programmeId counts from 1
    function startProgramme(
        ProgrammeKind kind,
        address steward,
        bytes32 metadataHash,
        string calldata uri
    ) external returns (uint64 programmeId);

    /// @notice Hands a programme over. Milestones of its steward until now can't be released, unless it is steward again.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the programme exists, or `ProgrammeNonexistent`
    ///      - the steward is not zero, or `ProgrammeStewardZero`
    /// @param programmeId the programme
    /// @param steward proposes milestones from now on
    function setSteward(uint64 programmeId, address steward) external;

    /// @notice Pays into a programme's vault, from the caller's allowance.
    /// @dev - the programme exists, or `ProgrammeNonexistent`
    ///      - `amount` above 0, or `VaultAmountZero`; `token` is a contract, or `VaultTokenNotContract`
    ///      - exactly `amount` arrives, or `TransferAmountMismatch`; errors of the token are passed on
    /// @param programmeId whose vault
    /// @param token ERC-20 token
    /// @param amount base units
    function deposit(uint64 programmeId, address token, uint128 amount) external;

    /// @notice Puts tokens that came unasked, by a plain transfer, into a vault: they have no other way out. So does the
    ///         platform's part of payments, which the router's `claim` transfers.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the programme exists, or `ProgrammeNonexistent`
    ///      - `amount` above 0, or `VaultAmountZero`; `token` is a contract, or `VaultTokenNotContract`
    ///      - as much is in no vault, or `UnassignedInsufficientBalance`
    /// @param programmeId whose vault
    /// @param token ERC-20 token
    /// @param amount base units
    function assign(uint64 programmeId, address token, uint128 amount) external;

    /// @notice Says that a milestone was reached, and asks for what it earns. It never changes; withdraw it and propose
    ///         another instead. The vault need not hold the amount yet.
    /// @dev - the programme exists, or `ProgrammeNonexistent`; the caller is its steward, or `CallerNotSteward`
    ///      - `amount` above 0, or `VaultAmountZero`; `token` is a contract, or `VaultTokenNotContract`
    ///      - a service names a capsule and research names none, or `MilestoneCapsuleMismatch`
    ///      - there is evidence, or `MilestoneEvidenceZero`
    /// @param programmeId whose vault pays
    /// @param token to be paid in
    /// @param amount base units
    /// @param capsuleId whose metered free use a service asks to be paid; 0 for research
    /// @param evidenceHash hash of what shows that it was reached
    /// @return milestoneId counts from 1, over all programmes
    function proposeMilestone(
        uint64 programmeId,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    ) external returns (uint64 milestoneId);

    /// @notice Withdraws a milestone, for ever.
    /// @dev - the milestone exists, or `MilestoneNonexistent`
    ///      - the caller proposed it, or `CallerNotMilestoneSteward`
    ///      - it is neither released nor withdrawn, or `MilestoneStatusInvalid`
    /// @param milestoneId the milestone
    function withdrawMilestone(uint64 milestoneId) external;

    /// @notice Pays for a milestone, once: its steward for research, its capsule for a service, 40/30/20/10 to those who
    ///         earn from it. What was approved is named in full: an id that came to stand for something else pays
    ///         nobody.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the milestone exists, or `MilestoneNonexistent`
    ///      - it is neither released nor withdrawn, or `MilestoneStatusInvalid`
    ///      - programme, token, amount, capsule and evidence are the milestone's, or `MilestoneNotAsApproved`
    ///      - who proposed it is still steward, or `MilestoneStewardReplaced`
    ///      - the vault holds the amount, or `VaultInsufficientBalance`; errors of the token are passed on
    ///      - for a service: as in `ISettlementRouter.pay`
    ///      NOTE: a steward can withdraw until the last moment: one proposal for each release, or one stops the others.
    ///      NOTE: a capsule's shares are those of its owner at the moment of the release, as with every payment.
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

    /// @notice Names the router that pays for services, once: it names the Commons and so is deployed later.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - it is not zero, or `CommonsRouterZero`; none is named yet, or `CommonsRouterAlreadySet`
    /// @param newRouter the router
    function setRouter(ISettlementRouter newRouter) external;

    /// @notice A programme; `ProgrammeNonexistent` if there is none.
    function programmeOf(uint64 programmeId) external view returns (Programme memory);

    /// @notice What a programme has in one token.
    function vaultOf(uint64 programmeId, address token) external view returns (Vault memory);

    /// @notice A milestone; `MilestoneNonexistent` if there is none.
    function milestoneOf(uint64 milestoneId) external view returns (Milestone memory);

    /// @notice What all vaults hold in one token, base units.
    function inVaults(address token) external view returns (uint256);

    /// @notice What came unasked and is in no vault, base units.
    function unassigned(address token) external view returns (uint256);

    /// @notice Who pays for services; zero until it is named.
    function router() external view returns (ISettlementRouter);

    /// @notice The newest programme's id, which is also how many there are.
    function lastProgrammeId() external view returns (uint64);

    /// @notice The newest milestone's id, which is also how many there are.
    function lastMilestoneId() external view returns (uint64);
}
