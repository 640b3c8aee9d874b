// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

/// @notice A crowd that earns from a capsule. The pool is one beneficiary in share rows; its members divide what it
///         receives by their units. A curator credits units for accepted contributions.
/// @dev Members consent to the pool's policy before they are credited. Credited units are permanent, and nobody can
///      move what accrued. Every ERC-20 transfer to the pool counts as revenue, donations included.
interface IContributionPool is IERC5267 {
    /// @notice An accepted contribution.
    /// @param member who contributed
    /// @param units weight of the contribution, above 0
    /// @param evidenceHash hash of what was contributed and why it was accepted
    struct Contribution {
        address member;
        uint64 units;
        bytes32 evidenceHash;
    }

    /// @notice A member's consent and units.
    /// @param consentedAt time of the present consent, or 0 without one
    /// @param changes number of times the member joined or left; the nonce of the next signature
    /// @param units credited units
    /// @param openings number of currencies that were open when the units last changed
    struct Member {
        uint40 consentedAt;
        uint40 changes;
        uint64 units;
        uint48 openings;
    }

    /// @notice The revenue in one token. It is open from the first `sync` that finds units.
    /// @dev received * 2^64 = remainder + the sum over members of (withdrawn * 2^64 + scaled earnings).
    /// @param perUnit cumulative revenue of one unit, base units * 2^64
    /// @param units active units: they divide the next revenue
    /// @param received base units counted as revenue so far
    /// @param withdrawn base units paid to members so far
    /// @param remainder of all divisions, base units * 2^64, below the units of the last division
    /// @param opening number of this currency, counted from 1 in order of opening, or 0 if it is not open
    struct Currency {
        uint192 perUnit; // slot 0
        uint64 units;
        uint128 received; // slot 1
        uint128 withdrawn;
        uint64 remainder; // slot 2
        uint48 opening;
    }

    /// @notice A member's earnings in one token.
    /// @param perUnit the currency's `perUnit` when `earned` was last updated
    /// @param units active units
    /// @param earned not yet withdrawn, base units * 2^64
    struct Position {
        uint192 perUnit; // slot 0
        uint64 units;
        uint256 earned; // slot 1
    }

    error PoolCallerNotFactory(address caller);
    error CallerNotCurator(address caller);
    error CallerNotPendingCurator(address caller);
    error PoolPolicyMismatch(bytes32 policyHash, bytes32 expected);
    error MemberAlreadyJoined(address member);
    error MemberNotConsenting(address member);
    error ConsentExpired(uint256 deadline);
    error ConsentSignatureInvalid(address member);
    error ContributionUnitsZero(uint256 index);
    error CurrencyNotContract(address currency);
    error CurrencyNotOpen(address currency);
    error PoolHasNoUnits();

    /// @notice An account consented to the pool's policy.
    event MemberJoined(address indexed member, bytes32 indexed policyHash, uint40 changes);
    /// @notice A member revoked its consent for the future.
    event MemberLeft(address indexed member, uint40 changes);
    /// @notice A contribution was accepted; the member has `units` more.
    event ContributionCredited(address indexed member, bytes32 indexed evidenceHash, uint64 units);
    /// @notice A token can be distributed from now on. All credited units are active in it.
    event CurrencyOpened(address indexed currency, uint48 opening, uint64 units);
    /// @notice All credited units of a member are active in a currency from now on.
    event UnitsActivated(address indexed member, address indexed currency, uint64 units);
    /// @notice Revenue was counted and divided among active units.
    event RevenueShared(address indexed currency, uint256 amount, uint64 units);
    /// @notice A member was paid.
    event ContributionWithdrawn(address indexed member, address indexed currency, uint256 amount);
    /// @notice The curator named a successor, or zero to take an offer back.
    event CuratorTransferStarted(address indexed curator, address indexed pending);
    /// @notice The curator changed; zero if it renounced.
    event CuratorTransferred(address indexed previous, address indexed curator);

    /// @notice Sets the first curator. For the factory, in the transaction of creation.
    /// @dev - the caller is the factory, or `PoolCallerNotFactory`
    function initialize(address firstCurator) external;

    /// @notice Consents to the pool's policy, so that contributions of the caller can be credited.
    /// @dev - `policy` is the pool's, or `PoolPolicyMismatch`; the caller has not joined, or `MemberAlreadyJoined`
    /// @param policy hash of the policy that the caller read
    function join(bytes32 policy) external;

