// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ExactTransfer} from "../libraries/ExactTransfer.sol";
import {IERC3009Bytes} from "./IERC3009Bytes.sol";
import {IPermit2} from "./IPermit2.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";

/// @notice Takes an exact ERC-20 payment by allowance, ERC-2612 permit, ERC-3009 authorization or Permit2.
library Collector {
    /// @notice The same address on every chain.
    IPermit2 internal constant PERMIT2 = IPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);
    /// @dev The end of Permit2's EIP-712 type. The witness is the purpose itself.
    string private constant PERMIT2_WITNESS =
        "bytes32 purpose)TokenPermissions(address token,uint256 amount)";

    uint256 private constant PERMIT_BYTES = 6 * 32;
    uint256 private constant AUTHORIZATION_BYTES = 8 * 32;
    // The words before a signature of any length.
    uint256 private constant AUTHORIZATION_HEAD = 5 * 32;
    uint256 private constant PERMIT2_HEAD = 4 * 32;

    /// @notice The payer: the signer of an ERC-3009 authorization or for Permit2, else the caller.
    /// @dev Calls no token, so that events can name the payer before the payment. `collect` proves the signature.
    /// @param caller pays by allowance or permit
    /// @param authorization see `ISettlementRouter.PaymentMethod`
    function payerOf(address caller, bytes calldata authorization) internal pure returns (address payer) {
        if (authorization.length == 0) return caller;
        if (_methodOf(authorization) == ISettlementRouter.PaymentMethod.Permit) return caller;
        (, payer) = abi.decode(authorization, (ISettlementRouter.PaymentMethod, address));
    }

    function _methodOf(
        bytes calldata authorization
    ) private pure returns (ISettlementRouter.PaymentMethod method) {
        uint256 word = uint256(bytes32(authorization));
        if (word <= uint256(type(ISettlementRouter.PaymentMethod).max)) {
            method = ISettlementRouter.PaymentMethod(word);
            if (_fits(method, authorization.length)) return method;
        }
        revert ISettlementRouter.AuthorizationMalformed(authorization);
    }

    function _fits(ISettlementRouter.PaymentMethod method, uint256 length) private pure returns (bool) {
        if (method == ISettlementRouter.PaymentMethod.Permit) return length == PERMIT_BYTES;
        if (method == ISettlementRouter.PaymentMethod.Authorization) return length == AUTHORIZATION_BYTES;
        if (method == ISettlementRouter.PaymentMethod.AuthorizationBytes) return length >= AUTHORIZATION_HEAD;
        return length >= PERMIT2_HEAD;
    }

    /// @notice Takes `amount` into this contract, exact to the base unit.
    /// @param token ERC-20 token
    /// @param payer as `payerOf` says
    /// @param amount base units
    /// @param purpose binds an ERC-3009 authorization, or a signature for Permit2, to this payment
    /// @param authorization well formed, see `payerOf`
    function collect(
        address token,
        address payer,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) internal {
        if (authorization.length == 0) return ExactTransfer.collect(token, payer, amount);
        ISettlementRouter.PaymentMethod method = _methodOf(authorization);
        if (method == ISettlementRouter.PaymentMethod.Permit) {
            _permit(token, payer, authorization);
            return ExactTransfer.collect(token, payer, amount);
        }
        uint256 balance = IERC20(token).balanceOf(address(this));
        if (method == ISettlementRouter.PaymentMethod.Permit2)
            _transferByPermit2(token, payer, amount, purpose, authorization);
        else if (method == ISettlementRouter.PaymentMethod.Authorization)
            _receive(token, payer, amount, purpose, authorization);
        else _receiveByBytes(token, payer, amount, purpose, authorization);
        ExactTransfer.checkReceived(token, balance, amount);
    }

    /// @dev A failed permit is ignored: somebody may have submitted it first. The transfer checks the allowance.
    function _permit(address token, address owner, bytes calldata authorization) private {
        (, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, uint256, uint256, uint8, bytes32, bytes32)
        );
        try IERC20Permit(token).permit(owner, address(this), value, deadline, v, r, s) {} catch {}
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
        bytes32 nonce = _nonceOf(purpose, salt);
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

    function _nonceOf(bytes32 purpose, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(purpose, salt));
    }

    function _receiveByBytes(
        address token,
        address from,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) private {
        (, , uint256 validAfter, uint256 validBefore, bytes32 salt) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, address, uint256, uint256, bytes32)
        );
        IERC3009Bytes(token).receiveWithAuthorization(
            from,
            address(this),
            amount,
            validAfter,
            validBefore,
            _nonceOf(purpose, salt),
            authorization[AUTHORIZATION_HEAD:]
        );
    }

    /// @dev Without the witness, anyone could submit the signature for another purpose.
    function _transferByPermit2(
        address token,
        address owner,
        uint256 amount,
        bytes32 purpose,
        bytes calldata authorization
    ) private {
        (, , uint256 nonce, uint256 deadline) = abi.decode(
            authorization,
            (ISettlementRouter.PaymentMethod, address, uint256, uint256)
        );
        PERMIT2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom(IPermit2.TokenPermissions(token, amount), nonce, deadline),
            IPermit2.SignatureTransferDetails(address(this), amount),
            owner,
            purpose,
            PERMIT2_WITNESS,
            authorization[PERMIT2_HEAD:]
        );
    }
}
