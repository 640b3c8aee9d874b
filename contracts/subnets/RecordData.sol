// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DynamicArrayLib} from "solady/src/utils/DynamicArrayLib.sol";

/// @dev Of a share in a record: 20 bytes account, 8 bytes share.
uint256 constant SHARE_BYTES = 28;
/// @dev Of a bond in a record.
uint256 constant BOND_BYTES = 2;

/// @notice Reads and writes the data of records: shares, then bonds. Numbers are big-endian.
/// @dev Nothing is checked: callers stay within the data. It is written from start to end, as each write also clears the
///      rest of its word.
library RecordData {
    using DynamicArrayLib for uint256[];

    /// @notice Empty data, with a spare word behind its end for the last write.
    function create(uint256 shares, uint256 bonds) internal pure returns (bytes memory data) {
        uint256 size = shares * SHARE_BYTES + bonds * BOND_BYTES;
        data = new bytes(size + 32);
        assembly ("memory-safe") {
            mstore(data, size)
        }
    }

    /// @notice Writes the shares of accounts, from an index on.
    /// @return some whether a share is above 0
    function setShares(
        bytes memory data,
        uint256 index,
        address[] memory accounts,
        uint256[] memory shares
    ) internal pure returns (bool some) {
        for (uint256 i; i < accounts.length; ++i) {
            uint256 word = (uint256(uint160(accounts[i])) << 96) | (shares[i] << 32);
            _set(data, (index + i) * SHARE_BYTES, word);
            if (shares[i] != 0) some = true;
        }
    }

    /// @notice Writes bonds from a position in bytes on.
    function setBonds(bytes memory data, uint256 offset, uint256[] memory bonds) internal pure {
        // Nothing overflows: tables are small.
        unchecked {
            for (uint256 cell; cell < bonds.length; ++cell)
                _set(data, offset + cell * BOND_BYTES, bonds.get(cell) << 240);
        }
    }

    function _set(bytes memory data, uint256 offset, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(data, 0x20), offset), word)
        }
    }

    /// @notice The account of an index.
    function accountAt(bytes memory data, uint256 index) internal pure returns (address) {
        return address(uint160(_get(data, index * SHARE_BYTES) >> 96));
    }

    /// @notice The share of an index.
    function shareAt(bytes memory data, uint256 index) internal pure returns (uint64) {
        return uint64(_get(data, index * SHARE_BYTES) >> 32);
    }

    /// @notice The bond at a position in bytes.
    function bondAt(bytes memory data, uint256 offset) internal pure returns (uint256) {
        return _get(data, offset) >> 240;
    }

    function _get(bytes memory data, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), offset))
        }
    }
}
