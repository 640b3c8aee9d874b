// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {OfferHandler} from "./OfferHandler.sol";

/// @notice People buy licenses, change them, and end them.
abstract contract LicenseHandler is OfferHandler {
    uint256 private constant MAX_OPEN_LICENSES = 12;
    bytes32 private constant CONSENT_TYPEHASH = keccak256(
        "CloseConsent(uint256 licenseId,uint64 maxUnits,uint40 expiry,uint56 changes,uint256 deadline)"
    );

    constructor() {
        _add(LicenseHandler.mint.selector, 2);
        _add(LicenseHandler.topUp.selector, 1);
        _add(LicenseHandler.renew.selector, 3);
        _add(LicenseHandler.setSigner.selector, 1);
        _add(LicenseHandler.transferLicense.selector, 1);
        _add(LicenseHandler.requestClose.selector, 1);
        _add(LicenseHandler.revoke.selector, 1);
        _add(LicenseHandler.close.selector, 1);
        _add(LicenseHandler.closeWithin.selector, 2);
        _add(LicenseHandler.lapse.selector, 2);
        string[10] memory outcomes = [
            "mint",
            "topUp",
            "renew",
            "renewEarly",
            "setSigner",
            "transferLicense",
            "requestClose",
            "revoke",
            "close",
            "closeWithin"
        ];
        for (uint256 i; i < outcomes.length; ++i) {
            _expect(outcomes[i], 5);
            _expect(_inPause(outcomes[i]), 1);
        }
        // Too seldom in a pause: that is half a year after the expiry.
        _expect("lapse", 5);
    }

    // Buying

    function mint(uint256 seed) external warped {
        _mint(seed);
    }

    function _mint(uint256 seed) internal {
        uint64 offerId = _offer(seed);
        if (offerId == 0 || _openLicenses.length == MAX_OPEN_LICENSES) return;
        OfferModel storage offer = _offers[offerId - 1];
        uint64 units = _amountOfUnits(offer, seed >> 64, _conditions[offer.terms].maxUnits);
        (address payer, address to) = (_person(seed >> 128), _person(seed >> 136));
        address signer = (seed >> 144) % 2 == 0 ? address(0) : _person(seed >> 152);
        uint128 price = uint128(_fund(offer, payer, units));
        VM.prank(payer);
        uint64 id = licenses.mint(ILicenseNFT.MintParams(offerId, to, signer, units, price), "");
        LicenseModel storage license = _licenses.push();
        (license.offerId, license.prepaid, license.bought, license.holder) = (offerId, units, units, to);
        license.signer = signer == address(0) ? to : signer;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _openLicenses.push(id);
        _did("mint");
    }

    /// @dev Up to the maximum, or to a price of 2^90 base units: a version's revenue has 120 bits for the whole walk.
    function _amountOfUnits(
        OfferModel storage offer,
        uint256 seed,
        uint256 maximum
    ) private view returns (uint64) {
        uint256 affordable = offer.price == 0 ? maximum : (2 ** 90 * MILLION) / offer.price;
        if (affordable < maximum) maximum = affordable;
        return
            uint64(
                bound(
                    seed,
                    1,
                    seed % 3 == 0
                        ? maximum
                        : maximum < 100
                            ? maximum
                            : 100
                )
            );
    }

    function _fund(OfferModel storage offer, address payer, uint256 units) private returns (uint256 price) {
        price = priceUp(units, offer.price);
        offer.token.mint(payer, price);
        _modelDeposit(offer, units, price);
    }

    function topUp(uint256 seed) external warped {
        uint64 id = _find(seed, _canAddUnits);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint48 maxUnits = _conditions[offer.terms].maxUnits;
        uint64 room = maxUnits - license.bought;
        callAs(
            license.holder,
            address(licenses),
            abi.encodeCall(licenses.topUp, (id, room + 1, type(uint128).max, "")),
            abi.encodeWithSelector(
                ILicenseNFT.LicenseUnitsExceedTerms.selector,
                uint256(maxUnits) + 1,
                maxUnits
            ),
            "No term has more units than the terms permit"
        );
        if (room == 0) return;
        uint64 units = _amountOfUnits(offer, seed >> 64, room);
        // Anyone may pay. If nothing is to pay, only the holder adds units.
        address payer = offer.price == 0 ? license.holder : _person(seed >> 128);
        uint256 price = _fund(offer, payer, units);
        VM.prank(payer);
        licenses.topUp(id, units, uint128(price), "");
        license.prepaid += units;
        license.bought += units;
        _did("topUp");
    }

    function _canAddUnits(LicenseModel storage license) internal view returns (bool) {
        return
            !license.closing &&
            !_offers[license.offerId - 1].retired &&
            block.timestamp <= _windowEnd(license);
    }

    function renew(uint256 seed) external warped {
        _renewEarly(seed);
        uint64 id = _find(seed, _canRenew);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint64 units = _amountOfUnits(offer, seed >> 64, _conditions[offer.terms].maxUnits);
        uint256 price = _fund(offer, license.holder, units);
        VM.prank(license.holder);
        licenses.renew(id, units, uint128(price), "");
        license.prepaid += units;
        license.bought = units;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _did("renew");
    }

    function _canRenew(LicenseModel storage license) internal view returns (bool) {
        return _canAddUnits(license) && block.timestamp >= _renewableFrom(license);
    }

    function _renewableFrom(LicenseModel storage license) private view returns (uint256) {
        return license.expiry - _conditionsOf(license).duration / 2;
    }

    function _renewEarly(uint256 seed) private {
        uint64 id = _find(seed, _isEarlyToRenew);
        if (id == 0) return;
        callAs(
            _licenses[id - 1].holder,
            address(licenses),
            abi.encodeCall(licenses.renew, (id, 1, type(uint128).max, "")),
            abi.encodeWithSelector(
                ILicenseNFT.LicenseRenewalEarly.selector,
                id,
                _renewableFrom(_licenses[id - 1])
            ),
            "A term is renewed in its second half at the earliest"
        );
        _did("renewEarly");
    }

    function _isEarlyToRenew(LicenseModel storage license) internal view returns (bool) {
        return _canAddUnits(license) && block.timestamp < _renewableFrom(license);
    }

    // Changing

    function setSigner(uint256 seed) external warped {
        uint64 id = _find(seed, _any);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        address signer = _person(seed >> 64);
        VM.prank(license.holder);
        licenses.setSigner(id, signer);
        _modelSignerChange(license, signer);
        _did("setSigner");
    }

    function transferLicense(uint256 seed) external warped {
        uint64 id = _find(seed, _isTransferable);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        address to = _person(seed >> 64);
        VM.prank(license.holder);
        licenses.transferFrom(license.holder, to, id);
        license.holder = to;
        _modelSignerChange(license, to);
        _did("transferLicense");
    }

    function _isTransferable(LicenseModel storage license) internal view returns (bool) {
        return _conditionsOf(license).transferable;
    }

    // Ending

    function requestClose(uint256 seed) external warped {
        uint64 id = _find(seed, _isInService);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        VM.prank(license.holder);
        licenses.requestClose(id);
        (license.closing, license.expiry) = (true, block.timestamp);
        _did("requestClose");
    }

    function _isInService(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp < license.expiry;
    }

    function revoke(uint256 seed) external warped {
        uint64 id = _find(seed, _isRevocable);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        VM.prank(_ownerOf(offer.capsuleId));
        licenses.revoke(id);
        uint256 end = block.timestamp + _conditions[offer.terms].revocationNotice;
        if (end < license.expiry) license.expiry = end;
        license.closing = true;
        _did("revoke");
    }

    function _isRevocable(LicenseModel storage license) internal view returns (bool) {
        return !license.closing && _conditionsOf(license).revocationNotice != IRREVOCABLE;
    }

    function close(uint256 seed) external warped {
        uint64 id = _find(seed, _canClose);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        VM.prank(_person(seed >> 64));
        ledger.close(id);
        _modelRefund(offer, license.holder, license.prepaid - license.used);
        _modelBurn(id);
        _did("close");
    }

    function _canClose(LicenseModel storage license) internal view returns (bool) {
        return license.word == 0 && _isInClosingTime(license);
    }

    function _isInClosingTime(LicenseModel storage license) private view returns (bool) {
        return block.timestamp > _windowEnd(license) && block.timestamp <= _lapsesAfter(license);
    }

    /// @dev By anybody, with the holder's consent. The price of units between use and bound stays with the offer.
    function closeWithin(uint256 seed) external warped {
        uint64 id = _find(seed, _canCloseWithin);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint64 maxUnits = uint64(bound(seed >> 64, license.used, license.prepaid));
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.close, (id)),
            abi.encodeWithSelector(IUsageLedger.OpeningNeeded.selector, id)
        );
        _mustNotConsent(id, maxUnits, "");
        _mustNotConsent(id, maxUnits, _consentOf(id, maxUnits, license.expiry - 1, license.changes));
        if (license.changes != 0)
            _mustNotConsent(id, maxUnits, _consentOf(id, maxUnits, license.expiry, license.changes - 1));
        bytes memory consent = _consentOf(id, maxUnits, license.expiry, license.changes);
        IUsageLedger.Groth16Proof memory proof;
        VM.prank(_person(seed >> 128));
        ledger.closeWithin(id, maxUnits, proof, block.timestamp, consent);
        _modelRefund(_offers[license.offerId - 1], license.holder, license.prepaid - maxUnits);
        _modelBurn(id);
        _did("closeWithin");
    }

    /// @dev A consent of an earlier term, or before a change of signer, is none.
    function _mustNotConsent(uint64 id, uint64 maxUnits, bytes memory consent) private {
        IUsageLedger.Groth16Proof memory proof;
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.closeWithin, (id, maxUnits, proof, block.timestamp, consent)),
            abi.encodeWithSelector(IUsageLedger.CloseConsentInvalid.selector, id, _licenses[id - 1].holder)
        );
    }

    function _consentOf(
        uint64 id,
        uint64 maxUnits,
        uint256 expiry,
        uint56 changes
    ) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(CONSENT_TYPEHASH, id, maxUnits, expiry, changes, block.timestamp)
        );
        uint256 key = _keys[_licenses[id - 1].holder];
        (uint8 v, bytes32 r, bytes32 s) = signStruct(address(ledger), key, structHash);
        return abi.encodePacked(r, s, v);
    }

    function _canCloseWithin(LicenseModel storage license) internal view returns (bool) {
        return license.word != 0 && _isInClosingTime(license);
    }

    /// @dev Lapses all licenses it can, so that an offer is sometimes left without any.
    function lapse(uint256 seed) external warped {
        for (uint64 id = _find(seed, _hasLapsed); id != 0; id = _find(seed, _hasLapsed)) {
            VM.prank(_person(seed >> 64));
            licenses.lapse(id);
            _modelBurn(id);
            _did("lapse");
        }
    }

    function _hasLapsed(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp > _lapsesAfter(license);
    }
}
