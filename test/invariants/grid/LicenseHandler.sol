// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {OfferHandler} from "./OfferHandler.sol";

/// @notice People buy licenses, change them, and end them.
abstract contract LicenseHandler is OfferHandler {
    uint256 private constant MAX_OPEN_LICENSES = 12;

    constructor() {
        _add(LicenseHandler.mint.selector, 2);
        _add(LicenseHandler.topUp.selector, 1);
        _add(LicenseHandler.renew.selector, 1);
        _add(LicenseHandler.setSigner.selector, 1);
        _add(LicenseHandler.transferLicense.selector, 1);
        _add(LicenseHandler.requestClose.selector, 1);
        _add(LicenseHandler.revoke.selector, 1);
        _add(LicenseHandler.close.selector, 1);
        _add(LicenseHandler.closeWithin.selector, 2);
        _add(LicenseHandler.lapse.selector, 2);
        string[9] memory outcomes = [
            "mint",
            "topUp",
            "renew",
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
        uint64 offerId = _offer(seed);
        if (offerId == 0 || _openLicenses.length == MAX_OPEN_LICENSES) return;
        OfferModel storage offer = _offers[offerId - 1];
        uint64 units = _amountOfUnits(seed >> 64, _conditions[offer.terms].maxUnits);
        (address payer, address to) = (_person(seed >> 128), _person(seed >> 136));
        address signer = (seed >> 144) % 2 == 0 ? address(0) : _person(seed >> 152);
        uint128 price = uint128(_fund(offer, payer, units));
        VM.prank(payer);
        uint64 id = licenses.mint(ILicenseNFT.MintParams(offerId, to, signer, units, price), "");
        LicenseModel storage license = _licenses.push();
        (license.offerId, license.prepaid, license.holder) = (offerId, units, to);
        license.signer = signer == address(0) ? to : signer;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _openLicenses.push(id);
        ++offer.open;
        _did("mint");
    }

    function _amountOfUnits(uint256 seed, uint256 maximum) private pure returns (uint64) {
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
        price = units * offer.price;
        offer.token.mint(payer, price);
        _paidIn[offer.token] += price;
    }

    function topUp(uint256 seed) external warped {
        uint64 id = _find(seed, _canAddUnits);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 room = _conditions[offer.terms].maxUnits - license.prepaid;
        if (room == 0) return;
        uint64 units = _amountOfUnits(seed >> 64, room);
        // Anyone may pay. If nothing is to pay, only the holder adds units.
        address payer = offer.price == 0 ? license.holder : _person(seed >> 128);
        uint256 price = _fund(offer, payer, units);
        VM.prank(payer);
        licenses.topUp(id, units, uint128(price), "");
        license.prepaid += units;
        _did("topUp");
    }

    function _canAddUnits(LicenseModel storage license) internal view returns (bool) {
        return
            !license.closing &&
            !_offers[license.offerId - 1].retired &&
            block.timestamp <= _windowEnd(license);
    }

    function renew(uint256 seed) external warped {
        uint64 id = _find(seed, _canAddUnits);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 room = _conditions[offer.terms].maxUnits - license.prepaid;
        if (room == 0) return;
        uint64 units = _amountOfUnits(seed >> 64, room);
        uint256 price = _fund(offer, license.holder, units);
        VM.prank(license.holder);
        licenses.renew(id, units, uint128(price), "");
        license.prepaid += units;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _did("renew");
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
        return _conditions[_offers[license.offerId - 1].terms].transferable;
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
        return
            !license.closing &&
            _conditions[_offers[license.offerId - 1].terms].revocationNotice != IRREVOCABLE;
    }

    function close(uint256 seed) external warped {
        uint64 id = _find(seed, _canClose);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        VM.prank(_person(seed >> 64));
        ledger.close(id);
        _withdrawable[license.holder][offer.token] += (license.prepaid - license.used) * offer.price;
        _modelBurn(id);
        _did("close");
    }

    function _canClose(LicenseModel storage license) internal view returns (bool) {
        return license.word == 0 && _isInClosingTime(license);
    }

    function _isInClosingTime(LicenseModel storage license) private view returns (bool) {
        return block.timestamp > _windowEnd(license) && block.timestamp <= _lapsesAfter(license);
    }

    /// @dev The price of units between use and bound stays with the offer.
    function closeWithin(uint256 seed) external warped {
        uint64 id = _find(seed, _canCloseWithin);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 maxUnits = bound(seed >> 64, license.used, license.prepaid);
        IUsageLedger.Groth16Proof memory proof;
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.close, (id)),
            abi.encodeWithSelector(IUsageLedger.OpeningNeeded.selector, id)
        );
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.closeWithin, (id, uint64(maxUnits), proof, "")),
            abi.encodeWithSelector(IUsageLedger.CloseConsentInvalid.selector, id, license.holder)
        );
        VM.prank(license.holder);
        ledger.closeWithin(id, uint64(maxUnits), proof, "");
        _withdrawable[license.holder][offer.token] += (license.prepaid - maxUnits) * offer.price;
        offer.lapsed += (maxUnits - license.used) * offer.price;
        _modelBurn(id);
        _did("closeWithin");
    }

    function _canCloseWithin(LicenseModel storage license) internal view returns (bool) {
        return license.word != 0 && _isInClosingTime(license);
    }

    /// @dev Lapses all licenses it can, so that an offer is sometimes left without any.
    function lapse(uint256 seed) external warped {
        for (uint64 id = _find(seed, _hasLapsed); id != 0; id = _find(seed, _hasLapsed)) {
            LicenseModel storage license = _licenses[id - 1];
            OfferModel storage offer = _offers[license.offerId - 1];
            VM.prank(_person(seed >> 64));
            licenses.lapse(id);
            offer.lapsed += (license.prepaid - license.used) * offer.price;
            _modelBurn(id);
            _did("lapse");
        }
    }

    function _hasLapsed(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp > _lapsesAfter(license);
    }
}
