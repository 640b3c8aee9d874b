// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a council may do for the grid while the DAO is young: little, and not for long.
interface IGuardian {
    /// @notice A function that the council may have the timelock call.
    struct Permission {
        address target;
        bytes4 selector;
    }

    /// @notice A call that the council proposes. It carries no ether.
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
    error GuardianOperationLapsed(uint256 lapsedAt);
    error GuardianPauseUnderway(uint256 until);
    error GuardianPauseLengthInvalid(uint256 duration, uint256 longest);
    error GuardianPauseNotUnderway();

    /// @notice The council may propose calls of a function; only deployment says so.
    event CallPermitted(address indexed target, bytes4 indexed selector);
    /// @notice Calls wait at the timelock, which has them in its events; they lapse unless executed before.
    event CallsProposed(bytes32 indexed operationId, uint256 lapsesAt);
    /// @notice A council named its successor, which has yet to accept; zero takes a name back.
    event CouncilNamed(address indexed council, address indexed successor);
    /// @notice A council is in office.
    event CouncilChanged(address indexed previous, address indexed council);
    /// @notice Settlement stands still.
    event Paused(uint256 until);
    /// @notice Settlement goes on before the pause would have ended.
    event Resumed(uint256 timestamp);

    /// @notice Schedules permitted calls at the timelock, with its delay; anyone executes them there, all or none.
    /// @dev The first call of the operation is `checkCurrent`: without it, operations that the council stores up would
    ///      outlive its term, or take the id of a proposal that waits to be queued.
    ///      - the term runs, or `GuardianTermOver`; the caller is the council, or `GuardianCallerNotCouncil`
    ///      - votes have not started, or `GuardianVotesStarted`
    ///      - there are calls, or `GuardianCallsEmpty`; each is permitted, or `GuardianCallNotPermitted`
    ///      - nothing has their id, or `TimelockUnexpectedOperationState`
    /// @param calls what the timelock is to do
    /// @param salt tells the same calls in the same second apart
    /// @return operationId at the timelock
    function propose(Call[] calldata calls, bytes32 salt) external returns (bytes32 operationId);

    /// @notice What the timelock asks first when it executes calls of the council.
    /// @dev - the term runs, or `GuardianTermOver`
    ///      - votes have not started, or `GuardianVotesStarted`
    ///      - it is not later than `lapsesAt`, or `GuardianOperationLapsed`
    /// @param lapsesAt last second of the operation
    function checkCurrent(uint256 lapsesAt) external view;

    /// @notice Cancels an operation that waits at the timelock, the governor's included.
    /// @dev - the term runs, or `GuardianTermOver`; the caller is the council, or `GuardianCallerNotCouncil`
    ///      - the operation waits, or `TimelockUnexpectedOperationState`
    /// @param operationId at the timelock
    function cancel(bytes32 operationId) external;

    /// @notice Pauses settlement, in ledgers that heed it: `PAUSE_AT_ONCE` at most, `PAUSE_IN_ALL` over the term.
    /// @dev - the term runs, or `GuardianTermOver`; the caller is the council, or `GuardianCallerNotCouncil`
    ///      - no pause is underway, or `GuardianPauseUnderway`
    ///      - above zero and within both limits and the term, or `GuardianPauseLengthInvalid`
    /// @param duration seconds
    function pause(uint48 duration) external;

    /// @notice Ends a pause early; what is left of it is not used up.
    /// @dev - the term runs, or `GuardianTermOver`; the caller is the council, or `GuardianCallerNotCouncil`
    ///      - a pause is underway, or `GuardianPauseNotUnderway`
    function resume() external;

    /// @notice Names who shall be the council; nothing changes until it accepts, and the term never does.
    /// @dev The term runs, or `GuardianTermOver`; the caller is the council, or `GuardianCallerNotCouncil`.
    /// @param successor the account, or zero to take a name back
    function nameCouncil(address successor) external;

    /// @notice Takes the office that the council handed over.
    /// @dev The term runs, or `GuardianTermOver`; the caller is named, or `GuardianCallerNotPendingCouncil`.
    function acceptCouncil() external;

    /// @notice The multisig in office.
    function council() external view returns (address);

    /// @notice Who may take office, or zero.
    function pendingCouncil() external view returns (address);

    /// @notice Whether the council may propose calls of a function.
    function isPermitted(address target, bytes4 selector) external view returns (bool);

    /// @notice First second after the newest pause; zero if there was none.
    function pausedUntil() external view returns (uint48);

    /// @notice Whether settlement stands still now. Costs one storage slot: each settlement asks.
    function isPaused() external view returns (bool);

    /// @notice Seconds of pause in a span of time: a window that opened at `from` stays open that much longer.
    /// @dev A window that closed before a pause doesn't open again by it: at any later second it lacks one.
    /// @param from first second
    /// @param to second after the last, from `from` to now
    function pausedFor(uint48 from, uint48 to) external view returns (uint256);
}
