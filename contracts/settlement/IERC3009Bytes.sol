// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice ERC-3009 with signatures of any length, as USDC 2.2 has it: contract wallets sign by ERC-1271.
interface IERC3009Bytes {
    /// @notice Takes an authorized payment; the caller is its receiver.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
