// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ExactTransfer} from "../libraries/ExactTransfer.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ICommons} from "./ICommons.sol";

/// @notice Funds public-good programmes. Each programme has a vault per token; only milestones take money out.
contract Commons is ICommons, AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice A period in seconds. A milestone stands for one before its release. Use of the release limit expires
    ///         within one. A raise of the limit comes into effect after one.
    uint40 public constant RELEASE_PERIOD = 30 days;
    /// @notice Smallest and largest release limit, in basis points of a vault's balance.
    uint16 public constant MIN_RELEASE_LIMIT = 500;
    uint16 public constant MAX_RELEASE_LIMIT = 5_000;
    uint256 private constant BPS = 10_000;

    uint64 public lastProgrammeId;
    uint64 public lastMilestoneId;
    ISettlementRouter public router;
    mapping(address token => uint256) public inVaults;
    mapping(uint64 programmeId => Programme) private _programmes;
    mapping(uint64 programmeId => mapping(address token => Vault)) private _vaults;
    mapping(uint64 milestoneId => Milestone) private _milestones;
    // Time when the release limit is unused again. Until then the used part is the rest of the time / `RELEASE_PERIOD`.
    mapping(uint64 programmeId => mapping(address token => uint40)) private _limitFreeAt;
    ReleaseLimit private _limit = ReleaseLimit({current: 2_500, next: 2_500, nextFrom: 0});

    /// @param admin first admin; deployment hands the role to the timelock
    constructor(address admin) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Governing programmes

    /// @inheritdoc ICommons
    function startProgramme(
        ProgrammeKind kind,
        address steward,
        bytes32 metadataHash,
        string calldata uri
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (uint64 programmeId) {
        if (steward == address(0)) revert ProgrammeStewardZero();

        programmeId = ++lastProgrammeId;
        _programmes[programmeId] = Programme(kind, steward, uint40(block.timestamp));

        emit ProgrammeStarted(programmeId, kind, steward, metadataHash, uri);
    }

    /// @inheritdoc ICommons
    function setSteward(uint64 programmeId, address steward) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _stewardOf(programmeId);
        if (steward == address(0)) revert ProgrammeStewardZero();

        _programmes[programmeId].steward = steward;
        _programmes[programmeId].stewardSince = uint40(block.timestamp);

        emit StewardSet(programmeId, steward);
    }

    function _stewardOf(uint64 programmeId) private view returns (address steward) {
        steward = _programmes[programmeId].steward;
        if (steward == address(0)) revert ProgrammeNonexistent(programmeId);
    }

    // Funding

    /// @inheritdoc ICommons
    function deposit(uint64 programmeId, address token, uint128 amount) external nonReentrant {
        _stewardOf(programmeId);
        _checkAmount(token, amount);

        _credit(programmeId, token, amount);

        emit VaultFunded(programmeId, token, msg.sender, amount);

        ExactTransfer.collect(token, msg.sender, amount);
    }

    function _checkAmount(address token, uint128 amount) private view {
        if (amount == 0) revert VaultAmountZero();
        if (token.code.length == 0) revert VaultTokenNotContract(token);
    }

    function _credit(uint64 programmeId, address token, uint128 amount) private {
        inVaults[token] += amount;
        _vaults[programmeId][token].balance += amount;
    }

    /// @inheritdoc ICommons
    function assign(
        uint64 programmeId,
        address token,
        uint128 amount
    ) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        _stewardOf(programmeId);
        _checkAmount(token, amount);
        uint256 available = unassigned(token);
        if (amount > available) revert UnassignedInsufficientBalance(token, available, amount);

        _credit(programmeId, token, amount);

        emit VaultAssigned(programmeId, token, amount);
    }

    // Reaching milestones

    /// @inheritdoc ICommons
    function proposeMilestone(
        uint64 programmeId,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    ) external returns (uint64 milestoneId) {
        if (_stewardOf(programmeId) != msg.sender) revert CallerNotSteward(programmeId, msg.sender);
        _checkAmount(token, amount);
        ProgrammeKind kind = _programmes[programmeId].kind;
        if ((capsuleId != 0) != (kind == ProgrammeKind.Service))
            revert MilestoneCapsuleMismatch(kind, capsuleId);
        if (evidenceHash == 0) revert MilestoneEvidenceZero();

        milestoneId = ++lastMilestoneId;
        _milestones[milestoneId] = Milestone({
            token: token,
            programmeId: programmeId,
            status: MilestoneStatus.Proposed,
            steward: msg.sender,
            capsuleId: capsuleId,
            amount: amount,
            proposedAt: uint40(block.timestamp),
            evidenceHash: evidenceHash,
            released: 0
        });

        emit MilestoneProposed(milestoneId, programmeId, msg.sender, token, amount, capsuleId, evidenceHash);
    }

    /// @inheritdoc ICommons
    function withdrawMilestone(uint64 milestoneId) external {
        Milestone memory milestone = milestoneOf(milestoneId);
        if (milestone.steward != msg.sender) revert CallerNotMilestoneSteward(milestoneId, msg.sender);
        _checkProposed(milestoneId, milestone.status);

        _milestones[milestoneId].status = MilestoneStatus.Withdrawn;

        emit MilestoneWithdrawn(milestoneId);
    }

    function _checkProposed(uint64 milestoneId, MilestoneStatus status) private pure {
        if (status != MilestoneStatus.Proposed) revert MilestoneStatusInvalid(milestoneId, status);
    }

    /// @inheritdoc ICommons
    function release(
        uint64 milestoneId,
        uint64 programmeId,
        address token,
        uint128 amount,
        uint64 capsuleId,
        bytes32 evidenceHash
    ) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        Milestone memory milestone = milestoneOf(milestoneId);
        _checkProposed(milestoneId, milestone.status);
        if (
            milestone.programmeId != programmeId ||
            milestone.token != token ||
            milestone.amount != amount ||
            milestone.capsuleId != capsuleId ||
            milestone.evidenceHash != evidenceHash
        ) revert MilestoneNotAsApproved(milestoneId);
        address steward = _programmes[programmeId].steward;
        if (milestone.steward != steward) revert MilestoneStewardReplaced(milestoneId, steward);
        uint256 from = releasableFrom(milestoneId);
        if (block.timestamp < from) revert MilestoneNotReleasableYet(milestoneId, from);

        uint128 rest = amount - milestone.released;
        uint128 part = _takeVault(programmeId, token, rest);
        _milestones[milestoneId].released = milestone.released + part;
        if (part == rest) _milestones[milestoneId].status = MilestoneStatus.Released;

        emit MilestoneReleased(milestoneId, programmeId, steward, token, part, capsuleId);

        if (capsuleId == 0) IERC20(token).safeTransfer(steward, part);
        else _payService(capsuleId, token, part);
    }

    /// @dev Takes the amount, or as much of it as the limit allows. The part of the limit that this uses is rounded up.
    function _takeVault(uint64 programmeId, address token, uint128 amount) private returns (uint128 part) {
        uint128 limit = releasable(programmeId, token);
        if (limit == 0) revert VaultNothingReleasable(programmeId, token);
        part = amount < limit ? amount : limit;

        Vault storage vault = _vaults[programmeId][token];
        uint128 balance = vault.balance;
        uint256 used = Math.ceilDiv(uint256(part) * RELEASE_PERIOD * BPS, uint256(balance) * releaseLimit());
        _limitFreeAt[programmeId][token] = uint40(
            Math.max(_limitFreeAt[programmeId][token], block.timestamp) + used
        );
        (vault.balance, vault.released) = (balance - part, vault.released + part);
        inVaults[token] -= part;
    }

    /// @dev Clears a leftover allowance only if there is one: some tokens revert on approve(0).
    function _payService(uint64 capsuleId, address token, uint128 amount) private {
        address spender = address(router);
        IERC20(token).forceApprove(spender, amount);
        router.pay(capsuleId, token, amount, "");
        if (IERC20(token).allowance(address(this), spender) != 0) IERC20(token).forceApprove(spender, 0);
    }

    /// @inheritdoc ICommons
    function setRouter(ISettlementRouter newRouter) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (address(newRouter) == address(0)) revert CommonsRouterZero();
        if (address(router) != address(0)) revert CommonsRouterAlreadySet(address(router));

        router = newRouter;

        emit RouterSet(address(newRouter));
    }

    // Limiting releases

    /// @inheritdoc ICommons
    function setReleaseLimit(uint16 bps) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (bps < MIN_RELEASE_LIMIT || bps > MAX_RELEASE_LIMIT)
            revert ReleaseLimitOutOfRange(bps, MIN_RELEASE_LIMIT, MAX_RELEASE_LIMIT);
        uint16 current = releaseLimit();
        uint40 from = uint40(block.timestamp) + (bps > current ? RELEASE_PERIOD : 0);

        _limit = ReleaseLimit({current: current, next: bps, nextFrom: from});

        emit ReleaseLimitSet(bps, from);
    }

    /// @inheritdoc ICommons
    function releaseLimit() public view returns (uint16) {
        return block.timestamp < _limit.nextFrom ? _limit.current : _limit.next;
    }

    // Reading

    /// @inheritdoc ICommons
    function programmeOf(uint64 programmeId) external view returns (Programme memory) {
        _stewardOf(programmeId);
        return _programmes[programmeId];
    }

    /// @inheritdoc ICommons
    function vaultOf(uint64 programmeId, address token) external view returns (Vault memory) {
        return _vaults[programmeId][token];
    }

    /// @inheritdoc ICommons
    function milestoneOf(uint64 milestoneId) public view returns (Milestone memory milestone) {
        milestone = _milestones[milestoneId];
        if (milestone.steward == address(0)) revert MilestoneNonexistent(milestoneId);
    }

    /// @inheritdoc ICommons
    function releasableFrom(uint64 milestoneId) public view returns (uint256) {
        Milestone memory milestone = milestoneOf(milestoneId);
        uint256 stewardSince = _programmes[milestone.programmeId].stewardSince;
        return Math.max(milestone.proposedAt, stewardSince) + RELEASE_PERIOD;
    }

    /// @inheritdoc ICommons
    function releasable(uint64 programmeId, address token) public view returns (uint128) {
        uint256 unused =
            RELEASE_PERIOD - Math.saturatingSub(_limitFreeAt[programmeId][token], block.timestamp);
        uint256 balance = _vaults[programmeId][token].balance;
        return uint128((balance * releaseLimit() * unused) / (BPS * RELEASE_PERIOD));
    }

    /// @inheritdoc ICommons
    function unassigned(address token) public view returns (uint256) {
        return Math.saturatingSub(IERC20(token).balanceOf(address(this)), inVaults[token]);
    }
}
