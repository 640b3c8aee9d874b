// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BatchStatement} from "../../contracts/metering/BatchStatement.sol";

/// @notice Makes a statement as the ledger does, and tells all that comes from it.
contract StatementHarness {
    using BatchStatement for bytes32[];

    struct Row {
        uint256 fixedWord;
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
        returns (uint256[3] memory signals, bytes32[] memory packedTotals, bytes memory packedRows)
    {
        bytes32[] memory words = BatchStatement.create(room, rows.length);
        uint256 next = BatchStatement.firstRow(room);
        for (uint256 i; i < rows.length; ++i)
            next = words.setRow(next, rows[i].fixedWord, rows[i].oldUsage, rows[i].newUsage);
        for (uint256 i; i < totals.length; ++i) {
            words.setTotal(i, totals[i].offerId, totals[i].units);
            (uint64 offerId, uint128 units) = words.totalOf(i);
            assert(offerId == totals[i].offerId && units == totals[i].units);
        }
        // What lies behind must stay as it is.
        bytes memory behind = new bytes(64);
        signals = words.signals(room, place[0], place[1], place[2]);
        (packedTotals, packedRows) = (words.packTotals(totals.length), words.packRows(room));
        assert(keccak256(behind) == keccak256(new bytes(64)));
    }
}
