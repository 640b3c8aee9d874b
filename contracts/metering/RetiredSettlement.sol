// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

import {Settlement} from "../libraries/Settlement.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {IUsageLedger} from "./IUsageLedger.sol";
import {PrivateSettlement} from "./PrivateSettlement.sol";
import {StaticWord} from "./StatementWords.sol";
import {PrivateUse, PrivateUseLib} from "./VoucherWords.sol";

/// @notice The part of the usage ledger that settles private vouchers by their openings, once it is retired.
abstract contract RetiredSettlement is PrivateSettlement {
    /// @inheritdoc IUsageLedger
    function settleRetired(uint32 meterId, RetiredBatch[] calldata batches) external {
        _checkOperator(meterId);
        _checkNotPaused();
        if (TERMS.ledgerStatus(address(this)) != ITermsRegistry.LedgerStatus.Retired)
            revert LedgerNotRetired();
        uint256 rows;
        for (uint256 i; i < batches.length; ++i) rows += batches[i].rows.length;

        Progress memory progress = _start(meterId, 0, batches.length, rows);
        for (uint256 i; i < batches.length; ++i) _addRetiredBatch(progress, batches[i]);
        _finish(progress);
    }

    function _addRetiredBatch(Progress memory progress, RetiredBatch calldata batch) private {
        RetiredRow[] calldata rows = batch.rows;
        uint64 offerId = batch.offerId;
        uint32 allowed = _checkNextOffer(progress, offerId, rows.length);
        uint256[] memory ids = new uint256[](rows.length);
        uint64 previous;
        for (uint256 i; i < rows.length; ++i) {
            _checkOrder(previous, rows[i].licenseId);
            ids[i] = previous = rows[i].licenseId;
        }
        Settlement[] memory settlements = _settlementsOf(offerId, ids);
        uint128 units;
        for (uint256 i; i < rows.length; ++i)
            units += _addRetiredRow(progress, rows[i], settlements[i], allowed);
        _addTotal(progress, offerId, units);
    }

    /// @return increase units used since the license's last voucher
    function _addRetiredRow(
        Progress memory progress,
        RetiredRow calldata row,
        Settlement settlement,
        uint32 allowed
    ) private returns (uint64 increase) {
        (uint64 id, Opening calldata old, Opening calldata opening) = (
            row.licenseId,
            row.oldOpening,
            row.newOpening
        );
        bytes32 usage = _commit(id, opening);
        _checkSignature(progress.domain, settlement, id, usage, row.r, row.vs);
        _checkOpening(id, old);
        if (opening.units < old.units) revert VoucherNotNewer(id, old.units, opening.units);
        _checkUse(id, opening.units, settlement.prepaid(), old.contexts, opening.contexts, allowed);

        // No proof needs the statement. The event needs its license ids.
        progress.row = _advance(progress.words, progress.row, StaticWord.wrap(id), id, usage);
        return opening.units - old.units;
    }

    function _commit(uint64 licenseId, Opening calldata opening) private pure returns (bytes32) {
        PrivateUse use = PrivateUseLib.ofLicense(licenseId, opening.units, opening.contexts);
        return bytes32(PoseidonT3.hash([PrivateUse.unwrap(use), opening.salt]));
    }

    function _checkOpening(uint64 licenseId, Opening calldata opening) internal view {
        bytes32 usage = _usages[licenseId].word;
        if (usage == 0 && opening.units == 0 && opening.contexts == 0 && opening.salt == 0) return;
        if (_commit(licenseId, opening) != usage) revert OpeningInvalid(licenseId, usage);
    }
}
