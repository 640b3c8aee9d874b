// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";

/// @notice What a batch in private mode states: the words v that its proof is about, and from them the public signals.
/// @dev v has a total for each offer that the circuit has room for, then three words for each row of the batch. It lies
///      behind a header in one array, so that it is hashed and evaluated where it was written.
library BatchStatement {
    /// @notice Order of the proof system's scalar field (BN254).
    uint256 internal constant PRIME =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    bytes32 internal constant DOMAIN = keccak256("Benefit Grid usage batch");

    /// @dev Domain, chain id, ledger, instance, meter id, number of rows, commitment to v.
    uint256 private constant HEADER = 7;
    uint256 private constant ROW = 3;

    /// @param offers how many totals to have room for
    /// @param rows how many rows the batch has
    function create(uint256 offers, uint256 rows) internal pure returns (bytes32[] memory words) {
        return new bytes32[](HEADER + offers + ROW * rows);
    }

    /// @param offer number of the offer in the batch, from 0
    /// @param units what the offer's rows move on by
    function setTotal(bytes32[] memory words, uint256 offer, uint64 offerId, uint256 units) internal pure {
        words[HEADER + offer] = bytes32(offerId | (units << 64));
    }

    function totalOf(
        bytes32[] memory words,
        uint256 offer
    ) internal pure returns (uint64 offerId, uint128 units) {
        uint256 total = uint256(words[HEADER + offer]);
        return (uint64(total), uint128(total >> 64));
    }

    /// @notice Where the first row's words lie.
    function firstRow(uint256 offers) internal pure returns (uint256) {
        return HEADER + offers;
    }

    /// @param row where its words lie
    /// @param fixedWord license id (64 bits, lowest), offer id (64), cap (64) and allowed contexts (32)
    /// @param oldUsage usage word that the row moves on from, or 0
    /// @param newUsage usage word that it moves on to
    /// @return nextRow where the next one's lie
    function setRow(
        bytes32[] memory words,
        uint256 row,
        uint256 fixedWord,
        bytes32 oldUsage,
        bytes32 newUsage
    ) internal pure returns (uint256 nextRow) {
        unchecked {
            EfficientHashLib.set(words, row, fixedWord);
            EfficientHashLib.set(words, row + 1, oldUsage);
            EfficientHashLib.set(words, row + 2, newUsage);
            return row + ROW;
        }
    }

    /// @notice The public signals of the batch's proof: c, y and r.
    /// @dev The commitment c binds v before r, which is hashed from both, is known. So two different v have the same
    ///      value y of their polynomial at r with a chance of about `v.length / PRIME`.
    function signals(
        bytes32[] memory words,
        uint256 offers,
        uint256 instance,
        uint256 meterId,
        uint256 commitment
    ) internal view returns (uint256[3] memory) {
        words[0] = DOMAIN;
        words[1] = bytes32(block.chainid);
        words[2] = bytes32(uint256(uint160(address(this))));
        words[3] = bytes32(instance);
        words[4] = bytes32(meterId);
        words[5] = bytes32((words.length - HEADER - offers) / ROW);
        words[6] = bytes32(commitment);
        uint256 r = uint256(EfficientHashLib.hash(words)) % PRIME;
        return [commitment, evaluate(words, offers, r), r];
    }

    /// @notice The polynomial whose coefficients are v, lowest first, at r.
    function evaluate(bytes32[] memory words, uint256 offers, uint256 r) internal pure returns (uint256 y) {
        // Horner's rule over some 400 words: bounds checks, and a round for each word, would cost three times as much.
        assembly ("memory-safe") {
            let first := add(words, mul(add(HEADER, 1), 0x20))
            let rows := add(first, mul(offers, 0x20))
            let cursor := add(words, mul(add(mload(words), 1), 0x20))
            for {} gt(cursor, rows) {} {
                cursor := sub(cursor, 0x60)
                y := addmod(mulmod(y, r, PRIME), mload(add(cursor, 0x40)), PRIME)
                y := addmod(mulmod(y, r, PRIME), mload(add(cursor, 0x20)), PRIME)
                y := addmod(mulmod(y, r, PRIME), mload(cursor), PRIME)
            }
            for {} gt(cursor, first) {} {
                cursor := sub(cursor, 0x20)
                y := addmod(mulmod(y, r, PRIME), mload(cursor), PRIME)
            }
        }
    }

    /// @notice Totals, for the event.
    /// @param count how many offers the batch has
    function packTotals(
        bytes32[] memory words,
        uint256 count
    ) internal pure returns (bytes32[] memory totals) {
        totals = new bytes32[](count);
        for (uint256 i; i < count; ++i) totals[i] = words[HEADER + i];
    }

    /// @notice Rows for the event, 40 bytes each: license id and new usage word.
    function packRows(bytes32[] memory words, uint256 offers) internal pure returns (bytes memory rows) {
        uint256 count = (words.length - HEADER - offers) / ROW;
        rows = new bytes(40 * count);
        // Solidity writes whole words only; the usage word overwrites what follows the license id.
        assembly ("memory-safe") {
            let from := add(words, mul(add(add(HEADER, offers), 1), 0x20))
            let to := add(rows, 0x20)
            for {
                let end := add(to, mul(count, 40))
            } lt(to, end) {} {
                mstore(to, shl(192, mload(from)))
                mstore(add(to, 8), mload(add(from, 0x40)))
                from := add(from, 0x60)
                to := add(to, 40)
            }
        }
    }
}
