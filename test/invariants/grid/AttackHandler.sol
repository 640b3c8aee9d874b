// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../../../contracts/licenses/ITermsRegistry.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {MeteringHandler} from "./MeteringHandler.sol";

/// @notice Attacks that must fail, each for its own reason. In a pause settlement fails because of the pause.
abstract contract AttackHandler is MeteringHandler {
    constructor() {
        _add(AttackHandler.replay.selector, 1);
        _add(AttackHandler.forge.selector, 1);
        _add(AttackHandler.overdraw.selector, 1);
        _add(AttackHandler.embezzle.selector, 1);
        _add(AttackHandler.settleLate.selector, 1);
        _add(AttackHandler.closeEarly.selector, 1);
        _add(AttackHandler.trespass.selector, 1);
        string[7] memory outcomes = [
            "replay",
            "forge",
            "overdraw",
            "embezzle",
            "settleLate",
            "closeEarly",
            "trespass"
        ];
        for (uint256 i; i < outcomes.length; ++i) {
            _expect(outcomes[i], 5);
            _expect(_inPause(outcomes[i]), 1);
        }
    }

    // Settling

    function replay(uint256) external warped {
        if (_lastSigner == address(0)) return;
        bytes4 reason = _mustNotSettle(_lastRow, _lastSigner, "A voucher counts once");
        _didRefuse("replay", reason, IUsageLedger.VoucherNotNewer.selector);
    }

    /// @dev Counts an attack only if the expected check refused it. Refusals in a pause have their own count.
    function _didRefuse(string memory outcome, bytes4 reason, bytes4 expected) private {
        if (reason == expected) _did(outcome);
        else if (reason == IUsageLedger.SettlementPaused.selector) _did(_inPause(outcome));
    }

    function forge(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0) return;
        address liar = _person(seed >> 64);
        if (liar == _signerNow(_licenses[id - 1])) return;
        bytes4 reason = _mustNotSettle(_nextVoucher(id, liar), liar, "Only the signer's vouchers settle");
        _didRefuse("forge", reason, IUsageLedger.VoucherSignatureInvalid.selector);
    }

    function overdraw(uint256 seed) external warped {
        uint64 id = _find(seed, _isOpenMode);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint64 units = uint64(bound(seed >> 64, uint256(license.prepaid) + 1, type(uint64).max));
        address signer = _signerNow(license);
        bytes4 reason = _mustNotSettle(
            voucher(_keys[signer], id, units, license.contexts),
            signer,
            "No voucher settles more than is prepaid"
        );
        _didRefuse("overdraw", reason, IUsageLedger.VoucherExceedsPrepaid.selector);
    }

    /// @dev A meter with a forged proof gets no more than its own offer's escrow.
    function embezzle(uint256 seed) external warped {
        uint64 id = _find(seed, _canEmbezzle);
        if (id == 0) return;
        (uint64 offerId, bool isPaused) = (_licenses[id - 1].offerId, _isPaused());
        uint256 price = _offers[offerId - 1].price;
        ISettlementRouter.Escrow memory escrow = router.escrowOf(offerId);
        uint256 least = ((uint256(escrow.balance) + 1) * MILLION - escrow.carry + price - 1) / price;
        if (least > type(uint64).max) return;
        uint256 units = bound(seed >> 64, least, type(uint64).max);
        bytes memory reason = abi.encodeWithSelector(
            ISettlementRouter.EscrowInsufficientBalance.selector,
            offerId,
            escrow.balance,
            (units * price + escrow.carry) / MILLION
        );
        _settleForged(
            id,
            units,
            isPaused
                ? _pausedError()
                : abi.encodeWithSelector(IUsageLedger.ReleaseFailed.selector, offerId, reason),
            "No proof releases more than an offer's escrow"
        );
        _did(isPaused ? _inPause("embezzle") : "embezzle");
    }

    function _canEmbezzle(LicenseModel storage license) internal view returns (bool) {
        return _canSettlePrivately(license) && _offers[license.offerId - 1].price != 0;
    }

    function settleLate(uint256 seed) external warped {
        uint64 id = _find(seed, _isLate);
        if (id == 0) return;
        address signer = _signerNow(_licenses[id - 1]);
        bytes4 reason = _mustNotSettle(_nextVoucher(id, signer), signer, "Nothing settles after the window");
        _didRefuse("settleLate", reason, ILicenseNFT.LicenseWindowOver.selector);
    }

    function _isLate(LicenseModel storage license) internal view returns (bool) {
        return _isOpenMode(license) && !_isWindowOpen(license) && license.used < license.prepaid;
    }

    // Ending

    function closeEarly(uint256 seed) external warped {
        uint64 id = _find(seed, _isWindowOpen);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.close, (id)),
            license.word != 0
                ? abi.encodeWithSelector(IUsageLedger.OpeningNeeded.selector, id)
                : abi.encodeWithSelector(
                    ILicenseNFT.LicenseWindowOpen.selector,
                    id,
                    _reportedEnd(license.expiry, WINDOW)
                )
        );
        _mustFail(
            address(licenses),
            abi.encodeCall(licenses.lapse, (id)),
            abi.encodeWithSelector(
                ILicenseNFT.LicenseNotLapsed.selector,
                id,
                _reportedEnd(license.expiry, WINDOW + LAPSE)
            )
        );
        _did("closeEarly");
    }

    // Permissions

    /// @dev A stranger calls functions reserved for others.
    function trespass(uint256 seed) external warped {
        uint64 offerId = uint64(seed % _offers.length) + 1;
        _trespassRouter(offerId);
        _trespassLicenses(_openLicenses.length == 0 ? 1 : _openLicenses[seed % _openLicenses.length]);
        _trespassCapsules(_capsule(seed), offerId);
        _trespassMeters(_operators[seed % 2]);
        _did("trespass");
    }

    /// @param operator also of the other meter: a stolen key takes over neither
    function _trespassMeters(address operator) private {
        for (uint32 id = 1; id <= 2; ++id) {
            callAs(
                operator,
                address(ledger),
                abi.encodeCall(ledger.setMeter, (id, operator, operator, "")),
                abi.encodeWithSelector(IUsageLedger.CallerNotMeterOwner.selector, id, operator),
                "Only the owner changes a meter"
            );
        }
    }

    function _trespassRouter(uint64 offerId) private {
        address target = address(router);
        bytes memory notAdmin = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector,
            STRANGER,
            bytes32(0)
        );
        bytes memory notLicenses = abi.encodeWithSelector(
            ISettlementRouter.CallerNotLicenses.selector,
            STRANGER
        );
        _mustFail(
            target,
            abi.encodeCall(router.release, (offerId, 0, STRANGER)),
            abi.encodeWithSelector(ISettlementRouter.CallerNotOfferLedger.selector, offerId, STRANGER)
        );
        _mustFail(target, abi.encodeCall(router.refund, (offerId, STRANGER, 0, 0)), notLicenses);
        _mustFail(target, abi.encodeCall(router.setApplicationShare, (5_000)), notAdmin);
        _mustFail(target, abi.encodeCall(router.setSectorShare, (1, STRANGER, 5_000)), notAdmin);
        _mustFail(target, abi.encodeCall(router.setLicenses, (STRANGER)), notAdmin);
        ISettlementRouter.Deposit memory order = ISettlementRouter.Deposit(
            offerId,
            1,
            address(usd),
            0,
            STRANGER,
            bytes32(0)
        );
        _mustFail(target, abi.encodeCall(router.deposit, (order, "")), notLicenses);
        OfferModel storage offer = _offers[offerId - 1];
        uint256 held = _held(offer);
        // Anyone may sweep a retired offer.
        if (offer.retired && offer.escrow > held) return;
        _mustFail(
            target,
            abi.encodeCall(router.sweep, (offerId)),
            offer.retired
                ? abi.encodeWithSelector(
                    ISettlementRouter.EscrowNothingToSweep.selector,
                    offerId,
                    offer.escrow,
                    held
                )
                : abi.encodeWithSelector(ISettlementRouter.EscrowOfferForSale.selector, offerId)
        );
    }

    /// @param id an open license, or license 1
    function _trespassLicenses(uint64 id) private {
        (bytes4 ledgerOnly, bytes4 holderOnly) = (
            ILicenseNFT.CallerNotLicenseLedger.selector,
            ILicenseNFT.CallerNotLicenseHolder.selector
        );
        _mustFailAt(id, abi.encodeCall(licenses.close, (id, 0)), ledgerOnly);
        if (_openLicenses.length != 0)
            _mustFailAt(id, abi.encodeCall(licenses.confirmSigner, (id, uint56(1))), ledgerOnly);
        _mustFailAt(id, abi.encodeCall(licenses.setSigner, (id, STRANGER)), holderOnly);
        _mustFailAt(id, abi.encodeCall(licenses.requestClose, (id)), holderOnly);
        _mustFailAt(id, abi.encodeCall(licenses.revoke, (id)), ILicenseNFT.CallerNotLicensor.selector);
    }

    /// @param refusal of a license that exists
    function _mustFailAt(uint64 id, bytes memory data, bytes4 refusal) private {
        _mustFail(
            address(licenses),
            data,
            _openLicenses.length == 0
                ? abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, id)
                : abi.encodeWithSelector(refusal, id, STRANGER)
        );
    }

    function _trespassCapsules(uint64 capsuleId, uint64 offerId) private {
        _mustFail(
            address(capsules),
            abi.encodeCall(capsules.setShares, (capsuleId, new ICapsuleRegistry.ShareRow[](0))),
            abi.encodeWithSelector(ICapsuleRegistry.CallerNotCapsuleOwner.selector, capsuleId, STRANGER)
        );
        _mustFail(
            address(terms),
            abi.encodeCall(terms.retireOffer, (offerId)),
            abi.encodeWithSelector(
                ITermsRegistry.OfferCallerNotCapsuleOwner.selector,
                _offers[offerId - 1].capsuleId,
                STRANGER
            )
        );
    }
}
