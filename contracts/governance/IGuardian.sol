// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Limited powers of a council until the end of its term: to propose permitted calls, cancel, pause, and stop sources.
interface IGuardian {
    /// @notice A function the council may propose to call.
    /// @param target contract
    /// @param selector the function
    /// @param isEmergency whether the council may propose it until the end of its term, or only until votes start
    struct Permission {
        address target;
        bytes4 selector;
        bool isEmergency;
    }

    /// @notice A call proposed by the council, without ether.
    struct Call {
        address target;
        bytes data;
    }

    error GuardianTermOver(uint256 end);
    error GuardianCallerNotCouncil(address caller);
    error GuardianCallerNotPendingCouncil(address caller);
    error GuardianCouncilZero();
    error GuardianPermissionForbidden(address target, bytes4 selector);
    error GuardianVotesStarted();
    error GuardianCallsEmpty();
    error GuardianCallNotPermitted(address target, bytes4 selector);
    error GuardianPauseUnderway(uint256 until);
    error GuardianPauseLengthInvalid(uint256 duration, uint256 longest);
    error GuardianPauseNotUnderway();

    /// @notice The council may propose calls of a function. Set only at deployment.
    event CallPermitted(address indexed target, bytes4 indexed selector, bool isEmergency);
    /// @notice The council scheduled an operation. The timelock's events list its calls. It lapses after `lapsesAt`.
    event CallsProposed(bytes32 indexed operationId, uint256 lapsesAt);
    /// @notice The council proposed a successor, or zero to withdraw the proposal.
    event CouncilNamed(address indexed council, address indexed successor);
    /// @notice A council took office.
    event CouncilChanged(address indexed previous, address indexed council);
    /// @notice Settlement is paused until `until`, in seconds since 1970.
    event Paused(uint256 until);
    /// @notice The council ended a pause early.
    event Resumed(uint256 timestamp);

    /// @notice Schedules permitted calls at the timelock, with its delay. Anyone executes them there, atomically.
    /// @dev The first call of each operation is `checkEmergency` if all calls are emergency calls, else `checkCurrent`.
    ///      Without it, operations would outlive the council's term, and could occupy the id of a proposal not yet queued.
    ///      - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    ///      - `calls` is not empty, or `GuardianCallsEmpty`
    ///      - every call is permitted, or `GuardianCallNotPermitted`
    ///      - all are emergency calls, or votes have not started, or `GuardianVotesStarted`
    ///      - the operation's id is unused, or `TimelockUnexpectedOperationState`
    /// @param calls calls of the timelock, in order
    /// @param salt distinguishes equal calls proposed in the same second
    /// @return operationId id at the timelock
    function propose(Call[] calldata calls, bytes32 salt) external returns (bytes32 operationId);

    /// @notice Reverts if an operation of the council is no longer valid. The timelock calls it first.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - votes have not started, or `GuardianVotesStarted`
    /// @param lapsesAt last second to execute it: the timelock's rule. Here it tells equal calls of different times apart.
    function checkCurrent(uint256 lapsesAt) external view;

    /// @notice The same for an operation of emergency calls alone. It stays valid after the start of votes.
    /// @dev The term is not over, or `GuardianTermOver`.
    /// @param lapsesAt as in `checkCurrent`
    function checkEmergency(uint256 lapsesAt) external view;

    /// @notice Cancels a pending operation of the timelock, including the governor's.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    ///      - the operation is pending, or `TimelockUnexpectedOperationState`
    /// @param operationId id at the timelock
    function cancel(bytes32 operationId) external;

    /// @notice Pauses settlement in ledgers with this guardian, within `PAUSE_AT_ONCE` and `PAUSE_IN_ALL`.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    ///      - no pause is underway, or `GuardianPauseUnderway`
    ///      - `duration` is above 0, within both limits and the term, or `GuardianPauseLengthInvalid`
    /// @param duration seconds
    function pause(uint48 duration) external;

    /// @notice Ends a pause early. Its unused seconds do not count towards `PAUSE_IN_ALL`.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    ///      - a pause is underway, or `GuardianPauseNotUnderway`
    function resume() external;

    /// @notice Stops a source of the mine with a leaked key, without delay: see `IBenefitMine.stopSource`.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    ///      - the mine can stop it, or `SourceNotAdmitted`, `StopsExceedMaximum`
    /// @param source the source
    function stopSource(address source) external;

    /// @notice Proposes the next council, the first of two steps. The end of the term stays the same.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the council, or `GuardianCallerNotCouncil`
    /// @param successor account allowed to accept, or zero to withdraw a proposal
    function nameCouncil(address successor) external;

    /// @notice Makes the caller the council, the second of two steps.
    /// @dev - the term is not over, or `GuardianTermOver`
    ///      - the caller is the pending council, or `GuardianCallerNotPendingCouncil`
    function acceptCouncil() external;

    /// @notice The council's multisig.
    function council() external view returns (address);

    /// @notice Account allowed to become the council, or zero.
    function pendingCouncil() external view returns (address);

    /// @notice Whether the council may propose calls of a function.
    function isPermitted(address target, bytes4 selector) external view returns (bool);

    /// @notice Whether the council may do so until the end of its term, even after the start of votes.
    function isEmergency(address target, bytes4 selector) external view returns (bool);

    /// @notice First second after the newest pause, or zero if there was none.
    function pausedUntil() external view returns (uint48);

    /// @notice Whether settlement is paused now.
    /// @dev Reads one storage slot, since every settlement calls it.
    function isPaused() external view returns (bool);

    /// @notice Paused seconds within a span. A window opened at `from` stays open that much longer.
    /// @dev A pause cannot reopen a closed window: its seconds extend the window only as they elapse.
    /// @param from first second of the span
    /// @param to second after the span, at least `from` and at most now
    /// @return number of paused seconds
    function pausedFor(uint48 from, uint48 to) external view returns (uint256);
}
