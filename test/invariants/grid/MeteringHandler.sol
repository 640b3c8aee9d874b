// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {OpenEntry, PrivateEntry} from "../../../contracts/metering/VoucherWords.sol";
import {GridScene} from "./GridScene.sol";

/// @notice Meters settle use and confirm signers. In a pause nothing settles, and signers are confirmed.
abstract contract MeteringHandler is GridScene {
    IUsageLedger.OpenRow internal _lastRow;
    address internal _lastSigner;

    constructor() {
        _add(MeteringHandler.settle.selector, 3);
        _add(MeteringHandler.settlePrivately.selector, 4);
        _add(MeteringHandler.confirmSigners.selector, 1);
        _expect("settle", 5);
        _expect("settle in a pause", 5);
        _expect("settlePrivately", 5);
        _expect("settlePrivately in a pause", 5);
        _expect("confirmSigners", 5);
        _expect("confirmSigners in a pause", 1);
        _expect("confirmSigners beside a closed license", 1);
    }

    // Open mode

    /// @dev Up to five vouchers of one offer; a license may appear more than once.
    function settle(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0) return;
        if (_isPaused()) return _settleInPause(id);
        uint64 offerId = _licenses[id - 1].offerId;
        IUsageLedger.OpenRow[] memory rows = new IUsageLedger.OpenRow[](5);
        uint256 length;
        uint256 units;
        for (uint256 i; i < 5; ++i) {
            (uint64 next, uint256 dice) = (_find(_roll(seed, i), _canSettle), _roll(seed, 100 + i));
            if (i == 0) next = id;
            if (next == 0 || _licenses[next - 1].offerId != offerId) continue;
            uint256 increase;
            (rows[length++], increase) = _use(next, dice);
            units += increase;
        }
        _settleRows(offerId, rows, length, units);
        _did("settle");
    }

    function _settleInPause(uint64 id) private {
        LicenseModel storage license = _licenses[id - 1];
        address signer = _signerNow(license);
        IUsageLedger.OpenRow memory row = _nextVoucher(id, signer);
        _mustNotSettle(row, signer, "Nothing settles in a pause");
        _did("settle in a pause");
    }

    /// @dev A voucher of one unit more, signed by `signer`.
    function _nextVoucher(uint64 id, address signer) internal view returns (IUsageLedger.OpenRow memory) {
        LicenseModel storage license = _licenses[id - 1];
        return voucher(_keys[signer], id, uint64(license.used + 1), license.contexts);
    }

    /// @dev Unless settlement is paused.
    function _canSettle(LicenseModel storage license) internal view returns (bool) {
        return _isOpenMode(license) && _hasUnitsToSettle(license);
    }

    function _isOpenMode(LicenseModel storage license) internal view returns (bool) {
        return !_offers[license.offerId - 1].isPrivate;
    }

    function _hasUnitsToSettle(LicenseModel storage license) private view returns (bool) {
        return _isWindowOpen(license) && license.used < license.prepaid;
    }

    function _isWindowOpen(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp <= _windowEnd(license);
    }

    function _use(uint64 id, uint256 dice) internal returns (IUsageLedger.OpenRow memory row, uint256 units) {
        LicenseModel storage license = _licenses[id - 1];
        units = _increase(license, dice);
        uint32 allowed = _conditions[_offers[license.offerId - 1].terms].contexts;
        license.contexts |= uint32(dice >> 200) & allowed;
        license.used += units;
        _offers[license.offerId - 1].settledUnits += units;
        row = voucher(_keys[_signerNow(license)], id, uint64(license.used), license.contexts);
    }

    /// @dev Mostly few units, so that an ending license has some left to refund.
    function _increase(LicenseModel storage license, uint256 dice) private view returns (uint256) {
        uint256 left = license.prepaid - license.used;
        return dice % 16 == 0 ? left : bound(dice >> 8, 1, dice % 4 == 0 ? (left + 3) / 4 : (left + 31) / 32);
    }

    function _settleRows(
        uint64 offerId,
        IUsageLedger.OpenRow[] memory rows,
        uint256 length,
        uint256 units
    ) internal {
        OfferModel storage offer = _offers[offerId - 1];
        IUsageLedger.OpenBatch[] memory batches = new IUsageLedger.OpenBatch[](1);
        batches[0] = IUsageLedger.OpenBatch(offerId, new IUsageLedger.OpenRow[](length));
        for (uint256 i; i < length; ++i) batches[0].rows[i] = rows[i];
        VM.prank(_operators[offer.meterId - 1]);
        ledger.settleOpen(offer.meterId, batches);
        _modelRelease(offerId, units, _payees[offer.meterId - 1]);
        _lastRow = rows[length - 1];
        _lastSigner = _signerNow(_licenses[_licenseOf(_lastRow) - 1]);
    }

    function _licenseOf(IUsageLedger.OpenRow memory row) private pure returns (uint64) {
        return uint64(uint256(OpenEntry.unwrap(row.entry)) >> 96);
    }

    /// @dev Submits a row. The ledger must refuse it with the error that the model expects.
    /// @return reason the error's selector
    function _mustNotSettle(
        IUsageLedger.OpenRow memory row,
        address signedBy,
        string memory sentence
    ) internal returns (bytes4 reason) {
        uint64 id = _licenseOf(row);
        bytes memory refusal = _refusalOf(id, uint64(uint256(OpenEntry.unwrap(row.entry))), signedBy);
        check(refusal.length != 0, "The model knows why a row must not settle");
        uint64 offerId = _licenses[id - 1].offerId;
        uint32 meterId = _offers[offerId - 1].meterId;
        callAs(
            _operators[meterId - 1],
            address(ledger),
            abi.encodeCall(ledger.settleOpen, (meterId, singleBatch(offerId, row))),
            refusal,
            sentence
        );
        return bytes4(refusal);
    }

    /// @dev Why the ledger refuses these units, in the order of its checks. Empty if it settles them.
    function _refusalOf(uint64 id, uint64 units, address signedBy) private view returns (bytes memory) {
        LicenseModel storage license = _licenses[id - 1];
        if (_isPaused()) return _pausedError();
        if (license.burned) {
            return abi.encodeWithSelector(ILicenseNFT.LicenseOfferMismatch.selector, id, license.offerId);
        }
        if (!_isWindowOpen(license)) {
            return abi.encodeWithSelector(ILicenseNFT.LicenseWindowOver.selector, id, _windowEnd(license));
        }
        address signer = _signerNow(license);
        if (signedBy != signer) {
            return abi.encodeWithSelector(IUsageLedger.VoucherSignatureInvalid.selector, id, signer);
        }
        if (units <= license.used) {
            return abi.encodeWithSelector(IUsageLedger.VoucherNotNewer.selector, id, license.used, units);
        }
        if (units > license.prepaid) {
            return
                abi.encodeWithSelector(
                    IUsageLedger.VoucherExceedsPrepaid.selector,
                    id,
                    units,
                    license.prepaid
                );
        }
        return "";
    }

    function _pausedError() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IUsageLedger.SettlementPaused.selector, _pausedUntil());
    }

    // Private mode

    /// @dev Licenses of one offer, every third of them a cover.
    function settlePrivately(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettlePrivately);
        if (id == 0) return;
        if (_isPaused()) return _settlePrivatelyInPause(id);
        uint64 offerId = _licenses[id - 1].offerId;
        IUsageLedger.PrivateRow[] memory rows = new IUsageLedger.PrivateRow[](16);
        uint256 length;
        uint256 units;
        // A total has 64 bits, and a license may hold the units of many terms.
        for (uint64 next = 1; next <= _licenses.length && length < 16 && units < 2 ** 63; ++next) {
            LicenseModel storage license = _licenses[next - 1];
            if (license.burned || license.offerId != offerId || !_canSettlePrivately(license)) continue;
            uint256 increase;
            (rows[length++], increase) = _usePrivately(next, _roll(seed, next));
            units += increase;
        }
        OfferModel storage offer = _offers[offerId - 1];
        offer.settledUnits += units;
        _settlePrivate(offerId, rows, length, units, "", "The rows of signers settle");
        _modelRelease(offerId, units, _payees[offer.meterId - 1]);
        _did("settlePrivately");
    }

    function _settlePrivatelyInPause(uint64 id) private {
        _settleForged(id, 1, _pausedError(), "Nothing settles privately in a pause");
        _did("settlePrivately in a pause");
    }

    /// @dev A signed row of one license, with any total: the verifier here takes any proof.
    function _settleForged(uint64 id, uint256 units, bytes memory refusal, string memory sentence) internal {
        LicenseModel storage license = _licenses[id - 1];
        IUsageLedger.PrivateRow[] memory rows = new IUsageLedger.PrivateRow[](1);
        rows[0] = _privateRow(id, license.prepaid, _signerNow(license), bytes32(uint256(1)));
        _settlePrivate(license.offerId, rows, 1, units, refusal, sentence);
    }

    /// @dev Unless settlement is paused.
    function _canSettlePrivately(LicenseModel storage license) internal view returns (bool) {
        return !_isOpenMode(license) && _hasUnitsToSettle(license);
    }

    function _usePrivately(
        uint64 id,
        uint256 dice
    ) private returns (IUsageLedger.PrivateRow memory row, uint256 units) {
        LicenseModel storage license = _licenses[id - 1];
        units = dice % 3 == 0 ? 0 : _increase(license, dice >> 8);
        license.used += units;
        license.word = bytes32(dice >> 3);
        row = _privateRow(id, license.prepaid, _signerNow(license), license.word);
    }

    function _privateRow(
        uint64 id,
        uint64 cap,
        address signer,
        bytes32 word
    ) private view returns (IUsageLedger.PrivateRow memory) {
        (bytes32 r, bytes32 vs) = signUsage(address(ledger), _keys[signer], id, word);
        PrivateEntry entry = PrivateEntry.wrap(bytes32((uint256(id) << 64) | cap));
        return IUsageLedger.PrivateRow(entry, word, r, vs);
    }

    function _settlePrivate(
        uint64 offerId,
        IUsageLedger.PrivateRow[] memory rows,
        uint256 length,
        uint256 units,
        bytes memory refusal,
        string memory sentence
    ) private {
        uint32 meterId = _offers[offerId - 1].meterId;
        IUsageLedger.PrivateBatch[] memory batches = new IUsageLedger.PrivateBatch[](1);
        batches[0] = IUsageLedger.PrivateBatch(offerId, uint64(units), new IUsageLedger.PrivateRow[](length));
        for (uint256 i; i < length; ++i) batches[0].rows[i] = rows[i];
        IUsageLedger.Groth16Proof memory proof;
        bytes memory data = abi.encodeCall(ledger.settlePrivate, (meterId, 0, batches, 1, proof));
        callAs(_operators[meterId - 1], address(ledger), data, refusal, sentence);
    }

    // Signers

    /// @dev Also names the change before, and a license that may be closed: neither stops the others.
    function confirmSigners(uint256 seed) external warped {
        uint64 id = _find(seed, _isSignerChanging);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint32 meterId = _offers[license.offerId - 1].meterId;
        IUsageLedger.SignerChange[] memory changes = new IUsageLedger.SignerChange[](3);
        changes[0] = IUsageLedger.SignerChange(id, license.changes - 1);
        uint64 other = uint64(1 + ((seed >> 64) % _licenses.length));
        changes[1] = IUsageLedger.SignerChange(other, 0);
        changes[2] = IUsageLedger.SignerChange(id, license.changes);
        if (_licenses[other - 1].burned) _did("confirmSigners beside a closed license");
        VM.prank(_operators[meterId - 1]);
        ledger.confirmSigners(meterId, changes);
        (license.signer, license.changeAt) = (license.pending, 0);
        _did("confirmSigners");
    }

    function _isSignerChanging(LicenseModel storage license) internal view returns (bool) {
        return license.changeAt != 0;
    }
}
