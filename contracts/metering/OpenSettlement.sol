// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Settlement} from "../libraries/Settlement.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {IUsageLedger} from "./IUsageLedger.sol";
import {Meters} from "./Meters.sol";
import {Vouchers} from "./Vouchers.sol";
import {OpenEntry, OpenUsage} from "./VoucherWords.sol";

/// @notice The part of the usage ledger that settles vouchers in open mode.
abstract contract OpenSettlement is Meters, Vouchers {
    /// @inheritdoc IUsageLedger
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external {
        _checkOperator(meterId);
        _checkNotPaused();
        address payee = _payeeOf(meterId);
        for (uint256 i; i < batches.length; ++i)
            _settleOffer(meterId, payee, batches[i].offerId, batches[i].rows);
    }

    function _settleOffer(uint32 meterId, address payee, uint64 offerId, OpenRow[] calldata rows) private {
        uint32 allowed = _checkOffer(meterId, offerId, ITermsRegistry.Mode.Open);
        if (rows.length == 0) revert BatchEmpty(offerId);

        // One array serves twice: first for the license ids to look up, then for the entries to publish.
        uint256[] memory words = new uint256[](rows.length);
        for (uint256 i; i < rows.length; ++i) words[i] = _licenseIdOf(rows[i].entry);
        Settlement[] memory settlements = _settlementsOf(offerId, words);
        bytes32 domain = _domainSeparatorV4();
        uint128 units;
        for (uint256 i; i < rows.length; ++i) {
            (OpenRow calldata row, Settlement settlement) = (rows[i], settlements[i]);
            OpenUsage usage = row.entry.usage();
            uint64 id = row.entry.licenseId();
            _checkSignature(domain, settlement, id, OpenUsage.unwrap(usage), row.r, row.vs);
            units += _settleRow(id, usage, settlement.prepaid(), allowed);
            words[i] = uint256(OpenEntry.unwrap(row.entry));
        }

        emit OpenSettled(meterId, offerId, units, words);

        _release(offerId, units, payee);
    }

    function _licenseIdOf(OpenEntry entry) private pure returns (uint64) {
        if (!entry.isWellFormed()) revert VoucherMalformed(OpenEntry.unwrap(entry));
        return entry.licenseId();
    }

    function _settleRow(uint64 id, OpenUsage usage, uint64 prepaid, uint32 allowed) private returns (uint64) {
        Usage storage self = _usages[id];
        OpenUsage old = OpenUsage.wrap(self.word);
        (uint64 oldUnits, uint32 oldContexts) = (old.units(), old.contexts());
        (uint64 units, uint32 contexts) = (usage.units(), usage.contexts());
        if (units <= oldUnits) revert VoucherNotNewer(id, oldUnits, units);
        _checkUse(id, units, prepaid, oldContexts, contexts, allowed);

        self.word = OpenUsage.unwrap(usage);
        return units - oldUnits;
    }
}
