// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IContributionPool} from "./IContributionPool.sol";

/// @notice A crowd that earns from a capsule: members' consent, their units, and their parts of the pool's revenue.
/// @dev A minimal clone of the factory's implementation. The policy's hash is part of the clone's code.
contract ContributionPool is IContributionPool, EIP712, ReentrancyGuardTransient {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for IERC20;

    bytes32 public constant JOIN_TYPEHASH = keccak256(
        "Join(address member,bytes32 policyHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 public constant LEAVE_TYPEHASH = keccak256(
        "Leave(address member,uint256 nonce,uint256 deadline)"
    );

    /// @dev Earnings have 64 binary digits after the point. Total units are below 2^64, so the carried remainder of a
    ///      currency is below one base unit.
    uint256 private constant SCALE_BITS = 64;

    address public immutable FACTORY = msg.sender;

    address public curator;
    uint64 public totalUnits;
    address public pendingCurator;
    uint48 public openings;
    mapping(address member => Member) private _members;
    // Units of a member before their last change, by the number of open currencies then.
    mapping(address member => Checkpoints.Trace208) private _history;
    mapping(address currency => Currency) private _currencies;
    mapping(address member => mapping(address currency => Position)) private _positions;

    constructor() EIP712("Benefit Grid ContributionPool", "1") {}

    /// @inheritdoc IContributionPool
    function initialize(address firstCurator) external {
        if (msg.sender != FACTORY) revert PoolCallerNotFactory(msg.sender);
        curator = firstCurator;
        emit CuratorTransferred(address(0), firstCurator);
    }

    // Consenting

    /// @inheritdoc IContributionPool
    function join(bytes32 policy) external {
        bytes32 expected = policyHash();
        if (policy != expected) revert PoolPolicyMismatch(policy, expected);
        _join(msg.sender, expected);
    }

    function _join(address member, bytes32 policy) private {
        Member storage self = _members[member];
        if (self.consentedAt != 0) revert MemberAlreadyJoined(member);

        self.consentedAt = uint40(block.timestamp);
        emit MemberJoined(member, policy, ++self.changes);
    }

    /// @inheritdoc IContributionPool
    function joinFor(address member, uint256 deadline, bytes calldata signature) external {
        bytes32 policy = policyHash();
        uint256 nonce = _members[member].changes;
        bytes32 message = keccak256(abi.encode(JOIN_TYPEHASH, member, policy, nonce, deadline));
        _checkSignature(member, message, deadline, signature);
        _join(member, policy);
    }

    function _checkSignature(
        address member,
        bytes32 message,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert ConsentExpired(deadline);
        if (!SignatureChecker.isValidSignatureNowCalldata(member, _hashTypedDataV4(message), signature))
            revert ConsentSignatureInvalid(member);
    }

    /// @inheritdoc IContributionPool
    function quit() external {
        _leave(msg.sender);
    }

    function _leave(address member) private {
        Member storage self = _members[member];
        if (self.consentedAt == 0) revert MemberNotConsenting(member);

        self.consentedAt = 0;
        emit MemberLeft(member, ++self.changes);
    }

    /// @inheritdoc IContributionPool
    function quitFor(address member, uint256 deadline, bytes calldata signature) external {
        uint256 nonce = _members[member].changes;
        bytes32 message = keccak256(abi.encode(LEAVE_TYPEHASH, member, nonce, deadline));
        _checkSignature(member, message, deadline, signature);
        _leave(member);
    }

    // Crediting

    /// @inheritdoc IContributionPool
    function credit(
        Contribution[] calldata contributions,
        address[] calldata currencies
    ) external nonReentrant {
        _checkCurator();
        for (uint256 i; i < currencies.length; ++i) _sync(currencies[i]);
        uint64 total = totalUnits;
        for (uint256 i; i < contributions.length; ++i) total += _accept(i, contributions[i]);
        totalUnits = total;
        for (uint256 i; i < currencies.length; ++i) _activateAll(currencies[i], contributions);
    }

    function _checkCurator() private view {
        if (msg.sender != curator) revert CallerNotCurator(msg.sender);
    }

    function _accept(uint256 index, Contribution calldata contribution) private returns (uint64 units) {
        address account = contribution.member;
        units = contribution.units;
        if (units == 0) revert ContributionUnitsZero(index);
        Member memory member = _members[account];
        if (member.consentedAt == 0) revert MemberNotConsenting(account);

        uint48 open = openings;
        // In currencies opened since the last change, the units before this one are active.
        if (member.units != 0 && member.openings != open)
            _history[account].push(member.openings, member.units);
        (member.units, member.openings) = (member.units + units, open);
        _members[account] = member;

        emit ContributionCredited(account, contribution.evidenceHash, units);
    }

    /// @dev A currency that found no units before is opened now: revenue waited for these first ones.
    function _activateAll(address currency, Contribution[] calldata contributions) private {
        if (_currencies[currency].opening == 0) return _sync(currency);
        for (uint256 i; i < contributions.length; ++i) {
            address member = contributions[i].member;
            _save(member, currency, _settled(member, currency));
        }
    }

    /// @dev Stores a position that is up to date, with all of the member's units active.
    function _save(address member, address currency, Position memory position) private {
        uint64 units = _members[member].units;
        uint64 added = units - position.units;
        if (added != 0) {
            _currencies[currency].units += added;
            position.units = units;
            emit UnitsActivated(member, currency, units);
        }
        _positions[member][currency] = position;
    }

    // Sharing revenue

    /// @inheritdoc IContributionPool
    function sync(address currency) external nonReentrant {
        _checkOpener(currency);
        _sync(currency);
    }

    function _checkOpener(address currency) private view {
        if (_currencies[currency].opening != 0 || _members[msg.sender].units != 0) return;
        if (curator != msg.sender && curator != address(0)) revert CurrencyNotOpen(currency);
    }

    function _sync(address currency) private {
        if (currency.code.length == 0) revert CurrencyNotContract(currency);
        if (totalUnits == 0) return;
        Currency storage self = _currencies[currency];
        if (self.opening == 0) {
            (self.units, self.opening) = (totalUnits, ++openings);
            emit CurrencyOpened(currency, self.opening, totalUnits);
        }

        (Currency memory shared, uint256 amount) = _shared(currency);
        if (amount == 0) return;
        (self.perUnit, self.received, self.remainder) = (shared.perUnit, shared.received, shared.remainder);

        emit RevenueShared(currency, amount, shared.units);
    }

    /// @dev The state of an open currency with all that arrived divided. A balance below what it owes, as after a
    ///      rebase, is no revenue: later transfers fill the gap first. Lifetime revenue saturates at 2^128 - 1, so
    ///      `perUnit` and a member's scaled earnings stay below 2^192.
    function _shared(address currency) private view returns (Currency memory self, uint256 amount) {
        self = _currencies[currency];
        uint256 held = self.received - self.withdrawn;
        amount = Math.min(
            Math.saturatingSub(IERC20(currency).balanceOf(address(this)), held),
            type(uint128).max - self.received
        );
        uint256 scaled = (amount << SCALE_BITS) + self.remainder;
        self.received += uint128(amount);
        if (amount == 0) return (self, 0);
        self.perUnit += uint192(scaled / self.units);
        self.remainder = uint64(scaled % self.units);
    }

    /// @inheritdoc IContributionPool
    function withdraw(address member, address currency) external nonReentrant returns (uint256 amount) {
        _checkOpener(currency);
        _sync(currency);
        Currency storage self = _currencies[currency];
        if (self.opening == 0) return 0;

        Position memory position = _settled(member, currency);
        amount = position.earned >> SCALE_BITS;
        position.earned -= amount << SCALE_BITS;
        self.withdrawn += uint128(amount);
        _save(member, currency, position);

        emit ContributionWithdrawn(member, currency, amount);

        if (amount != 0) IERC20(currency).safeTransfer(member, amount);
    }

    /// @dev A member's position in an open currency, up to date with `perUnit`.
    function _settled(address member, address currency) private view returns (Position memory) {
        return _earn(member, _currencies[currency].opening, _currencies[currency].perUnit, currency);
    }

    function _earn(
        address member,
        uint48 opening,
        uint192 perUnit,
        address currency
    ) private view returns (Position memory position) {
        position = _positions[member][currency];
        if (position.units == 0) position.units = _unitsAt(member, opening);
        position.earned += uint256(perUnit - position.perUnit) * position.units;
        position.perUnit = perUnit;
    }

    /// @dev Units of a member when a currency was opened. They are active from then on, before any other write.
    function _unitsAt(address member, uint48 opening) private view returns (uint64) {
        Member memory self = _members[member];
        if (self.openings < opening) return self.units;
        return uint64(_history[member].upperLookup(opening - 1));
    }

    // Changing the curator

    /// @inheritdoc IContributionPool
    function transferCurator(address account) external {
        _checkCurator();
        pendingCurator = account;
        emit CuratorTransferStarted(msg.sender, account);
    }

    /// @inheritdoc IContributionPool
    function acceptCurator() external {
        if (msg.sender != pendingCurator) revert CallerNotPendingCurator(msg.sender);
        _setCurator(msg.sender);
    }

    function _setCurator(address account) private {
        emit CuratorTransferred(curator, account);
        (curator, pendingCurator) = (account, address(0));
    }

    /// @inheritdoc IContributionPool
    function renounceCurator() external {
        _checkCurator();
        if (totalUnits == 0) revert PoolHasNoUnits();
        _setCurator(address(0));
    }

    // Reading

    /// @inheritdoc IContributionPool
    function withdrawable(address member, address currency) external view nonReentrantView returns (uint256) {
        if (_currencies[currency].opening == 0) return 0;
        (Currency memory shared, ) = _shared(currency);
        return _earn(member, shared.opening, shared.perUnit, currency).earned >> SCALE_BITS;
    }

    /// @inheritdoc IContributionPool
    function memberOf(address member) external view returns (Member memory) {
        return _members[member];
    }

    /// @inheritdoc IContributionPool
    function currencyOf(address currency) external view returns (Currency memory) {
        return _currencies[currency];
    }

    /// @inheritdoc IContributionPool
    function positionOf(address member, address currency) external view returns (Position memory) {
        return _positions[member][currency];
    }

    /// @inheritdoc IContributionPool
    function policyHash() public view returns (bytes32) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (bytes32));
    }
}
