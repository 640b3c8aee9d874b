// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How a license settles, in a word: prepaid units (64 bits, at bit 160) and signer (160, lowest).
/// @dev The license contract writes them; a ledger reads one for each voucher.
type Settlement is uint256;

using SettlementLib for Settlement global;

library SettlementLib {
    function ofSigner(address signer_, uint64 prepaid_) internal pure returns (Settlement) {
        return Settlement.wrap((uint256(prepaid_) << 160) | uint160(signer_));
    }

    /// @notice Most units to settle, over the license's whole life.
    function prepaid(Settlement self) internal pure returns (uint64) {
        return uint64(Settlement.unwrap(self) >> 160);
    }

    /// @notice The account key whose vouchers settle now.
    function signer(Settlement self) internal pure returns (address) {
        return address(uint160(Settlement.unwrap(self)));
    }
}
