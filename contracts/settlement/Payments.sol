// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {Collector} from "./Collector.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";
import {Legs} from "./Legs.sol";

/// @notice The part of the settlement router about direct payments and withdrawals. Other parts add to its revenue
///         and its withdrawable amounts.
abstract contract Payments is ISettlementRouter, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    ICapsuleRegistry public immutable CAPSULES;

    mapping(address account => mapping(address token => uint256)) public withdrawable;
    mapping(uint64 capsuleId => mapping(uint32 sharesVersion => mapping(address token => Account)))
        internal _accounts;

    /// @dev Revenue, and the part taken by each earner. Two earners share a word: neighbors are often claimed together.
    struct Account {
        Revenue revenue;
        mapping(uint256 pair => uint256) taken;
    }

    constructor(ICapsuleRegistry capsules) {
        CAPSULES = capsules;
    }

    // Paying

    /// @inheritdoc ISettlementRouter
    function pay(
        uint64 capsuleId,
        address token,
        uint128 amount,
        bytes calldata authorization
    ) external nonReentrant {
        if (amount == 0) revert PaymentZero();
        if (token.code.length == 0) revert PaymentTokenNotContract(token);
        uint32 version = CAPSULES.currentSharesVersion(capsuleId);

        address payer = Collector.payerOf(msg.sender, authorization);

        _accruePayment(capsuleId, version, token, amount);

        emit Paid(capsuleId, payer, token, version, amount);

        bytes32 purpose;
        if (authorization.length != 0)
            purpose = keccak256(abi.encode(this.pay.selector, capsuleId, token, amount));
        Collector.collect(token, payer, amount, purpose, authorization);
    }

    /// @dev A direct payment has no meter: the compute rows earn its compute leg.
    function _accruePayment(uint64 capsuleId, uint32 version, address token, uint256 amount) internal {
        Revenue storage revenue = _accounts[capsuleId][version][token].revenue;
        uint256 total = revenue.total;
        (uint256 compute, ) = Legs.ofPayment(total, amount);
        (revenue.total, revenue.computeAccrued) = (
            (total + amount).toUint120(),
            (revenue.computeAccrued + compute).toUint120()
        );
    }

    // Withdrawing

    /// @inheritdoc ISettlementRouter
    function withdraw(address account, address token) external nonReentrant returns (uint256 amount) {
        amount = withdrawable[account][token];
        if (amount == 0 || account == address(this)) return 0;

        withdrawable[account][token] = 0;

        emit Withdrawn(account, token, amount);

        IERC20(token).safeTransfer(account, amount);
    }

    // Reading

    /// @inheritdoc ISettlementRouter
    function revenueOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token
    ) external view returns (Revenue memory) {
        return _accounts[capsuleId][sharesVersion][token].revenue;
    }

    /// @inheritdoc ISettlementRouter
    function takenOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token,
        uint256 earner
    ) public view returns (uint128) {
        return uint128(_accounts[capsuleId][sharesVersion][token].taken[earner / 2] >> ((earner % 2) * 128));
    }
}
