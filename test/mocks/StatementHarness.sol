// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BatchStatement} from "../../contracts/metering/BatchStatement.sol";
import {StaticWord, TotalWord, TotalWordLib} from "../../contracts/metering/StatementWords.sol";

/// @notice Builds a statement as the ledger does and returns everything derived from it.
contract StatementHarness {
    using BatchStatement for bytes32[];

    struct Row {
        StaticWord staticWord;
        bytes32 oldUsage;
        bytes32 newUsage;
    }

    struct Total {
        uint64 offerId;
        uint128 units;
    }

    function state(
        uint256 room,
        Total[] calldata totals,
        Row[] calldata rows,
        uint256[3] calldata place
    )
        external
        view
        returns (uint256[3] memory signals, TotalWord[] memory packedTotals, bytes memory packedRows)
    {
        bytes32[] memory words = BatchStatement.create(room, rows.length);
        uint256 next = BatchStatement.firstRow(room);
        for (uint256 i; i < rows.length; ++i)
            next = words.setRow(next, rows[i].staticWord, rows[i].oldUsage, rows[i].newUsage);
        for (uint256 i; i < totals.length; ++i) {
            words.setTotal(i, TotalWordLib.ofOffer(totals[i].offerId, totals[i].units));
            TotalWord total = words.totalOf(i);
            assert(total.offerId() == totals[i].offerId && total.units() == totals[i].units);
        }
        // The memory behind must not change.
        bytes memory behind = new bytes(64);
        signals = words.signals(room, place[0], place[1], place[2]);
        (packedTotals, packedRows) = (words.packTotals(totals.length), words.packRows(room));
        assert(keccak256(behind) == keccak256(new bytes(64)));
    }
}
