// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlementRouter} from "./ISettlementRouter.sol";

/// @notice Takes an exact ERC-20 payment by allowance, ERC-2612 permit or ERC-3009 authorization.
library Collector {
    using SafeERC20 for IERC20;

    uint256 private constant PERMIT_BYTES = 6 * 32;
    uint256 private constant AUTHORIZATION_BYTES = 8 * 32;

    /// @notice Takes `amount` into this contract, to the last unit.
    /// @param token ERC-20 token
    /// @param caller whose allowance or permit pays
    /// @param amount base units
    /// @param purpose what an ERC-3009 authorization must be bound to
    /// @param authorization see `ISettlementRouter.PaymentMethod`
    /// @return payer the caller, or who signed the ERC-3009 authorization
    function collect(
        address token,
        address caller,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) internal returns (address payer) {
        uint256 before = IERC20(token).balanceOf(address(this));
        payer = _transfer(token, caller, amount, purpose, authorization);
        uint256 received = Math.saturatingSub(IERC20(token).balanceOf(address(this)), before);
        if (received != amount) revert ISettlementRouter.TransferAmountMismatch(token, amount, received);
    }

    function _transfer(
        address token,
        address caller,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) private returns (address) {
        if (authorization.length != 0) {
            if (_isFor(ISettlementRouter.PaymentMethod.Authorization, AUTHORIZATION_BYTES, authorization)) {
                return _receive(token, amount, purpose, authorization);
            }
            if (!_isFor(ISettlementRouter.PaymentMethod.Permit, PERMIT_BYTES, authorization)) {
                revert ISettlementRouter.AuthorizationMalformed(authorization);
            }
            _permit(token, caller, authorization);
        }
        IERC20(token).safeTransferFrom(caller, address(this), amount);
        return caller;
    }

    function _isFor(
        ISettlementRouter.PaymentMethod method,
        uint256 length,
        bytes calldata authorization
    ) private pure returns (bool) {
        return authorization.length == length && uint256(bytes32(authorization)) == uint256(method);
    }

    /// @dev A permit that somebody else submitted first has given its allowance: whether it is enough, the transfer
    ///      tells.
    function _permit(address token, address caller, bytes calldata authorization) private {
        (, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, uint256, uint256, uint8, bytes32, bytes32)
        );
        try IERC20Permit(token).permit(caller, address(this), value, deadline, v, r, s) {} catch {}
    }

    function _receive(
        address token,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) private returns (address from) {
        uint256 validAfter;
        uint256 validBefore;
        bytes32 salt;
        uint8 v;
        bytes32 r;
        bytes32 s;
        (, from, validAfter, validBefore, salt, v, r, s) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, address, uint256, uint256, bytes32, uint8, bytes32, bytes32)
        );
        bytes32 nonce = keccak256(abi.encode(purpose, salt));
        IERC3009(token).receiveWithAuthorization(
            from,
            address(this),
            amount,
            validAfter,
            validBefore,
            nonce,
            v,
            r,
            s
        );
    }
}
