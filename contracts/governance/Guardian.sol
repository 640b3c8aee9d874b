// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IBenefitMine} from "../coin/IBenefitMine.sol";
import {GridTimelock} from "./GridTimelock.sol";
import {IGridGovernor} from "./IGridGovernor.sol";
import {IGuardian} from "./IGuardian.sol";

/// @notice Limited powers of a council until the end of its term: to propose permitted calls, cancel, pause, and stop sources.
/// @dev Only the governor and the guardian propose at the timelock. If votes have not started by the end of the term,
///      nobody can propose: parameters are frozen until enough coins circulate.
contract Guardian is IGuardian {
    using Checkpoints for Checkpoints.Trace208;

    /// @notice Seconds from deployment to the end of the council's powers.
    uint48 public constant TERM = 548 days;
    /// @notice Maximum duration of one pause, in seconds.
    uint48 public constant PAUSE_AT_ONCE = 7 days;
    /// @notice Maximum duration of all pauses together, in seconds.
    uint48 public constant PAUSE_IN_ALL = 30 days;

    GridTimelock public immutable TIMELOCK;
    IGridGovernor public immutable GOVERNOR;
    IBenefitMine public immutable MINE;
    /// @notice End of the term: from this second on the council has no powers.
    uint48 public immutable END;

    address public council; // slot 0
    uint48 public pausedUntil;
    address public pendingCouncil; // slot 1
    mapping(address target => mapping(bytes4 selector => bool)) public isPermitted;
    mapping(address target => mapping(bytes4 selector => bool)) public isEmergency;
    // Keyed by the start of a pause: seconds paused earlier << 96 | start << 48 | end
    Checkpoints.Trace208 private _pauses;

    modifier onlyCouncil() {
        _checkTerm();
        if (msg.sender != council) revert GuardianCallerNotCouncil(msg.sender);
        _;
    }

    /// @param timelock executor; must grant this contract the proposer and canceller roles
    /// @param governor the DAO's governor; the start of its votes ends the council's power to propose
    /// @param mine must grant this contract the stopper role
    /// @param firstCouncil multisig of the first council
    /// @param permissions all functions the council may ever propose to call
    constructor(
        GridTimelock timelock,
        IGridGovernor governor,
        IBenefitMine mine,
        address firstCouncil,
        Permission[] memory permissions
    ) {
        if (firstCouncil == address(0)) revert GuardianCouncilZero();

        TIMELOCK = timelock;
        GOVERNOR = governor;
        MINE = mine;
        END = uint48(block.timestamp) + TERM;
        council = firstCouncil;
        emit CouncilChanged(address(0), firstCouncil);
        for (uint256 i = 0; i < permissions.length; ++i) {
            _permit(permissions[i]);
        }
    }

    function _permit(Permission memory permission) private {
        (address target, bytes4 selector) = (permission.target, permission.selector);
        if (_isForbidden(target, selector)) revert GuardianPermissionForbidden(target, selector);
        isPermitted[target][selector] = true;
        isEmergency[target][selector] = permission.isEmergency;
        emit CallPermitted(target, selector, permission.isEmergency);
    }

    /// @dev No deployment can permit the council to manage roles or to call timelock and governor.
    function _isForbidden(address target, bytes4 selector) private view returns (bool) {
        return
            target == address(TIMELOCK) ||
            target == address(GOVERNOR) ||
            target.code.length == 0 ||
            selector == IAccessControl.grantRole.selector ||
            selector == IAccessControl.revokeRole.selector ||
            selector == IAccessControl.renounceRole.selector;
    }

    function _checkTerm() private view {
        if (block.timestamp >= END) revert GuardianTermOver(END);
    }

    // Proposing

    /// @inheritdoc IGuardian
    function propose(Call[] calldata calls, bytes32 salt) external onlyCouncil returns (bytes32 operationId) {
        if (calls.length == 0) revert GuardianCallsEmpty();
        bool areEmergency = _areEmergency(calls);
        if (!areEmergency) _checkVotesNotStarted();
        uint256 delay = TIMELOCK.getMinDelay();
        uint256 lapsesAt = block.timestamp + delay + TIMELOCK.GRACE();
        (address[] memory targets, bytes[] memory payloads) = _operation(calls, areEmergency, lapsesAt);
        uint256[] memory values = new uint256[](targets.length);
        operationId = TIMELOCK.hashOperationBatch(targets, values, payloads, 0, salt);

        emit CallsProposed(operationId, lapsesAt);

        TIMELOCK.scheduleBatch(targets, values, payloads, 0, salt, delay);
    }

    function _areEmergency(Call[] calldata calls) private view returns (bool all) {
        all = true;
        for (uint256 i = 0; i < calls.length; ++i) {
            (address target, bytes4 selector) = (calls[i].target, bytes4(calls[i].data));
            if (!isPermitted[target][selector]) revert GuardianCallNotPermitted(target, selector);
            if (!isEmergency[target][selector]) all = false;
        }
    }

    function _checkVotesNotStarted() private view {
        if (GOVERNOR.votesStarted()) revert GuardianVotesStarted();
    }

    function _operation(
        Call[] calldata calls,
        bool areEmergency,
        uint256 lapsesAt
    ) private view returns (address[] memory targets, bytes[] memory payloads) {
        targets = new address[](calls.length + 1);
        payloads = new bytes[](calls.length + 1);
        targets[0] = address(this);
        payloads[0] =
            areEmergency
                ? abi.encodeCall(this.checkEmergency, (lapsesAt))
                : abi.encodeCall(this.checkCurrent, (lapsesAt));
        for (uint256 i = 0; i < calls.length; ++i) {
            targets[i + 1] = calls[i].target;
            payloads[i + 1] = calls[i].data;
        }
    }

    /// @inheritdoc IGuardian
    function checkCurrent(uint256 lapsesAt) external view {
        checkEmergency(lapsesAt);
        _checkVotesNotStarted();
    }

    /// @inheritdoc IGuardian
    function checkEmergency(uint256) public view {
        _checkTerm();
    }

    // Stopping

    /// @inheritdoc IGuardian
    function cancel(bytes32 operationId) external onlyCouncil {
        TIMELOCK.cancel(operationId);
    }

    /// @inheritdoc IGuardian
    function pause(uint48 duration) external onlyCouncil {
        if (isPaused()) revert GuardianPauseUnderway(pausedUntil);
        uint48 used = _pausedBefore(_now());
        uint256 longest = Math.min(PAUSE_AT_ONCE, Math.min(PAUSE_IN_ALL - used, END - _now()));
        if (duration == 0 || duration > longest) revert GuardianPauseLengthInvalid(duration, longest);

        _storePause(used, _now(), _now() + duration);

        emit Paused(_now() + duration);
    }

    /// @inheritdoc IGuardian
    function resume() external onlyCouncil {
        if (!isPaused()) revert GuardianPauseNotUnderway();
        (uint48 used, uint48 start, ) = _lastPause(_now());

        _storePause(used, start, _now());

        emit Resumed(_now());
    }

    function _storePause(uint48 used, uint48 start, uint48 end) private {
        pausedUntil = end;
        _pauses.push(start, (uint208(used) << 96) | (uint208(start) << 48) | end);
    }

    /// @inheritdoc IGuardian
    function stopSource(address source) external onlyCouncil {
        MINE.stopSource(source);
    }

    // Handing over

    /// @inheritdoc IGuardian
    function nameCouncil(address successor) external onlyCouncil {
        pendingCouncil = successor;
        emit CouncilNamed(msg.sender, successor);
    }

    /// @inheritdoc IGuardian
    function acceptCouncil() external {
        _checkTerm();
        if (msg.sender != pendingCouncil) revert GuardianCallerNotPendingCouncil(msg.sender);
        address previous = council;

        council = msg.sender;
        delete pendingCouncil;

        emit CouncilChanged(previous, msg.sender);
    }

    // Reading

    /// @inheritdoc IGuardian
    function isPaused() public view returns (bool) {
        return _now() < pausedUntil;
    }

    /// @inheritdoc IGuardian
    function pausedFor(uint48 from, uint48 to) external view returns (uint256) {
        // Shortcut for the common case, a span after the newest pause.
        if (from >= pausedUntil) return 0;
        return _pausedBefore(to) - _pausedBefore(from);
    }

    function _pausedBefore(uint48 timepoint) private view returns (uint48) {
        (uint48 used, uint48 start, uint48 end) = _lastPause(timepoint);
        return used + uint48(Math.min(timepoint, end)) - start;
    }

    function _lastPause(uint48 timepoint) private view returns (uint48 used, uint48 start, uint48 end) {
        uint208 last = _pauses.upperLookupRecent(timepoint);
        return (uint48(last >> 96), uint48(last >> 48), uint48(last));
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