    /// @notice Submits a member's signed consent. Anyone may call and pays the gas.
    /// @dev The signature is EIP-712 over `Join(address member,bytes32 policyHash,uint256 nonce,uint256 deadline)`,
    ///      by key or ERC-1271. The nonce is `Member.changes`, so each signature counts once.
    ///      - the deadline has not passed, or `ConsentExpired`
    ///      - the signature is the member's, or `ConsentSignatureInvalid`; it has not joined, or `MemberAlreadyJoined`
    /// @param member the consenting account
    /// @param deadline last second of the signature's validity
    /// @param signature by the member
    function joinFor(address member, uint256 deadline, bytes calldata signature) external;

    /// @notice Revokes the caller's consent for the future. Its units keep earning; no more can be credited.
    /// @dev Joining again is possible.
    ///      - the caller has joined, or `MemberNotConsenting`
    function quit() external;

    /// @notice Submits a member's signed revocation. Anyone may call and pays the gas.
    /// @dev As `joinFor`, with `Leave(address member,uint256 nonce,uint256 deadline)`.
    ///      - the deadline has not passed, or `ConsentExpired`
    ///      - the signature is the member's, or `ConsentSignatureInvalid`; it has joined, or `MemberNotConsenting`
    /// @param member the revoking account
    /// @param deadline last second of the signature's validity
    /// @param signature by the member
    function quitFor(address member, uint256 deadline, bytes calldata signature) external;

    /// @notice Credits accepted contributions. In open currencies, new units earn only revenue that arrives after they are
    ///         active.
    /// @dev They are active at once in the named currencies; in others once somebody calls `withdraw` for the member.
    ///      All revenue that arrived in a named or open currency is shared out before. In others new units will share it:
    ///      open a currency before revenue in it arrives. Revenue not yet claimed at the router has not arrived: claim it
    ///      first.
    ///      - the caller is the curator, or `CallerNotCurator`
    ///      - units are above 0, or `ContributionUnitsZero`; each member has joined, or `MemberNotConsenting`
    ///      - a currency is a contract, or `CurrencyNotContract`
    /// @param contributions the contributions; a member may occur repeatedly
    /// @param currencies tokens to activate the new units in; opens those that are not open
    function credit(Contribution[] calldata contributions, address[] calldata currencies) external;

    /// @notice Counts what arrived in a token and divides it among its active units. The first call opens the token:
    ///         all that arrived so far is divided among the units of this moment. A currency opens without revenue too.
    /// @dev Does nothing while the pool has no units: revenue waits for the first ones. Anyone may call for an open token.
    ///      - another token is opened by the curator or an account with units, or by anyone in a pool without curator;
    ///        or else `CurrencyNotOpen`. Strangers would make crediting dearer by opening worthless tokens
    ///      - it is a contract, or `CurrencyNotContract`
    /// @param currency ERC-20 token
    function sync(address currency) external;

    /// @notice Pays a member its earnings in a token. Anyone may call; the member receives.
    /// @dev Also activates all units of the member, even if there is nothing to pay. If the token refuses the member,
    ///      the call reverts, and nobody else is affected. Requirements of `sync`.
    /// @param member the receiver
    /// @param currency ERC-20 token
    /// @return amount base units paid
    function withdraw(address member, address currency) external returns (uint256 amount);

    /// @notice Offers the curator's role to an account, or takes the offer back with zero.
    /// @dev - the caller is the curator, or `CallerNotCurator`
    function transferCurator(address account) external;

    /// @notice Accepts the curator's role.
    /// @dev - the caller was offered it, or `CallerNotPendingCurator`
    function acceptCurator() external;

    /// @notice Gives up the curator's role, permanently: units never change again.
    /// @dev - the caller is the curator, or `CallerNotCurator`
    ///      - somebody has units, or `PoolHasNoUnits`: nobody could ever earn the pool's revenue
    function renounceCurator() external;

    /// @notice What `withdraw` would pay in an open currency; 0 in another token.
    function withdrawable(address member, address currency) external view returns (uint256);

    /// @notice A member's consent and units; zeros for a stranger.
    function memberOf(address member) external view returns (Member memory);

    /// @notice The revenue in a token as of its last `sync`.
    function currencyOf(address currency) external view returns (Currency memory);

    /// @notice A member's earnings in a token as of their last update.
    function positionOf(address member, address currency) external view returns (Position memory);

    /// @notice Keccak-256 of the policy that members consent to: its canonical JSON (RFC 8785). It never changes.
    function policyHash() external view returns (bytes32);

    /// @notice Who credits contributions; zero if nobody.
    function curator() external view returns (address);

    /// @notice Who can accept the curator's role; zero if nobody.
    function pendingCurator() external view returns (address);

    /// @notice Sum of all members' units.
    function totalUnits() external view returns (uint64);

    /// @notice Number of open currencies.
    function openings() external view returns (uint48);

    /// @notice The contract that created the pool.
    function FACTORY() external view returns (address);
}
