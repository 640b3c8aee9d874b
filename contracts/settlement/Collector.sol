// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ExactTransfer} from "../libraries/ExactTransfer.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";

/// @notice Takes an exact ERC-20 payment by allowance, ERC-2612 permit or ERC-3009 authorization.
library Collector {
    uint256 private constant PERMIT_BYTES = 6 * 32;
    uint256 private constant AUTHORIZATION_BYTES = 8 * 32;

    /// @notice The payer: the signer of an ERC-3009 authorization, else the caller.
    /// @dev Calls no token, so that events can name the payer before the payment. `collect` proves the signature.
    /// @param caller pays by allowance or permit
    /// @param authorization see `ISettlementRouter.PaymentMethod`
    function payerOf(address caller, bytes calldata authorization) internal pure returns (address payer) {
        if (authorization.length == 0) return caller;
        if (_isFor(ISettlementRouter.PaymentMethod.Authorization, AUTHORIZATION_BYTES, authorization)) {
            (, payer) = abi.decode(authorization, (ISettlementRouter.PaymentMethod, address));
            return payer;
        }
        if (!_isFor(ISettlementRouter.PaymentMethod.Permit, PERMIT_BYTES, authorization)) {
            revert ISettlementRouter.AuthorizationMalformed(authorization);
        }
        return caller;
    }

    function _isFor(
        ISettlementRouter.PaymentMethod method,
        uint256 length,
        bytes calldata authorization
    ) private pure returns (bool) {
        return authorization.length == length && uint256(bytes32(authorization)) == uint256(method);
    }

    /// @notice Takes `amount` into this contract, exact to the base unit.
    /// @param token ERC-20 token
    /// @param payer as `payerOf` says
    /// @param amount base units
    /// @param purpose binds an ERC-3009 authorization to this payment
    /// @param authorization well formed, see `payerOf`
    function collect(
        address token,
        address payer,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) internal {
        if (authorization.length == AUTHORIZATION_BYTES) {
            uint256 balance = IERC20(token).balanceOf(address(this));
            _receive(token, payer, amount, purpose, authorization);
            ExactTransfer.checkReceived(token, balance, amount);
            return;
        }
        if (authorization.length != 0) _permit(token, payer, authorization);
        ExactTransfer.collect(token, payer, amount);
    }

    function _receive(
        address token,
        address from,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) private {
        (, , uint256 validAfter, uint256 validBefore, bytes32 salt, uint8 v, bytes32 r, bytes32 s) = abi
            .decode(
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

    /// @dev A failed permit is ignored: somebody may have submitted it first. The transfer checks the allowance.
    function _permit(address token, address owner, bytes calldata authorization) private {
        (, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, uint256, uint256, uint8, bytes32, bytes32)
        );
        try IERC20Permit(token).permit(owner, address(this), value, deadline, v, r, s) {} catch {}
    }
}
