// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";

import {StaticWord} from "./StatementWords.sol";

/// @notice The statement of a batch in private mode: the vector v of words to prove, and the public signals.
/// @dev v has the units of each offer of the circuit, used or not, then three words for each row of the batch. It has no
///      offer ids: each license has one offer. A header and v share one array, so that both are hashed, and v evaluated,
///      in place.
library BatchStatement {
    /// @notice Order of the proof system's scalar field (BN254).
    uint256 internal constant PRIME =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    bytes32 internal constant DOMAIN = keccak256("Benefit Grid usage batch");

    /// @dev Domain, chain id, ledger, instance, meter id, number of rows, commitment to v.
    uint256 private constant HEADER = 7;
    uint256 private constant ROW = 3;

    /// @param offers number of offers of the circuit
    /// @param rows number of rows in the batch
    function create(uint256 offers, uint256 rows) internal pure returns (bytes32[] memory words) {
        return new bytes32[](HEADER + offers + ROW * rows);
    }

    /// @param offer position of the offer in the batch, from 0
    function setTotal(bytes32[] memory words, uint256 offer, uint64 units) internal pure {
        words[HEADER + offer] = bytes32(uint256(units));
    }

    /// @notice Position of the first row's words.
    function firstRow(uint256 offers) internal pure returns (uint256) {
        return HEADER + offers;
    }

    /// @param row position of its words
    /// @param oldUsage usage word before the batch, or 0
    /// @param newUsage usage word after it
    /// @return nextRow position of the next row's words
    function setRow(
        bytes32[] memory words,
        uint256 row,
        StaticWord staticWord,
        bytes32 oldUsage,
        bytes32 newUsage
    ) internal pure returns (uint256 nextRow) {
        unchecked {
            EfficientHashLib.set(words, row, StaticWord.unwrap(staticWord));
            EfficientHashLib.set(words, row + 1, oldUsage);
            EfficientHashLib.set(words, row + 2, newUsage);
            return row + ROW;
        }
    }

    /// @notice The public signals of the batch's proof: c, y and r.
    /// @dev The commitment c fixes the proof's v before r is known, because r is a hash of both. Two different v then
    ///      have the same value y of their polynomials at r with a probability of about `v.length / PRIME`.
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

    /// @notice Value at r of the polynomial with coefficients v, lowest first.
    function evaluate(bytes32[] memory words, uint256 offers, uint256 r) internal pure returns (uint256 y) {
        // Horner's rule over some 400 words. Bounds checks, and a round for each word, would cost three times as much.
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

    /// @notice The rows, for the event: 40 bytes each, license id and new usage word.
    function packRows(bytes32[] memory words, uint256 offers) internal pure returns (bytes memory rows) {
        uint256 count = (words.length - HEADER - offers) / ROW;
        rows = new bytes(40 * count);
        // mstore writes 32 bytes: the usage word overwrites all but the license id in the first 8.
        assembly ("memory-safe") {
            let from := add(words, mul(add(add(HEADER, offers), 1), 0x20))
            let to := add(rows, 0x20)
            for {
                let end := add(to, mul(count, 40))
            } lt(to, end) {} {
                mstore(to, shl(192, mload(from))) // `StaticWord`: the license id is its lowest 64 bits
                mstore(add(to, 8), mload(add(from, 0x40)))
                from := add(from, 0x60)
                to := add(to, 40)
            }
        }
    }
}
