// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";

/// @notice Parents of a derivative, stored as contract code: one word each, of capsule id (64 bits, at bit 80), license id
///         (64, at bit 16) and share (16, lowest).
library Lineage {
    using Bytes for bytes;

    uint256 private constant WORD = 32;

    function encode(ICapsuleRegistry.Parent[] memory parents) internal pure returns (bytes memory) {
        uint256[] memory words = new uint256[](parents.length);
        for (uint256 i; i < parents.length; ++i) {
            ICapsuleRegistry.Parent memory parent = parents[i];
            words[i] =
                (uint256(parent.capsuleId) << 80) |
                (uint256(parent.licenseId) << 16) |
                parent.shareBps;
        }
        return abi.encodePacked(words);
    }

    /// @notice The `count` parents whose words end at byte `end`.
    function read(
        address blob,
        uint256 end,
        uint256 count
    ) internal view returns (ICapsuleRegistry.Parent[] memory parents) {
        bytes memory words = SSTORE2.read(blob, end - WORD * count, end);
        parents = new ICapsuleRegistry.Parent[](count);
        for (uint256 i; i < count; ++i) {
            uint256 word = uint256(bytes32(words.slice(WORD * i)));
            parents[i] = ICapsuleRegistry.Parent(uint64(word >> 80), uint64(word >> 16), uint16(word));
        }
    }
}
