// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BatchStatement} from "../../contracts/metering/BatchStatement.sol";
import {StaticWord} from "../../contracts/metering/StatementWords.sol";

/// @notice Builds a statement as the ledger does and returns everything derived from it.
contract StatementHarness {
    using BatchStatement for bytes32[];

    struct Row {
        StaticWord staticWord;
        bytes32 oldUsage;
        bytes32 newUsage;
    }

    function state(
        uint256 room,
        uint64[] calldata totals,
        Row[] calldata rows,
        uint256[3] calldata place
    ) external view returns (uint256[3] memory signals, bytes memory packedRows) {
        bytes32[] memory words = BatchStatement.create(room, rows.length);
        uint256 next = BatchStatement.firstRow(room);
        for (uint256 i; i < rows.length; ++i)
            next = words.setRow(next, rows[i].staticWord, rows[i].oldUsage, rows[i].newUsage);
        for (uint256 i; i < totals.length; ++i) words.setTotal(i, totals[i]);
        // The memory behind must not change.
        bytes memory behind = new bytes(64);
        signals = words.signals(room, place[0], place[1], place[2]);
        packedRows = words.packRows(room);
        assert(keccak256(behind) == keccak256(new bytes(64)));
    }
}
